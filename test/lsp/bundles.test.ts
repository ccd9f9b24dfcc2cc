import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
} from 'vscode-languageserver-protocol/node';
import { Editor, type Transport } from './editor.ts';

const dist = join(import.meta.dirname, '../../dist');

// Only with the shell parser loaded is the pipe seen.
const piped = 'FROM debian:12.5\nRUN curl -f https://example.com/x | sh\nUSER 1\n';

suite('the bundled server', () => {
  test('lints as a process, and leaves when it is told to', async (t) => {
    const child = spawn(process.execPath, [join(dist, 'server.js'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    t.after(() => child.kill());
    const transport = { reader: new StreamMessageReader(child.stdout), writer: new StreamMessageWriter(child.stdin) };
    const editor = await Editor.start(t, { transport });
    await editor.open('Dockerfile', piped);
    assert.match(await editor.drawn('Dockerfile'), /pipefail-missing/);
    assert.deepEqual(editor.logged, []);
    await editor.connection.sendRequest('shutdown');
    const exit = once(child, 'exit');
    await editor.connection.sendNotification('exit');
    assert.deepEqual(await exit, [0, null]);
  });

  test('lints where there is nothing of Node: in a worker of a browser', async (t) => {
    const editor = await Editor.start(t, { transport: worker(await readFile(join(dist, 'server.web.js'), 'utf8')) });
    await editor.open('Dockerfile', piped);
    const drawn = await editor.drawn('Dockerfile');
    assert.deepEqual(editor.logged, []);
    assert.match(drawn, /pipefail-missing/);
  });
});

/** Runs a script with what a worker has, and no more. */
function worker(script: string): Transport {
  let toEditor: DataCallback = () => undefined;
  const self = {
    location: { href: 'https://example.com/dist/server.web.js' },
    onmessage: (_event: { data: unknown }): void => undefined,
    addEventListener: (): void => undefined,
    postMessage: (message: Message) => setImmediate(() => toEditor(structuredClone(message))),
  };
  const platform = { WebAssembly, TextDecoder, TextEncoder, URL, setTimeout, clearTimeout, setInterval, clearInterval };
  const language = { Uint8Array, ArrayBuffer, queueMicrotask, performance, console, crypto };
  runInContext(script, createContext({ ...platform, ...language, self, WorkerGlobalScope: Object }));

  class Reader extends AbstractMessageReader {
    listen(callback: DataCallback): Disposable {
      toEditor = callback;
      return { dispose: () => undefined };
    }
  }
  class Writer extends AbstractMessageWriter {
    write(message: Message): Promise<void> {
      const data: unknown = structuredClone(message);
      setImmediate(() => self.onmessage({ data }));
      return Promise.resolve();
    }
    end(): void {
      // a port stays open
    }
  }
  return { reader: new Reader(), writer: new Writer() };
}
