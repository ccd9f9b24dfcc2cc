import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neededFiles } from '../../server/src/model/dockerfile-files.ts';
import { noProject } from '../../server/src/model/project.ts';
import { build } from '../rules/check-dockerfile.ts';

const needed = (text: string): readonly string[] => neededFiles(build(text, noProject));

test('the file that CMD starts is where it may have been copied from', () => {
  const text = 'FROM python\nCOPY backend/ src /app/\nCMD ["python", "/app/app.py"]\n';
  assert.deepEqual(needed(text), ['backend/app.py', 'backend/app/app.py', 'src/app.py', 'src/app/app.py']);
});

test('a script is the one copied under its name', () => {
  const text = 'FROM debian\nCOPY docker/entrypoint.sh LICENSE.txt /\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["serve"]\n';
  assert.deepEqual(needed(text), ['docker/entrypoint.sh']);
});

test('what another stage built from counts', () => {
  const text = 'FROM node AS build\nCOPY web ./\nFROM node\nCOPY --from=build /app /app\nCMD npm start\n';
  assert.deepEqual(needed(text), ['package.json', 'web/package.json']);
});

test('the manifests of what is installed after everything was copied', () => {
  const text = 'FROM python\nCOPY . .\nRUN pip install -r a.txt -r dev/b.txt\n';
  assert.deepEqual(needed(text), ['a.txt', 'dev/b.txt']);
});

test('nothing else', () => {
  assert.deepEqual(needed('FROM python\nCOPY a.txt .\nRUN pip install -r a.txt\nCMD ["gunicorn", "app:app"]\n'), []);
  assert.deepEqual(needed('FROM python\nCOPY . .\nCMD ["constructor", "../a.sh", "/b"]\n'), []);
  assert.deepEqual(needed('RUN true\n'), []);
  assert.deepEqual(needed(''), []);
});
