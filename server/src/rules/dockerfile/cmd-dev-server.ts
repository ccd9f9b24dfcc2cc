import { findDevServer, scriptsOf, type DevServerCall } from '../../model/dev-server.ts';
import type { Dockerfile, Stage } from '../../model/dockerfile.ts';
import { isForDevelopment, productionWords } from '../../model/production-command.ts';
import { findPythonServer } from '../../model/python-server.ts';
import { copiedText, startCommand } from '../../model/start-files.ts';
import type { Instruction } from '../../syntax/dockerfile/tree.ts';
import type { Command } from '../../syntax/shell/script.ts';
import type { Edit } from '../../text/problem.ts';
import type { Range } from '../../text/range.ts';
import { shorten } from '../../text/shorten.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'cmd-dev-server',
  summary: 'Start a production server, not the one for development.',
  why: 'Development servers handle one request at a time, restart on every changed file and show stack traces, or even a console, to whoever causes an error.',
  category: 'reliability',
  severity: 'warning',
  files: { 'app.py': 'app = Flask(__name__)' },
  bad: `
FROM python:3.12-slim
EXPOSE 8000
CMD ["flask", "run", "--host=0.0.0.0"]
     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'flask run' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
`,
  good: `
FROM node:22-slim AS dev
CMD ["npm", "run", "dev"]

FROM python:3.12-slim
CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]
`,

  *check(dockerfile) {
    const { finalStage: stage } = dockerfile;
    if (!stage || isForDevelopment(dockerfile, stage)) return;
    const found = developmentStart(dockerfile, stage);
    if (!found) return;
    const { call, range, replace } = found;
    const words = productionWords(dockerfile, stage, call);
    const dropped = call.words.find((word) => call.server.drops?.includes(word));
    const edit = words && replace?.(words);
    yield {
      range,
      message: `'${nameOf(call.words, dropped)}' is for development: ${adviceOf(call, words, dropped)}`,
      ...(edit && { fix: { title: titleOf(call, words, dropped), safe: false, edits: [edit] } }),
    };
  },
});

interface Start {
  readonly call: DevServerCall;
  readonly range: Range;
  /** How other words take the place of the call; absent where they cannot. */
  readonly replace?: (words: readonly string[]) => Edit | undefined;
}

function developmentStart(dockerfile: Dockerfile, stage: Stage): Start | undefined {
  const packageJson = copiedText(dockerfile, stage, 'package.json') ?? dockerfile.project.text('package.json');
  const scripts = scriptsOf(packageJson);
  const find = (words: readonly string[]): DevServerCall | undefined => {
    const call = findDevServer(words, scripts) ?? findPythonServer(dockerfile, stage, words);
    return call && !isProduction(dockerfile, call) ? call : undefined;
  };
  const command = startCommand(stage);
  const entrypoint = stage.effective('ENTRYPOINT');
  for (const instruction of [command, entrypoint]) {
    for (const each of instruction ? dockerfile.script(instruction).commands : []) {
      const call = find(valuesOf(each.words));
      if (call && instruction) {
        const replace = (words: readonly string[]) => replacement(dockerfile, instruction, each, words);
        return { call, range: { start: each.programRange.start, end: each.words.at(-1)?.range.end ?? 0 }, replace };
      }
    }
  }
  // CMD only adds arguments to an ENTRYPOINT: `ENTRYPOINT ["python"]`, `CMD ["manage.py", "runserver"]`.
  if (!command?.json || !entrypoint?.json) return undefined;
  const call = find(valuesOf([...entrypoint.json, ...command.json]));
  return call && { call, range: command.argumentsRange };
}

function valuesOf(words: readonly { readonly value: string }[]): string[] {
  return words.map(({ value }) => value);
}

function isProduction({ text }: Dockerfile, { server, words }: DevServerCall): boolean {
  const variable = server.unless;
  if (variable === undefined) return false;
  return words.some((word) => /^(?:--environment=)?prod(?:uction)?$/.test(word)) || setsToProduction(text, variable);
}

function setsToProduction(text: string, variable: string): boolean {
  return new RegExp(`\\b${variable}[= ]["']?prod`).test(text);
}

/** In the array in the place of its elements, as a whole CMD as an array, in a longer script as words of the shell. */
function replacement(
  { text }: Dockerfile,
  { json, argumentsRange }: Instruction,
  command: Command,
  words: readonly string[],
): Edit | undefined {
  const elements = words.map((word) => JSON.stringify(word)).join(', ');
  const range = { start: command.programRange.start, end: command.words.at(-1)?.range.end ?? 0 };
  if (json && !command.inside.includes('string')) return { range, text: elements };
  const { start, end } = argumentsRange;
  if (!json && range.start === start && range.end === end) return { range, text: `[${elements}]` };
  const isPlain =
    words.every((word) => /^[\w./:=@%+,-]+$/.test(word)) && !text.slice(range.start, range.end).includes('\n');
  return isPlain ? { range, text: words.join(' ') } : undefined;
}

/** The words that tell what is run: `flask run`, `npm run dev`, `python manage.py runserver`, `uvicorn --reload`. */
function nameOf(words: readonly string[], dropped: string | undefined): string {
  const [program = ''] = words;
  if (dropped !== undefined) return shorten(`${program} ${dropped}`);
  const named = [program];
  for (let i = 1; i < words.length && named.length < 3; i++) {
    const word = words[i] ?? '';
    if (word === '-S' || !word.startsWith('-')) named.push(word);
    else if (named.length > 1) break;
    // `flask --app shop run`
    else if (word.startsWith('--') && !word.includes('=')) i++;
  }
  return shorten(named.join(' '));
}

function adviceOf(
  { server, words: [program = ''] }: DevServerCall,
  words: readonly string[] | undefined,
  dropped: string | undefined,
): string {
  if (dropped !== undefined) return `drop '${dropped}'`;
  if (server.swaps) return `use '${program} ${server.swaps[1]}'`;
  if (words) return `use ${programIn(words)}`;
  return server.advice ?? `use ${server.production?.[0] ?? 'a production server'}`;
}

function titleOf(
  { server, words: [program = ''] }: DevServerCall,
  words: readonly string[],
  dropped: string | undefined,
): string {
  if (dropped !== undefined) return `Drop '${dropped}'`;
  return server.swaps ? `Use '${program} ${server.swaps[1]}'` : `Start with ${programIn(words)}`;
}

/** `gunicorn` of `poetry run gunicorn`. */
function programIn(words: readonly string[]): string {
  return words.find((word) => /^(?:\w*corn|node|puma|strapi|medusa)$/.test(word)) ?? words[0] ?? '';
}
