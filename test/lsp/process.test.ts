import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Editor } from './editor.ts';

const script = join(import.meta.dirname, '../../dist/server.js');

suite('the bundled server, as a process', () => {
  test('lints, shell and all, and leaves when it is told to', async (t) => {
    const child = spawn(process.execPath, [script, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    t.after(() => child.kill());
    const editor = await Editor.start(t, { streams: { input: child.stdout, output: child.stdin } });
    const text = 'FROM debian:12.5\nRUN curl -f https://example.com/x | sh\nUSER 1\n';
    await editor.open('Dockerfile', text);
    assert.match(await editor.drawn('Dockerfile'), /pipefail-missing/);
    assert.deepEqual(editor.logged, []);
    await editor.connection.sendRequest('shutdown');
    const exit = once(child, 'exit');
    await editor.connection.sendNotification('exit');
    assert.deepEqual(await exit, [0, null]);
  });
});
