import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { prettyReport } from '../../server/src/report/pretty.ts';
import { fileOf, findingAt, reportOf, sample, sampleFile } from './sample.ts';

const plain = { colours: false, width: 80 };

suite('pretty', () => {
  test('draws each problem under its source', () => {
    assert.equal(
      prettyReport(sample, plain),
      `docker/Dockerfile:1:13 warning base-image-latest
   1 | FROM debian:latest
     |             ^^^^^^ 'latest' moves: pin 'debian' to a version
   2 | RUN apt-get install -y \\
  => Pin to 'debian:12' (--fix-unsafe)
  see docker/Dockerfile:3:5 needs a package of it

docker/Dockerfile:2:5 error some-rule
   1 | FROM debian:latest
   2 | RUN apt-get install -y \\
     |     ^^^^^^^^^^^^^^^^^^^^
   3 |     curl
     | ^^^^^^^^ 50% of: this,␊is <wrong> & "odd"
   4 | MAINTAINER 名前 me

docker/Dockerfile:4:15 info maintainer-deprecated
   3 |     curl
   4 | MAINTAINER 名前 me
     |                 ^^ 'me' is nobody
  => Remove it and write a file (--fix)

3 problems (1 error, 1 warning, 1 info) in 2 files; 1 fixable with --fix, 1 more with --fix-unsafe; 1 file could not be read
`,
    );
  });

  test('says when there is nothing', () => {
    assert.equal(prettyReport(reportOf(fileOf('Dockerfile', '', [])), plain), 'No problems in 1 file\n');
  });

  test('colours only when asked to', () => {
    const text = prettyReport(reportOf(sampleFile), { ...plain, colours: true });
    assert.match(text, /\u001b\[1mdocker\/Dockerfile:1:13\u001b\[0m \u001b\[33mwarning\u001b\[0m/);
    assert.equal(text.replace(/\u001b\[\d+m/g, ''), prettyReport(reportOf(sampleFile), plain));
  });

  test('lines carets up under tabs, and lets no file talk to the terminal', () => {
    const text = 'RUN\tx \u001b[31m y\r\n';
    const [, source, carets] = draw(text, findingAt(text.indexOf('y'), text.indexOf('y') + 1));
    assert.equal(source, '   1 | RUN    x ␛[31m y');
    assert.equal(carets, '     |                ^ is wrong');
    const [header] = prettyReport(reportOf(fileOf('a\nb', 'x', [findingAt(0, 1)])), plain).split('\n');
    assert.equal(header, 'a␊b:1:1 warning some-rule');
  });

  test('cuts long lines round what is marked', () => {
    const text = `RUN ${'a'.repeat(200)} bad ${'b'.repeat(200)}`;
    const [, source, carets] = draw(text, findingAt(text.indexOf('bad'), text.indexOf('bad') + 3));
    assert.equal(source, `   1 | …${'a'.repeat(18)} bad ${'b'.repeat(55)}…`);
    assert.equal(carets, `     | ${' '.repeat(20)}^^^ is wrong`);
  });

  test('leaves out the middle of long ranges', () => {
    const text = Array.from({ length: 20 }, (_, i) => `line${i}\n`).join('');
    assert.deepEqual(draw(text, findingAt(0, text.length - 1)).slice(9), [
      '   5 | line4',
      '     | ^^^^^',
      ' ... |',
      '  20 | line19',
      '     | ^^^^^^ is wrong',
    ]);
  });

  test('marks the end of a file and an empty one', () => {
    assert.deepEqual(draw('FROM a\n', findingAt(7, 7)).slice(1), ['   1 | FROM a', '   2 |', '     | ^ is wrong']);
    assert.deepEqual(draw('', findingAt(0, 0)).slice(1), ['   1 |', '     | ^ is wrong']);
  });
});

function draw(text: string, finding: ReturnType<typeof findingAt>): readonly string[] {
  return prettyReport(reportOf(fileOf('Dockerfile', text, [finding])), plain)
    .split('\n')
    .slice(0, -3);
}
