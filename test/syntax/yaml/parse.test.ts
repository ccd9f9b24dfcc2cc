import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commentsOf } from '../../../server/src/syntax/yaml/comments.ts';
import { parseYaml } from '../../../server/src/syntax/yaml/parse.ts';
import type { YamlNode } from '../../../server/src/syntax/yaml/tree.ts';
import { underline } from '../../../server/src/text/draw.ts';

/** One line for each node: what it is and the text it covers. */
function outline(text: string): string {
  const lines: string[] = [];
  const visit = (node: YamlNode, depth: number, label: string): void => {
    const covered = JSON.stringify(text.slice(node.range.start, node.range.end));
    const tag = node.kind !== 'alias' && node.tag !== undefined ? ` ${node.tag}` : '';
    const detail = node.kind === 'scalar' ? `${node.style} ${JSON.stringify(node.value)}` : node.kind;
    lines.push(`${'  '.repeat(depth)}${label}${detail}${tag} ${covered}`);
    if (node.kind === 'mapping') for (const { key, value } of node.pairs) visit(value, depth + 1, `${key.text}: `);
    if (node.kind === 'sequence') for (const item of node.items) visit(item, depth + 1, '- ');
  };
  for (const root of parseYaml(text).roots) visit(root, 0, '');
  return `\n${lines.join('\n')}\n`;
}

test('every node covers what is written', () => {
  assert.equal(
    outline(
      'a: 1 # one\nb:\n  - "x\\ty"\n  - [p, \'q\']\n\nc: |\n  text\n\nd: &d { e: true }\nf: *d\ng: !reset\nh: !override [~]\n"i": >-\n  folded\n  text\n',
    ),
    `
mapping "a: 1 # one\\nb:\\n  - \\"x\\\\ty\\"\\n  - [p, 'q']\\n\\nc: |\\n  text\\n\\nd: &d { e: true }\\nf: *d\\ng: !reset\\nh: !override [~]\\n\\"i\\": >-\\n  folded\\n  text"
  a: plain 1 "1"
  b: sequence "- \\"x\\\\ty\\"\\n  - [p, 'q']"
    - double "x\\ty" "\\"x\\\\ty\\""
    - sequence "[p, 'q']"
      - plain "p" "p"
      - single "q" "'q'"
  c: literal "text\\n" "|\\n  text"
  d: mapping "{ e: true }"
    e: plain true "true"
  f: alias "*d"
  g: plain "" !reset ""
  h: sequence !override "[~]"
    - plain undefined "~"
  i: folded "folded text" ">-\\n  folded\\n  text"
`,
  );
});

test('a byte order mark and Windows line breaks move nothing', () => {
  assert.equal(
    outline('\uFEFFa: 1\r\nb:\r\n  - c\r\n'),
    '\nmapping "a: 1\\r\\nb:\\r\\n  - c"\n  a: plain 1 "1"\n  b: sequence "- c"\n    - plain "c" "c"\n',
  );
});

test('each document is a root, and what is empty is none', () => {
  assert.equal(
    outline('a: 1\n---\nb: 2\n---\n# nothing\n'),
    '\nmapping "a: 1"\n  a: plain 1 "1"\nmapping "b: 2"\n  b: plain 2 "2"\n',
  );
  assert.equal(outline(''), '\n\n');
  assert.equal(outline('# only a comment\n'), '\n\n');
});

const errors = (text: string): string => underline(text, parseYaml(text).errors);

test('all errors are found, each on its own token', () => {
  assert.equal(
    errors('a: 1\na: 2\nb: *nowhere\nc: @at\nd: "\\q"\ne: [1\nf: 2\n'),
    `a: 1
a: 2
^ 'a' is here twice: remove or rename one of them
b: *nowhere
   ^^^^^^^^ '*nowhere' has no anchor: write it with '&' at what it stands for
c: @at
   ^ A value cannot begin with '@': put it in quotes
d: "\\q"
    ^^ '\\q' is not an escape: write '\\\\' or use single quotes
e: [1
f: 2
^ A bracket is not closed before this: add the missing ']'
`,
  );
});

test('comments are found, and what only looks like one is not', () => {
  const text = '# one\na: "# no" # two\nb: | # three\n  # no\nc: d#no\n{e: f} # four';
  assert.deepEqual(
    commentsOf(parseYaml('# one\na: "# no" # two\nb: | # three\n  # no\nc: d#no\r\n# four')).map(
      ({ range, text: comment }) => [range.start, comment],
    ),
    [
      [0, ' one'],
      [text.indexOf('# two'), ' two'],
      [text.indexOf('# three'), ' three'],
      [text.indexOf('{e: f}') + 1, ' four'],
    ],
  );
});

test('what is nested deeper than it can follow is said so', () => {
  const { errors } = parseYaml('['.repeat(100_000));
  assert.deepEqual(
    [...new Set(errors.map(({ message }) => message))].filter((message) => !message.startsWith('A bracket')),
    ['This is nested too deeply to be read: make it flatter'],
  );
});

test('no text makes it throw, and every range lies within the text', () => {
  const full =
    'services:\n  web: &w\n    <<: *x\n    image: "nginx"\n    command: |\n      a\n    ports: [80, {a: b}]\n  ? key\n  : !tag value\n---\n- \t- @\n';
  const texts = [
    ...Array.from(full, (_, i) => full.slice(0, i)),
    ...Array.from(full, (_, i) => full.slice(i)),
    '['.repeat(2000),
    '- '.repeat(3000),
    '%x',
    '\0',
    '\uFEFF',
  ];
  for (const text of texts) {
    const tree = parseYaml(text);
    const visit = (node: YamlNode): void => {
      assert.ok(node.range.start >= 0 && node.range.start <= node.range.end && node.range.end <= text.length, text);
      if (node.kind === 'mapping') for (const { key, value } of node.pairs) [key, value].forEach(visit);
      if (node.kind === 'sequence') node.items.forEach(visit);
    };
    tree.roots.forEach(visit);
    for (const { range } of tree.errors) assert.ok(range.start >= 0 && range.end <= text.length, text);
    commentsOf(tree);
  }
});
