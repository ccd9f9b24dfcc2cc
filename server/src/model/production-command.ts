import type { DevServerCall } from './dev-server.ts';
import type { Dockerfile, Stage } from './dockerfile.ts';
import { copiedText } from './start-files.ts';
import { variablesOf } from './variables.ts';

const developmentName =
  /(?:^|[._-])(?:dev|develop|development|local|debug|test|tests|testing|ci|storybook|devcontainer)(?:$|[._-])/i;
const environmentNames = new Set([
  'NODE_ENV',
  'FLASK_ENV',
  'RAILS_ENV',
  'RACK_ENV',
  'MIX_ENV',
  'APP_ENV',
  'ASPNETCORE_ENVIRONMENT',
  'DJANGO_ENV',
]);

/** A stage or file that says it is for development, or a stage that sets the environment to it. */
export function isForDevelopment(dockerfile: Dockerfile, stage: Stage): boolean {
  if (developmentName.test(dockerfile.project.fileName)) return true;
  if (stage.name && developmentName.test(stage.name.value)) return true;
  return stage.instructions
    .filter(({ keyword }) => keyword === 'ENV')
    .flatMap((instruction) => variablesOf(instruction, dockerfile.text))
    .some(({ name, value }) => environmentNames.has(name) && /^["']?dev/i.test(value ?? ''));
}

/** The production counterpart of a call, with the port and the application it names. */
export function productionWords(
  dockerfile: Dockerfile,
  stage: Stage,
  call: DevServerCall,
): readonly string[] | undefined {
  const { server, words, prefix } = call;
  const { production, drops, swaps } = server;
  if (drops) return [...prefix, ...withoutFlags(words, drops)];
  if (swaps) return [...prefix, ...words.map((word) => (word === swaps[0] ? swaps[1] : word))];
  if (!production) return undefined;
  const file = words.slice(1).find((word) => /\.[cm]?js$/.test(word));
  if (production.includes('{file}') && file === undefined) return undefined;
  const port = portOf(dockerfile, stage, words, server.framework);
  const application = applicationOf(dockerfile, stage, words, server.framework);
  if (production.includes('{app}') && application === undefined) return undefined;
  const filled = production.map((word) =>
    word
      .replace('{port}', port)
      .replace('{file}', file ?? '')
      .replace('{app}', application ?? ''),
  );
  return goesWith(prefix[0] ?? '', filled[0] ?? '') ? [...prefix, ...filled] : filled;
}

/** `poetry run gunicorn` and `python -m gunicorn`, but no `npx node`. */
function goesWith(runner: string, program: string): boolean {
  return (
    /^(?:poetry|pipenv|pdm|hatch|rye|uv|doppler|infisical|dotenv|python[\d.]*)$/.test(runner) && /corn$/.test(program)
  );
}

function withoutFlags(words: readonly string[], drops: readonly string[]): readonly string[] {
  return words.filter((word, i) => {
    const [name = ''] = word.split('=');
    const [before = ''] = words.slice(Math.max(i - 1, 0), i);
    const isValue =
      drops.some((flag) => before.startsWith(`${flag}-`)) && !before.includes('=') && !word.startsWith('-');
    return !isValue && !drops.some((flag) => name === flag || name.startsWith(`${flag}-`));
  });
}

function portOf(dockerfile: Dockerfile, stage: Stage, words: readonly string[], framework: string): string {
  const text = words.join(' ');
  const given =
    /(?:^|\s)(?:--port|-p)[= ](\d+)/.exec(text) ?? /\s(?:[\d.]*:)(\d{2,5})$/.exec(text) ?? /\s(\d{4,5})$/.exec(text);
  const exposed = stage.effective('EXPOSE')?.words[0]?.value;
  const known = exposed === undefined ? undefined : dockerfile.expand(exposed, stage.effective('EXPOSE') ?? stage.from);
  return given?.[1] ?? /^\d+/.exec(known ?? '')?.[0] ?? (framework === 'Django' ? '8000' : '5000');
}

/** `module:object` as the command, the environment or the files beside the Dockerfile name it. */
function applicationOf(
  dockerfile: Dockerfile,
  stage: Stage,
  words: readonly string[],
  framework: string,
): string | undefined {
  if (framework === 'Django') {
    const settings =
      variable(dockerfile, stage, 'DJANGO_SETTINGS_MODULE') ??
      /DJANGO_SETTINGS_MODULE["'],\s*["']([\w.]+)/.exec(
        copiedText(dockerfile, stage, 'manage.py') ?? dockerfile.project.text('manage.py') ?? '',
      )?.[1];
    return settings === undefined ? undefined : `${settings.split('.')[0] ?? ''}.wsgi:application`;
  }
  const flag = words.findIndex((word) => word === '--app' || word === '-A');
  const named = words[flag + 1];
  const given =
    flag >= 0
      ? named
      : (words.find((word) => word.startsWith('--app='))?.slice('--app='.length) ??
        variable(dockerfile, stage, 'FLASK_APP'));
  const module =
    given ??
    ['app.py', 'wsgi.py', 'main.py'].find((file) => copiedText(dockerfile, stage, file) !== undefined) ??
    ['app.py', 'wsgi.py', 'main.py'].find((file) => dockerfile.project.text(file) !== undefined) ??
    'app';
  const [name = 'app', object = 'app'] = module.replace(/\.py(?=$|:)/, '').split(':');
  return `${name.replace(/^\.?\//, '').replaceAll('/', '.')}:${object}`;
}

function variable(dockerfile: Dockerfile, stage: Stage, name: string): string | undefined {
  const last = stage.instructions.at(-1) ?? stage.from;
  return last.keyword === 'FROM' ? undefined : dockerfile.expand(`\${${name}}`, last);
}
