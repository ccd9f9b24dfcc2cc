import type { DevServerCall } from './dev-server.ts';
import type { Dockerfile, Stage } from './dockerfile.ts';
import { copiedText } from './start-files.ts';

/** `python app.py`, where the file itself starts the framework's development server. */
export function findPythonServer(
  dockerfile: Dockerfile,
  stage: Stage,
  words: readonly string[],
): DevServerCall | undefined {
  const start = words.findIndex((word) => /(?:^|\/)python(?:\d(?:\.\d+)?)?$/.test(word));
  const file = words.slice(start + 1).find((word) => !word.startsWith('-'));
  if (start < 0 || file === undefined || !file.endsWith('.py')) return undefined;
  const text = copiedText(dockerfile, stage, file);
  if (text === undefined) return undefined;
  const call = { words: words.slice(start), prefix: words.slice(0, start) };
  if (/\buvicorn\.run\([^)]*\breload\s*=\s*True/.test(text)) {
    return { ...call, server: { framework: 'Uvicorn', programs: [], advice: "drop 'reload=True'" } };
  }
  const [, name, framework] = /^(\w+)(?:\s*:\s*\w+)?\s*=\s*(?:\w+\.)?(Flask|Quart|Dash)\(/m.exec(text) ?? [];
  if (name === undefined || framework === undefined || !new RegExp(`\\b${name}\\.run(?:_server)?\\(`).test(text)) {
    return undefined;
  }
  const server = framework === 'Quart' ? 'hypercorn' : 'gunicorn';
  // Dash is served by the Flask application in it, which needs a name in the module.
  const served = framework === 'Dash' ? /^(\w+)\s*=\s*\w+\.server\b/m.exec(text)?.[1] : name;
  const port = new RegExp(`\\b${name}\\.run(?:_server)?\\([^)]*\\bport\\s*=\\s*(\\d+)`).exec(text)?.[1];
  const place = placeOf(file, dockerfile.runtimeOf(stage).workdir);
  if (served === undefined || place === undefined || (place.folder !== undefined && server !== 'gunicorn')) {
    return { ...call, server: { framework, programs: [], advice: `use ${server}` } };
  }
  const folder = place.folder === undefined ? [] : ['--chdir', place.folder];
  const production = [server, '--bind', `0.0.0.0:${port ?? '{port}'}`, ...folder, `${place.module}:${served}`];
  return { ...call, prefix: [], server: { framework, programs: [], production } };
}

/** `src/app.py` is `src.app` to those that run in the folder above; what lies elsewhere is loaded from its own folder. */
function placeOf(
  file: string,
  workdir: string | undefined,
): { readonly module: string; readonly folder?: string } | undefined {
  const folder = workdir === undefined ? undefined : `${workdir.replace(/\/+$/, '')}/`;
  const path = (folder !== undefined && file.startsWith(folder) ? file.slice(folder.length) : file).replace(
    /^\.\//,
    '',
  );
  const [, relative] = /^((?:\w+\/)*\w+)\.py$/.exec(path) ?? [];
  if (relative !== undefined) return { module: relative.replaceAll('/', '.') };
  const [, outside, name] = /^(\/.*)\/(\w+)\.py$/.exec(path) ?? [];
  return outside === undefined || name === undefined ? undefined : { module: name, folder: outside };
}
