import { test } from 'node:test';
import { checkScript } from './draw-script.ts';

test('commands are joined by && || ; & and line breaks', () => {
  checkScript(String.raw`a && b || c; d & e
^ a
     ^ && b
          ^ || c
             ^ ; d
                 ^ & e
f
^ ; f
`);
});

test('a command has assignments, words and redirections', () => {
  checkScript(String.raw`DEBIAN_FRONTEND=noninteractive A= apt-get -y install curl >/dev/null 2>&1
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DEBIAN_FRONTEND=noninteractive A= apt-get | -y | install | curl >/dev/null 2>&1
`);
  checkScript(String.raw`> log 2>> errors make all < input
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ make | all >log 2>>errors <input
`);
  checkScript(String.raw`echo a > file b &> all
^^^^^^^^^^^^^^^^^^^^^^ echo | a | b >file &>all
`);
});

test('variables and redirections alone are commands without words', () => {
  checkScript(String.raw`A=1; B=2 C=3; > file
^^^ A=1 ?
     ^^^^^^^ ; B=2 C=3 ?
              ^^^^^^ ; ? >file
`);
});

test('export, unset and test are commands', () => {
  checkScript(String.raw`export A=1 B; readonly C=2 && unset D
^^^^^^^^^^^^ export | A=1 | B
              ^^^^^^^^^^^^ ; readonly | C=2
                              ^^^^^^^ && unset | D
`);
  checkScript(String.raw`[ -f /x ] && [[ $a == b* && ! -d c ]] || test -n "$d"
^^^^^^^^^ [ | -f | /x | ]
             ^^^^^^^^^^^^^^^^^^^^^^^^ && [[ | ~$a | == | b* | && | ! | -d | c | ]]
                                         ^^^^^^^^^^^^ || test | -n | ~$d
`);
});

test('a program is known by its name without folders and quotes', () => {
  checkScript(String.raw`/usr/bin/apt-get "x"; 'np''m' ci; $HOME/bin/pip list; $PIP list; "$DIR/$TOOL" run
^^^^^^^^^^^^^^^^^^^^ apt-get | x
                      ^^^^^^^^^^ ; npm | ci
                                  ^^^^^^^^^^^^^^^^^^ ; pip | list
                                                      ^^^^^^^^^ ; ? | list
                                                                 ^^^^^^^^^^^^^^^^ ; ? | run
`);
});

test('words lose quotes and escapes', () => {
  checkScript(String.raw`echo 'a b' "c \"d\" \n" e\ f $'g\th' --flag="i j" x'y'"z" \; {}
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ echo | a b | c "d" \n | e f | g	h | --flag=i j | xyz | ; | {}
`);
  checkScript(String.raw`echo $A "${'${'}B:-c d}" "e$(f g)" $((1 + 2)) *.txt {a,b} ~ '$lit' "\$lit" 5$
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ echo | ~$A | ~${'${'}B:-c d} | ~e$(f g) | ~$((1 + 2)) | *.txt | {a,b} | ~ | $lit | $lit | 5$
                        ^^^ f | g [substitution]
`);
});

test('continuations vanish from words but not from ranges', () => {
  checkScript(String.raw`apt-get inst\
^^^^^^^^^^^^^
all -y \
^^^^^^^^
    curl \
^^^^^^^^^^
    w'g\
^^^^^^^^
et'
^^^ apt-get | install | -y | curl | wget
`);
});

test('pipelines know what follows them', () => {
  checkScript(String.raw`a | b && c |& d || true
^ a
    ^ | b
         ^ && c
              ^ |& d
                   ^^^^ || true
^^^^^ pipeline a, b then &&
         ^^^^^^ pipeline c, d then ||
`);
  checkScript(String.raw`a | b; c | d &
^ a
    ^ | b
       ^ ; c
           ^ | d
^^^^^ pipeline a, b then ;
       ^^^^^ pipeline c, d then &
e | f
^ & e
    ^ | f
^^^^^ pipeline e, f
`);
  checkScript(String.raw`! a | b
  ^ a
      ^ | b
  ^^^^^ pipeline a, b
`);
});

test('a pipeline has the commands of its compounds', () => {
  checkScript(String.raw`curl x | (cd / && tar -x)
^^^^^^ curl | x
          ^^^^ cd | / [subshell]
                  ^^^^^^ && tar | -x [subshell]
^^^^^^^^^^^^^^^^^^^^^^^^^ pipeline curl, cd, tar
`);
  checkScript(String.raw`cat x | while read -r l; do echo "$l"; done | { tee y; sort; }
^^^^^ cat | x
              ^^^^^^^^^ read | -r | l [loop]
                            ^^^^^^^^^ echo | ~$l [loop]
                                                ^^^^^ tee | y [group]
                                                       ^^^^ ; sort [group]
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ pipeline cat, read, echo, tee, sort
`);
});

test('a pipe inside a construct is a pipeline of its own', () => {
  checkScript(String.raw`if a | b; then (c | d); fi
   ^ a [if]
       ^ | b [if]
                ^ c [if, subshell]
                    ^ | d [if, subshell]
   ^^^^^ pipeline a, b [if]
                ^^^^^ pipeline c, d [if, subshell]
`);
});

test('subshells, groups, conditions and loops are told', () => {
  checkScript(String.raw`(a; b) && { c; d; } > e
 ^ a [subshell]
    ^ ; b [subshell]
            ^ c [group]
               ^ ; d [group]
`);
  checkScript(String.raw`if a; then b; elif c && d; then e; else f; fi; g
   ^ a [if]
           ^ b [if]
                   ^ c [if]
                        ^ && d [if]
                                ^ e [if]
                                        ^ f [if]
                                               ^ ; g
`);
  checkScript(String.raw`for i in x $(y); do z "$i"; done && while a; do b; done; until c; do d; done
             ^ y [loop, substitution]
                    ^^^^^^ z | ~$i [loop]
                                          ^ a [loop]
                                                ^ b [loop]
                                                               ^ c [loop]
                                                                     ^ d [loop]
`);
  checkScript(String.raw`case "$x" in
  a|b) c; d ;;
       ^ c [case]
          ^ ; d [case]
  *) e ;;
     ^ e [case]
esac
`);
  checkScript(String.raw`f() { a; }; function g { b; }; f
      ^ a [function]
                         ^ b [function]
                               ^ ; f
`);
});

test('substitutions are read wherever they stand', () => {
  checkScript(String.raw`echo "a $(b | c) d" ${'`'}e f${'`'} <(g) && X=$(h) Y="$(i $(j))" k > "$(l)"
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ echo | ~a $(b | c) d | ~${'`'}e f${'`'} | ~<(g)
          ^ b [substitution]
              ^ | c [substitution]
                     ^^^ e | f [substitution]
                            ^ g [substitution]
                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ && X=$(h) Y=$(i $(j)) k >$(l)
                                      ^ h [substitution]
                                              ^^^^^^ i | ~$(j) [substitution]
                                                  ^ j [substitution, substitution]
                                                              ^ l [substitution]
          ^^^^^ pipeline b, c [substitution]
`);
});

test("the body of a heredoc is nobody's business", () => {
  checkScript(String.raw`cat <<EOF > /etc/x && chmod 1 /etc/x
^^^^^^^^^^^^^^^^^^ cat <<EOF >/etc/x
                      ^^^^^^^^^^^^^^ && chmod | 1 | /etc/x
curl | sh $(a)
            ^ a [substitution]
EOF
b
^ ; b
`);
  checkScript(String.raw`tee <<-'EOF' /etc/x | b
^^^^^^^^^^^^^^^^^^^ tee | /etc/x <<-EOF
                      ^ | b
^^^^^^^^^^^^^^^^^^^^^^^ pipeline tee, b
	c
	EOF
`);
});

test('the body of a heredoc that a shell reads is a script', () => {
  checkScript(String.raw`bash -e <<EOF
^^^^^^^^^^^^^ bash | -e <<EOF
a && b
^ a [heredoc] by bash
     ^ && b [heredoc] by bash
c | d
^ ; c [heredoc] by bash
    ^ | d [heredoc] by bash
^^^^^ pipeline c, d [heredoc]
EOF
`);
  checkScript(String.raw`cat <<'EOF' | sudo sh -s arg || e
^^^^^^^^^^^ cat <<EOF
              ^^^^^^^^^^^^^^ | sudo | sh | -s | arg
                   ^^^^^^^^^ | sh | -s | arg by sudo
                                ^ || e
^^^^^^^^^^^^^^^^^^^^^^^^^^^^ pipeline cat, sudo then ||
a
^ a [heredoc] by sh
EOF
`);
  checkScript(String.raw`python3 <<EOF
^^^^^^^^^^^^^ python3 <<EOF
import os
EOF
bash script <<EOF
^^^^^^^^^^^^^^^^^ ; bash | script <<EOF
input
EOF
`);
});

test('a heredoc may come before its command', () => {
  checkScript(String.raw`<<EOF bash -e
^^^^^^^^^^^^^ bash | -e <<EOF
apt-get update
^^^^^^^^^^^^^^ apt-get | update [heredoc] by bash
EOF
`);
});

test('comments are no commands', () => {
  checkScript(String.raw`# first
a # second
^ a
# third; b
c
^ ; c
`);
});

test('what is broken is told, and the rest is read', () => {
  checkScript(String.raw`apt-get update && apt-get install -y curl && 
^^^^^^^^^^^^^^ apt-get | update
                  ^^^^^^^^^^^^^^^^^^^^^^^ && apt-get | install | -y | curl
                                            ^ error
`);
  checkScript(String.raw`if a; then b && c
   ^ a [if]
           ^ b [if]
                ^ && c [if]
                 ^ error
`);
  checkScript(String.raw`a && (b; c
^ a
      ^ b [subshell]
         ^ ; c [subshell]
          ^ error
`);
  checkScript(String.raw`echo "a
^^^^ echo
     ^^ error
`);
  checkScript(String.raw`a ) b
^^^^^ a | b
  ^ error
`);
});
