import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCompose } from '../../server/src/model/build-compose.ts';
import { neededFiles } from '../../server/src/model/compose-files.ts';
import { formatTrouble } from '../../server/src/model/compose-formats.ts';
import {
  interpolationsIn,
  isLiteral,
  splitOutside,
  withDefaults,
} from '../../server/src/model/compose-interpolation.ts';
import { publishedPorts } from '../../server/src/model/compose-ports.ts';
import { mountsOf } from '../../server/src/model/compose-volumes.ts';
import { noProject } from '../../server/src/model/project.ts';
import { projectOf } from '../project-of.ts';

test('variables are found in all their forms', () => {
  const drawn = (text: string): string =>
    interpolationsIn(text)
      .map(
        ({ start, end, name, operator = '', argument = '' }) =>
          `${text.slice(start, end)} ${name}${operator}${argument}`,
      )
      .join('; ');
  assert.equal(drawn('$A and ${B}'), '$A A; ${B} B');
  assert.equal(drawn('${A:-${B:-c}}/${D?must be set}'), '${A:-${B:-c}} A:-${B:-c}; ${D?must be set} D?must be set');
  assert.equal(drawn('$$A $${B} $ $1 ${} ${A'), '');
  assert.ok(isLiteral('costs $$5') && !isLiteral('${A+x}'));
});

test('defaults stand for variables where there are any', () => {
  assert.equal(withDefaults('nginx:${TAG:-1.27}-${OS-alpine}'), 'nginx:1.27-alpine');
  assert.equal(withDefaults('${A:-${B:-c}}$$d'), 'c$d');
  assert.equal(withDefaults('nginx:${TAG}'), undefined);
  assert.equal(withDefaults('nginx:${TAG:?set it}'), undefined);
});

test('separators within variables separate nothing', () => {
  assert.deepEqual(splitOutside('${DATA:-./data}:/data:ro', ':'), ['${DATA:-./data}', '/data', 'ro']);
});

const serviceOf = (body: string) => {
  const text = `services:\n  it:\n${body.replace(/^/gm, '    ')}\n`;
  const compose = buildCompose(text, { project: noProject });
  return { text, service: compose.services[0] ?? assert.fail() };
};

test('ports are read in both forms', () => {
  const ports = (items: string): string =>
    publishedPorts(serviceOf(`ports: [${items}]`).service)
      .map(({ hostIp = '*', protocol, published }) =>
        typeof published === 'string'
          ? `${hostIp} ${published}/${protocol}`
          : `${hostIp} ${published.first}-${published.last}/${protocol}`,
      )
      .join('; ');
  assert.equal(ports('"80", 8080:80, "127.0.0.1:53:53/udp"'), '* 8080-8080/tcp; 127.0.0.1 53-53/udp');
  assert.equal(ports('"9000-9002:80-82", "0.0.0.0:1:1", "[::1]:2:2"'), '* 9000-9002/tcp; * 1-1/tcp; ::1 2-2/tcp');
  assert.equal(
    ports('"${P}:80", "${Q:-81}:80", "${IP:-127.0.0.1}:82:80", "127.0.0.1::80"'),
    '* ${P}/tcp; * 81-81/tcp; 127.0.0.1 82-82/tcp',
  );
  assert.equal(
    ports('{ target: 80 }, { target: 80, published: 8080, host_ip: 10.0.0.1, protocol: udp }'),
    '10.0.0.1 8080-8080/udp',
  );
});

test('volumes are read in both forms', () => {
  const mounts = (items: string): string => {
    const { service, text } = serviceOf(`volumes: [${items}]`);
    return mountsOf(service, text)
      .map(
        ({ kind, sourceRange, target, isReadOnly }) =>
          `${kind} ${sourceRange ? text.slice(sourceRange.start, sourceRange.end) : '-'} ${target}${isReadOnly ? ' ro' : ''}`,
      )
      .join('; ');
  };
  assert.equal(
    mounts('"data:/d", "./a:/b:ro,z", "~/x:/y/", "/anonymous"'),
    'volume data /d; bind ./a /b ro; bind ~/x /y; other - /anonymous',
  );
  assert.equal(
    mounts("'C:\\x:/d', '${D}/x:/d', '${D:-./x}:/d', '${D}:/d', '${D:-name}:/d'"),
    'bind C:\\x /d; bind ${D}/x /d; bind ${D:-./x} /d; other ${D} /d; volume ${D:-name} /d',
  );
  assert.equal(
    mounts('{ type: bind, source: ./a, target: /b, read_only: true }, { type: tmpfs, target: /t }'),
    'bind ./a /b ro; other - /t',
  );
});

test('the specification’s formats are known', () => {
  const wrong = (format: Parameters<typeof formatTrouble>[0], ...texts: string[]): string[] =>
    texts.filter((text) => formatTrouble(format, text) !== undefined);
  assert.deepEqual(wrong('duration', '30s', '1m30s', '1.5h', '10ms', '2d', '0', '30', '5sec', 's', ''), [
    '30',
    '5sec',
    's',
    '',
  ]);
  assert.deepEqual(
    wrong(
      'port',
      '80',
      '8080:80',
      '3000-3005',
      '9090-9091:8080-8081',
      '127.0.0.1:80:80',
      '[::1]:80:80/tcp',
      '127.0.0.1::80',
      '::1:80:80',
      '80:http',
      '70000:80',
      'a',
      '80:',
      '8080:80/',
    ),
    ['80:http', '70000:80', 'a', '80:', '8080:80/'],
  );
  assert.deepEqual(wrong('exposed port', '80', '80-90/udp', '80:80'), ['80:80']);
  assert.deepEqual(wrong('subnet', '172.28.0.0/16', 'fd00::/64', '172.28.0.0', 'x/8'), ['172.28.0.0', 'x/8']);
});

test('says which files its rules want to know', () => {
  const text =
    'services:\n  a:\n    build: ./a\n  b:\n    build: { context: ../b, dockerfile: x/Dockerfile.dev }\n  c:\n    build: https://example.com/c.git\n  d:\n    build: ${DIR}\n';
  const project = projectOf({ '.env.example': '', 'compose.yaml': text });
  assert.deepEqual(neededFiles(buildCompose(text, { project })), [
    '.env.example',
    'a/Dockerfile',
    '../b/x/Dockerfile.dev',
  ]);
});

test('knows when it does not see the whole project', () => {
  const isPartial = (text: string, fileName = 'compose.yaml', others = {}): boolean =>
    buildCompose(text, { project: projectOf(others, fileName) }).isPartial;
  const services = 'services:\n  a:\n    image: a:1\n';
  assert.equal(isPartial(services), false);
  assert.equal(isPartial(services, 'docker-compose.override.yml'), true);
  assert.equal(isPartial(services, 'compose.prod.yaml'), false);
  assert.equal(isPartial(services, 'compose.prod.yaml', { 'compose.yaml': '' }), true);
  assert.equal(isPartial(`include: [b.yaml]\n${services}`), true);
  assert.equal(isPartial(`${services}    extends: { file: b.yaml, service: a }\n`), true);
  assert.equal(isPartial('volumes:\n  data:\n'), true);
});

test('services of all documents count, extensions and what is reset do not', () => {
  const compose = buildCompose(
    'services:\n  a: {}\n  x-base: {}\n  b: !reset {}\n---\nservices:\n  c: { image: !reset null, build: . }\n',
    { project: noProject },
  );
  assert.deepEqual(
    compose.services.map(({ name, entries }) => [name, ...entries.keys()]),
    [['a'], ['c', 'build']],
  );
});
