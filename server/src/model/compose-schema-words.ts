import { newlineOf } from '../text/lines.ts';
import { nearest } from '../text/nearest.ts';
import type { Edit, Fix, Problem } from '../text/problem.ts';
import { shorten } from '../text/shorten.ts';
import type { Compose } from './compose.ts';
import { removeItem } from './compose-edit.ts';
import type { FirstFormat } from './compose-schema-problems.ts';
import type { SchemaProblem } from './compose-validate.ts';

/** A difference from the specification in words for people, with what a colleague would type to mend it. */
export function describeSchemaProblem(compose: Compose, problem: SchemaProblem | FirstFormat): Problem {
  const { range } = problem;
  switch (problem.kind) {
    case 'first-format':
      return {
        range,
        message: "Compose no longer reads files without 'services:': put the services under it",
        ...fix("Put them under 'services'", false, indentUnderServices(compose)),
      };
    case 'unknown-key':
      return unknownKey(compose, problem);
    case 'bad-name':
      return { range, message: `'${shorten(problem.key)}' is not a valid name: use letters, digits, '.', '_' and '-'` };
    case 'wrong-type':
      return wrongType(compose, problem);
    case 'missing-key':
      return { range, message: `'${nameOf(problem.path)}' lacks '${problem.key}': add it` };
    case 'wrong-value':
      return wrongValue(problem);
    case 'bad-format':
      return { range, message: `'${shorten(problem.text)}' ${problem.trouble}`, ...durationFix(problem) };
    case 'out-of-range':
      return { range, message: `'${problem.text}' is out of range: ${limits(problem)}` };
    case 'repeated-item':
      return {
        range,
        message: `'${shorten(problem.text)}' is in '${nameOf(problem.path)}' twice: remove one`,
        // The schema forbids it, but Compose takes out what is there twice before it looks.
        severity: 'warning',
        related: [{ range: problem.first, message: 'first here' }],
        ...fix(`Remove '${shorten(problem.text)}'`, true, removeItem(compose.text, problem.list, problem.index)),
      };
  }
}

/** Inserted white space only, so that nothing but the structure changes. */
function indentUnderServices({ text, tree }: Compose): readonly Edit[] {
  const root = tree.roots[0];
  if (!root) return [];
  const newline = newlineOf(text);
  const edits: Edit[] = [{ range: { start: root.range.start, end: root.range.start }, text: `services:${newline}  ` }];
  for (
    let at = text.indexOf('\n', root.range.start) + 1;
    at > 0 && at < root.range.end;
    at = text.indexOf('\n', at) + 1
  ) {
    if (!/[\r\n]/.test(text.charAt(at))) edits.push({ range: { start: at, end: at }, text: '  ' });
  }
  return edits;
}

type Of<Kind extends SchemaProblem['kind']> = Extract<SchemaProblem, { readonly kind: Kind }>;

function unknownKey({ top }: Compose, { range, path, key, known, present }: Of<'unknown-key'>): Problem {
  const place = placeOf(path);
  const isService = path.length === 3 && path[0] === 'services';
  const legacy = isService ? legacyServiceKeys[key] : undefined;
  // Files of the old formats still say how their authors meant them: Compose ignores the version, so the key is no less unknown.
  const milder = legacy !== undefined && top.has('version') ? { severity: 'warning' as const } : {};
  if (legacy?.rename !== undefined && !present.has(legacy.rename)) {
    const message = `'${key}' is no longer a service key: it is '${legacy.rename}' now`;
    return { range, message, ...milder, ...rename(range, legacy.rename) };
  }
  if (legacy) return { range, message: `'${key}' is no longer a service key: use '${legacy.use}'`, ...milder };
  const parent = isService ? deeperHomes[key] : undefined;
  if (parent !== undefined) return { range, message: `'${key}' is not ${place}: it belongs under '${parent}'` };
  const free = known.filter((name) => !present.has(name));
  const meant = nearest(key, free) ?? onlyOneThatBegins(key, free);
  if (meant !== undefined) {
    return { range, message: `'${shorten(key)}' is not ${place}: did you mean '${meant}'?`, ...rename(range, meant) };
  }
  return { range, message: `'${shorten(key)}' is not ${place}: remove it or begin it with 'x-'` };
}

/** `depends` is too far from `depends_on` to be a slip of the finger, and yet there is nothing else it could be. */
function onlyOneThatBegins(key: string, names: readonly string[]): string | undefined {
  const longer = key.length < 3 ? [] : names.filter((name) => name.startsWith(key));
  return longer.length === 1 ? longer[0] : undefined;
}

interface Legacy {
  readonly rename?: string;
  readonly use: string;
}
const legacyServiceKeys: Readonly<Record<string, Legacy>> = {
  net: { rename: 'network_mode', use: 'network_mode' },
  log_driver: { use: 'logging.driver' },
  log_opt: { use: 'logging.options' },
  volume_driver: { use: "driver' of a top-level volume" },
};

/** Keys that are often put into the service itself. */
const deeperHomes: Readonly<Record<string, string>> = {
  dockerfile: 'build',
  context: 'build',
  args: 'build',
  target: 'build',
  replicas: 'deploy',
  resources: 'deploy',
  restart_policy: 'deploy',
  placement: 'deploy',
  update_config: 'deploy',
  limits: 'deploy.resources',
  retries: 'healthcheck',
  interval: 'healthcheck',
  start_period: 'healthcheck',
  watch: 'develop',
};

function wrongType({ text }: Compose, { range: whole, path, node, isItem, wanted, format }: Of<'wrong-type'>): Problem {
  const range = firstLine(text, whole);
  if (path.length === 0) return { range, message: "A Compose file must be a mapping: begin it with 'services:'" };
  const name = nameOf(path);
  const subject = isItem ? `Items of '${name}'` : `'${name}'`;
  if (node.kind === 'scalar' && node.value === undefined) {
    if (isItem) return { range, message: `An item of '${name}' is empty: fill it in or remove it` };
    return { range, message: `'${name}' is empty: it must be ${oneOf(wanted)}` };
  }
  if (format === 'duration' && node.kind === 'scalar') {
    const written = text.slice(range.start, range.end);
    return {
      range,
      message: `'${name}' must be a duration such as '30s'`,
      ...fix(`Change to '${written}s'`, false, [{ range, text: `${written}s` }]),
    };
  }
  const message = `${subject} must be ${oneOf(wanted)}`;
  // What is not a string only because YAML saw a number or a truth value in it.
  const wantsText =
    wanted.includes('string') &&
    !wanted.some((type) => /^(?:number|integer|boolean)$/.test(type)) &&
    node.kind === 'scalar' &&
    node.style === 'plain';
  if (!wantsText) return { range, message };
  return {
    range,
    message: `${message}: put it in quotes`,
    ...fix('Put in quotes', true, [{ range, text: `"${text.slice(range.start, range.end)}"` }]),
  };
}

function firstLine(text: string, { start, end }: Edit['range']): Edit['range'] {
  const length = text.slice(start, end).search(/\r?\n/);
  return { start, end: length < 0 ? end : start + length };
}

function wrongValue({ range, path, text, allowed }: Of<'wrong-value'>): Problem {
  const meant = nearest(text, allowed);
  const start = `'${shorten(text, 24)}' is not a '${nameOf(path)}'`;
  if (meant !== undefined)
    return {
      range,
      message: `${start}: did you mean '${meant}'?`,
      ...fix(`Change to '${meant}'`, false, [{ range, text: meant }]),
    };
  return { range, message: `${start}: use ${orList(allowed)}` };
}

function durationFix({ text, range, trouble }: Of<'bad-format'>): { readonly fix?: Fix } {
  return trouble.includes('duration') && /^\d+$/.test(text)
    ? fix(`Change to '${text}s'`, false, [{ range, text: `${text}s` }])
    : {};
}

function rename(range: Edit['range'], name: string): { readonly fix: Fix } {
  return fix(`Rename to '${name}'`, false, [{ range, text: name }]);
}

function fix(title: string, safe: boolean, edits: readonly Edit[]): { readonly fix: Fix } {
  return { fix: { title, safe, edits } };
}

/** What a key of this place is called. */
function placeOf(path: readonly string[]): string {
  const [section, , ...rest] = path;
  if (path.length === 1) return 'a top-level key';
  if (rest.length === 1 && section === 'services') return 'a service key';
  if (rest.length === 1 && /^(?:networks|volumes|secrets|configs|models)$/.test(section ?? ''))
    return `a ${section?.slice(0, -1)} key`;
  return `a '${shorten(path.at(-2) ?? '', 30)}' key`;
}

function nameOf(path: readonly string[]): string {
  return shorten(path.at(-1) ?? '');
}

const typeWords: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
};

function oneOf(types: readonly string[]): string {
  // Beside these, text is only there for the sake of variables.
  const hidesText = types.includes('integer') || types.includes('boolean');
  const shown = types.filter((type) => types.length === 1 || (type !== 'null' && !(hidesText && type === 'string')));
  const words = shown.map((type) => typeWords[type] ?? type);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function orList(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

function limits({ minimum, maximum }: Of<'out-of-range'>): string {
  return minimum === undefined
    ? `at most ${maximum}`
    : maximum === undefined
      ? `at least ${minimum}`
      : `from ${minimum} to ${maximum}`;
}
