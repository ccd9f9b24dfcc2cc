import { test } from 'node:test';
import { checkScript } from './draw-script.ts';

test('programs that run another', () => {
  checkScript(String.raw`sudo -E -u root A=1 apt-get install curl && doas -u x b
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ sudo | -E | -u | root | A=1 | apt-get | install | curl
                ^^^^^^^^^^^^^^^^^^^^^^^^ A=1 apt-get | install | curl by sudo
                                            ^^^^^^^^^^^ && doas | -u | x | b
                                                      ^ && b by doas
`);
  checkScript(String.raw`env -i -u X A=1 B=2 c d; env D=1; env
^^^^^^^^^^^^^^^^^^^^^^^ env | -i | -u | X | A=1 | B=2 | c | d
            ^^^^^^^^^^^ A=1 B=2 c | d by env
                         ^^^^^^^ ; env | D=1
                                  ^^^ ; env
`);
  checkScript(String.raw`nice -n 5 a; nice -10 b; ionice -c 3 c; nohup d &
^^^^^^^^^^^ nice | -n | 5 | a
          ^ a by nice
             ^^^^^^^^^^ ; nice | -10 | b
                      ^ ; b by nice
                         ^^^^^^^^^^^^^ ; ionice | -c | 3 | c
                                     ^ ; c by ionice
                                        ^^^^^^^ ; nohup | d
                                              ^ ; d by nohup
`);
  checkScript(String.raw`time -f %e a; timeout -k 5 10s b; stdbuf -oL c; setsid d
^^^^^^^^^^^^ time | -f | %e | a
           ^ a by time
              ^^^^^^^^^^^^^^^^^^ ; timeout | -k | 5 | 10s | b
                               ^ ; b by timeout
                                  ^^^^^^^^^^^^ ; stdbuf | -oL | c
                                             ^ ; c by stdbuf
                                                ^^^^^^^^ ; setsid | d
                                                       ^ ; d by setsid
`);
  checkScript(String.raw`find . | xargs -0 -n 1 -I {} rm -rf {}
^^^^^^ find | .
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ | xargs | -0 | -n | 1 | -I | {} | rm | -rf | {}
                             ^^^^^^^^^ | rm | -rf | {} by xargs
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ pipeline find, xargs
`);
  checkScript(String.raw`exec a; exec > b; command c; command -v d; builtin e
^^^^^^ exec | a
     ^ a by exec
        ^^^^^^^^ ; exec >b
                  ^^^^^^^^^ ; command | c
                          ^ ; c by command
                             ^^^^^^^^^^^^ ; command | -v | d
                                           ^^^^^^^^^ ; builtin | e
                                                   ^ ; e by builtin
`);
  checkScript(String.raw`gosu app a; su-exec app:app b; setpriv --reuid=1 --regid 2 c; chroot --userspec=1:2 /mnt d
^^^^^^^^^^ gosu | app | a
         ^ a by gosu
            ^^^^^^^^^^^^^^^^^ ; su-exec | app:app | b
                            ^ ; b by su-exec
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ; setpriv | --reuid=1 | --regid | 2 | c
                                                           ^ ; c by setpriv
                                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ; chroot | --userspec=1:2 | /mnt | d
                                                                                         ^ ; d by chroot
`);
  checkScript(String.raw`tini -g -- a; dumb-init -- b; dumb-init c; busybox wget d
^^^^^^^^^^^^ tini | -g | -- | a
           ^ a by tini
              ^^^^^^^^^^^^^^ ; dumb-init | -- | b
                           ^ ; b by dumb-init
                              ^^^^^^^^^^^ ; dumb-init | c
                                        ^ ; c by dumb-init
                                           ^^^^^^^^^^^^^^ ; busybox | wget | d
                                                   ^^^^^^ ; wget | d by busybox
`);
  checkScript(String.raw`python3 -m pip install x; python -u -m flask run; python app.py -m x; python -c 'm'
^^^^^^^^^^^^^^^^^^^^^^^^ python3 | -m | pip | install | x
           ^^^^^^^^^^^^^ pip | install | x by python3
                          ^^^^^^^^^^^^^^^^^^^^^^ ; python | -u | -m | flask | run
                                       ^^^^^^^^^ ; flask | run by python
                                                  ^^^^^^^^^^^^^^^^^^ ; python | app.py | -m | x
                                                                      ^^^^^^^^^^^^^ ; python | -c | m
`);
  checkScript(String.raw`poetry run flask run; bundle exec rails s; conda run -n env python a.py; conda install run
^^^^^^^^^^^^^^^^^^^^ poetry | run | flask | run
           ^^^^^^^^^ flask | run by poetry
                      ^^^^^^^^^^^^^^^^^^^ ; bundle | exec | rails | s
                                  ^^^^^^^ ; rails | s by bundle
                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ; conda | run | -n | env | python | a.py
                                                            ^^^^^^^^^^^ ; python | a.py by conda
                                                                         ^^^^^^^^^^^^^^^^^ ; conda | install | run
`);
});

test('they may be nested', () => {
  checkScript(String.raw`sudo -H env A=1 nice timeout 5 apt-get update
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ sudo | -H | env | A=1 | nice | timeout | 5 | apt-get | update
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ env | A=1 | nice | timeout | 5 | apt-get | update by sudo
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ A=1 nice | timeout | 5 | apt-get | update by env
                     ^^^^^^^^^^^^^^^^^^^^^^^^ timeout | 5 | apt-get | update by nice
                               ^^^^^^^^^^^^^^ apt-get | update by timeout
`);
});

test('the inner command takes the place of the outer one', () => {
  checkScript(String.raw`a | sudo tee b > /dev/null && (sudo c)
^ a
    ^^^^^^^^^^^^^^^^^^^^^^ | sudo | tee | b >/dev/null
         ^^^^^ | tee | b by sudo
                               ^^^^^^ sudo | c [subshell]
                                    ^ c [subshell] by sudo
^^^^^^^^^^^^^^^^^^^^^^^^^^ pipeline a, sudo then &&
`);
});

test('find runs each of its actions', () => {
  checkScript(String.raw`find . -name x -exec rm -rf {} \; -o -execdir a {} +
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ find | . | -name | x | -exec | rm | -rf | {} | ; | -o | -execdir | a | {} | +
                     ^^^^^^^^^ rm | -rf | {} by find
                                              ^^^^ a | {} by find
`);
});

test('shells read strings', () => {
  checkScript(String.raw`sh -c 'a && b' && bash -lc "c | d" || /bin/bash -o pipefail -euxc 'e; f' name
^^^^^^^^^^^^^^ sh | -c | a && b
       ^ a [string] by sh
            ^ && b [string] by sh
                  ^^^^^^^^^^^^^^^^ && bash | -lc | c | d
                            ^ c [string] by bash
                                ^ | d [string] by bash
                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ || bash | -o | pipefail | -euxc | e; f | name
                                                                   ^ e [string] by bash
                                                                      ^ ; f [string] by bash
                            ^^^^^ pipeline c, d [string]
`);
  checkScript(String.raw`bash -c -e 'a'; sh script.sh -c 'b'; sh -e -- c; bash --rcfile x -c 'd'
^^^^^^^^^^^^^^ bash | -c | -e | a
            ^ a [string] by bash
                ^^^^^^^^^^^^^^^^^^^ ; sh | script.sh | -c | b
                                     ^^^^^^^^^^ ; sh | -e | -- | c
                                                 ^^^^^^^^^^^^^^^^^^^^^^ ; bash | --rcfile | x | -c | d
                                                                     ^ d [string] by bash
`);
  checkScript(String.raw`su - user -c 'a; b'; su user -s /bin/sh --command 'c'
^^^^^^^^^^^^^^^^^^^ su | - | user | -c | a; b
              ^ a [string] by su
                 ^ ; b [string] by su
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ; su | user | -s | /bin/sh | --command | c
                                                   ^ c [string] by su
`);
  checkScript(String.raw`eval 'a; b'; eval "$(c)"; eval d e; flock /x -c 'f'
^^^^^^^^^^^ eval | a; b
      ^ a [string] by eval
         ^ ; b [string] by eval
             ^^^^^^^^^^^ ; eval | ~$(c)
                   ^^^^ ? [string] by eval
                     ^ c [substitution]
                          ^^^^^^^^ ; eval | d | e
                               ^^^ ; d | e by eval
                                    ^^^^^^^^^^^^^^^ ; flock | /x | -c | f
                                                 ^ f [string] by flock
`);
});

test('strings have exact ranges whatever their quotes', () => {
  checkScript(String.raw`sh -c "echo \"a b\" && c 'd'" ; sh -c 'e'"f"' g'\''h'\'
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ sh | -c | echo "a b" && c 'd'
       ^^^^^^^^^^^^ echo | a b [string] by sh
                       ^^^^^ && c | d [string] by sh
                                ^^^^^^^^^^^^^^^^^^^^^^^ ; sh | -c | ef g'h'
                                       ^^^^^^^^^^^^^^^^ ef | gh [string] by sh
`);
  checkScript(String.raw`sh -c "a \
^^^^^^^^^^
       ^ a [string] by sh
 && b"
^^^^^^ sh | -c | a  && b
    ^ && b [string] by sh
`);
  checkScript(String.raw`sh -c "$A && b '$C'"; sh -c $D
^^^^^^^^^^^^^^^^^^^^ sh | -c | ~$A && b '$C'
       ^^ ? [string] by sh
             ^^^^^^ && b | $C [string] by sh
                      ^^^^^^^^ ; sh | -c | ~$D
                            ^^ ? [string] by sh
`);
});

test('strings within strings', () => {
  checkScript(String.raw`sudo sh -c "bash -c 'a && b'"
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ sudo | sh | -c | bash -c 'a && b'
     ^^^^^^^^^^^^^^^^^^^^^^^^ sh | -c | bash -c 'a && b' by sudo
            ^^^^^^^^^^^^^^^^ bash | -c | a && b [string] by sh
                     ^ a [string, string] by bash
                          ^ && b [string, string] by bash
`);
});

test('pipes in strings', () => {
  checkScript(String.raw`bash -c 'a | b' | c
^^^^^^^^^^^^^^^ bash | -c | a | b
         ^ a [string] by bash
             ^ | b [string] by bash
                  ^ | c
^^^^^^^^^^^^^^^^^^^ pipeline bash, c
         ^^^^^ pipeline a, b [string]
`);
});
