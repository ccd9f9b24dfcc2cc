import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layersOf, type ImageLayers } from '../../../client/src/image/layers.ts';
import { layerPage } from '../../../client/src/image/page.ts';
import { reportOf, type LayerReport } from '../../../client/src/image/report.ts';
import { deltaText, sizeText } from '../../../client/src/image/size.ts';
import { spokenRow } from '../../../client/src/image/spoken.ts';

type Line = readonly [createdBy: string, bytes: number];

function built(text: string, lines: readonly Line[], copiedAlong: readonly string[] = []): ImageLayers {
  const history = lines.map(([createdBy, bytes]) => ({ createdBy, bytes }));
  const facts = { id: JSON.stringify(lines), tags: [], diffIds: [], environment: new Map<string, string>() };
  const source = { uri: 'file:///d/Dockerfile', text, arguments: new Map<string, string>(), copiedAlong };
  return { ...layersOf('app:1', history, facts, source), at: 0 };
}

/** What the tree shows, as text. */
function drawn({ layers, rows, comparison, emptyCount }: LayerReport): string {
  const change = comparison ? ` ${deltaText(layers.total - comparison.total)}` : '';
  return [
    `${sizeText(layers.total)}${change}`,
    ...rows.flatMap((row) => {
      const delta =
        row.delta === undefined ? '' : ` ${typeof row.delta === 'number' ? deltaText(row.delta) : row.delta}`;
      const stage = row.stage === undefined ? '' : ` [${row.stage}]`;
      const advice = row.advice.map(({ message, rule }) => `  ! ${message}${rule === undefined ? '' : ` (${rule})`}`);
      return [`${row.text}: ${sizeText(row.bytes)}${delta}${stage}`, ...advice];
    }),
    ...(comparison?.gone ?? []).map(({ text, bytes }) => `gone ${text}: ${sizeText(bytes)}`),
    ...(emptyCount > 0 ? [`${emptyCount} empty`] : []),
  ].join('\n');
}

const run = (text: string): string => `RUN /bin/sh -c ${text} # buildkit`;
const mega = 1_000_000;

test('the base image, stages and instructions each have their row', () => {
  const text = 'FROM node:22 AS a\nWORKDIR /x\nRUN one && \\\n  two\nFROM a\nRUN three\nCMD x\n';
  const lines: Line[] = [
    ['# debian', 30 * mega],
    [run('node'), 20 * mega],
    ['WORKDIR /x', 0],
    [run('one && two'), 10 * mega],
    [run('three'), 500],
    ['CMD ["x"]', 0],
  ];
  const report = reportOf(built(text, lines));
  assert.equal(
    drawn(report),
    `60.0 MB
FROM node:22: 50.0 MB
RUN one && two: 10.0 MB [Stage 'a']
RUN three: 500 B [Final stage]
2 empty`,
  );
  assert.deepEqual(
    report.baseLayers.map(({ bytes }) => bytes / mega),
    [30, 20],
  );
  assert.deepEqual(
    report.rows.map((row) => spokenRow(row, report)),
    [
      'Base image, FROM node:22, 50.0 MB, 83% of the image',
      'RUN one && two, 10.0 MB, 17% of the image',
      'RUN three, 500 B, under 1% of the image',
    ],
  );
});

test('the build before is compared instruction by instruction, edits included', () => {
  const before = built('FROM a\nRUN one\nRUN two\nCOPY x y\nRUN old\n', [
    ['# a', 9 * mega],
    [run('one'), 4 * mega],
    [run('two'), 5 * mega],
    ['COPY x y # buildkit', 7],
    [run('old'), mega],
  ]);
  const now = built('FROM a\nRUN one\nRUN two --more\nCOPY x y\nCOPY z /\n', [
    ['# a', 10 * mega],
    [run('one'), 4 * mega],
    [run('two --more'), 8 * mega],
    ['COPY x y # buildkit', 5],
    ['COPY z / # buildkit', 3 * mega],
  ]);
  assert.equal(
    drawn(reportOf(now, before)),
    `25.0 MB +6.0 MB
FROM a: 10.0 MB +1.0 MB
RUN one: 4.0 MB ±0 B
RUN two --more: 8.0 MB +3.0 MB
COPY x y: 5 B −2 B
COPY z /: 3.0 MB new
gone RUN old: 1.0 MB`,
  );
});

test('an image of no known Dockerfile is shown as its history tells it', () => {
  const history = [
    { createdBy: '', bytes: 5 },
    { createdBy: '|1 A=b /bin/sh -c make', bytes: 3 },
    { createdBy: '/bin/sh -c #(nop)  CMD ["x"]', bytes: 0 },
  ];
  const facts = { id: '', tags: [], diffIds: [], environment: new Map<string, string>() };
  const report = reportOf({ ...layersOf('x', history, facts), at: 0 });
  assert.equal(drawn(report), '8 B\nMade outside of a Dockerfile: 5 B\nRUN make: 3 B\n1 empty');
});

/** The advice on a last instruction that weighs 20 MB. */
function adviceOn(instruction: string, createdBy: string, copiedAlong: readonly string[] = [], above = ''): string {
  const text = `FROM a\n${above}${instruction}\n`;
  const lines: Line[] = [
    ...(above === '' ? [] : [['COPY a /b # buildkit', 3 * mega] as const]),
    [createdBy, 20 * mega],
  ];
  const { advice } = reportOf(built(text, [['# a', 1], ...lines], copiedAlong));
  return advice.map(({ message, rule, bytes }) => `${sizeText(bytes)} ${rule ?? '-'} ${message}`).join('\n');
}
const onRun = (text: string, flags = ''): string => adviceOn(`RUN ${flags}${text}`, run(text));

test('advice names what a layer need not hold', () => {
  assert.match(onRun('apt-get update && apt-get install -y curl'), /^20\.0 MB apt-lists-not-removed Package lists/);
  assert.match(onRun('npm ci --omit=dev'), /^20\.0 MB - npm keeps its downloads/);
  assert.match(onRun('npm ci && npm cache clean --force'), /^20\.0 MB - Development packages/);
  assert.match(onRun('pip3 install -r r.txt'), /^20\.0 MB - pip keeps its downloads/);
  assert.match(onRun('yarn install'), /yarn keeps its downloads/);
  assert.match(onRun('apk update && apk add curl'), /apk add --no-cache/);
  assert.match(onRun('dnf install -y curl'), /'dnf clean all'/);
  assert.match(onRun('apk add --no-cache build-base'), /'build-base' stays in the image/);
  assert.match(onRun('chown -R app /b'), /'chown' stores the files again/);
  const along = adviceOn('COPY . .', 'COPY . . # buildkit', ['.git', 'node_modules']);
  assert.equal(
    along,
    "20.0 MB missing-dockerignore '.git' and 'node_modules' are copied along: list in '.dockerignore'",
  );
  const deleted = adviceOn('RUN rm -rf /b', run('rm -rf /b'), [], 'COPY a /b\n');
  assert.match(deleted, /^3\.0 MB - '\/b' is deleted by a later RUN/);
});

test('advice keeps silent where nothing is to be gained', () => {
  assert.equal(onRun('apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*'), '');
  assert.equal(onRun('npm ci --omit=dev', '--mount=type=cache,target=/root/.npm '), '');
  assert.equal(onRun('pip install --no-cache-dir x'), '');
  assert.equal(onRun('yarn install && yarn cache clean'), '');
  assert.equal(onRun('apk add --no-cache curl'), '');
  assert.equal(onRun('apt-get install -y gcc && make && apt-get purge -y gcc'), '');
  assert.equal(onRun('cp a b && chown app b'), '');
  assert.equal(adviceOn('COPY . .', 'COPY . . # buildkit'), '');
  assert.equal(adviceOn('COPY src .', 'COPY src . # buildkit', ['.git']), '');
  assert.equal(adviceOn('RUN rm -rf /other', run('rm -rf /other'), [], 'COPY a /b\n'), '');
  const small = built('FROM a\nRUN npm ci\n', [
    ['# a', 1],
    [run('npm ci'), 900_000],
  ]);
  assert.deepEqual(reportOf(small).advice, []);
});

const frame = {
  nonce: 'n0nce',
  files: { source: 'https://here', script: 'a"b.js', style: 's.css' },
  when: () => 'now',
};

test('nothing in an image or a Dockerfile becomes HTML', () => {
  const evil = `"><img src=x onerror=alert(1)>'</style><script>alert(2)</script>\``;
  const text = `FROM a AS <b>\nRUN ${evil}\nFROM <b> AS <i>\nCOPY <u> /\n`;
  const before = built(`FROM a\nRUN <s>\n`, [[run('<s>'), 5]]);
  const now = {
    ...built(text, [
      ['<em>', 9],
      [run(evil), 2 * mega],
      ['COPY <u> / # buildkit', 3],
    ]),
    image: '<h1>',
  };
  const page = layerPage(reportOf(now, { ...before, image: '<h2>' }), frame);
  assert.doesNotMatch(page, /<(?:img|b|i|u|s|em)[\s>]|<h1><|alert\(1\)>/);
  assert.ok(page.includes('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'));
  assert.equal(page.match(/<script/g)?.length, 1);
  assert.equal(page.match(/<\/style>/g)?.length, 1);
  assert.match(page, /<script nonce="n0nce" src="a&quot;b\.js">/);
  assert.doesNotMatch(page.replaceAll(/"[^"]*"/g, '""'), /<[^>]*\s(?:on\w+|style)=/);
  assert.doesNotMatch(page, /https?:(?!\/\/here)/);
  assert.match(page, /default-src 'none'; style-src https:\/\/here 'nonce-n0nce'; script-src 'nonce-n0nce'/);
});

test('a page without an image says so', () => {
  assert.match(layerPage(undefined, frame), /No image to show/);
});

test('every layer can be reached by keyboard and is said in full', () => {
  const page = layerPage(
    reportOf(
      built('FROM a\nRUN b\n', [
        ['# a', 3],
        [run('b'), 1],
      ]),
    ),
    frame,
  );
  assert.equal(page.match(/role="toolbar"/g)?.length, 1);
  assert.equal(page.match(/tabindex="0"/g)?.length, 1);
  assert.match(page, /tabindex="-1" aria-label="RUN b, 1 B, 25% of the image"/);
  assert.match(page, /aria-live="polite"/);
  assert.match(page, /<th scope="row">/);
});
