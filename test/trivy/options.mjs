// How Trivy reads its arguments (cobra and pflag), TRIVY_* variables and trivy.yaml: in this order, the first one counts.
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { allowed, flagsOf } from './flags.mjs';

export class Fatal extends Error {
  /** `Error` for what Trivy thinks the user's mistake, `Fatal error` for the rest. */
  constructor(reason, title = 'Fatal error') {
    super(reason);
    this.title = title;
  }
}

const commands = {
  image: 'image',
  i: 'image',
  filesystem: 'filesystem',
  fs: 'filesystem',
  config: 'config',
  conf: 'config',
  version: 'version',
};

/** Where a flag is in trivy.yaml, if not by its own name at the top. */
const places = {
  scanners: ['scan', 'scanners'],
  'skip-dirs': ['scan', 'skip-dirs'],
  'skip-files': ['scan', 'skip-files'],
  'offline-scan': ['scan', 'offline'],
  'skip-db-update': ['db', 'skip-update'],
  'cache-dir': ['cache', 'dir'],
  'list-all-pkgs': ['list-all-pkgs'],
  'image-src': ['image', 'source'],
  'file-patterns': ['scan', 'file-patterns'],
};

/** The command, what it is to look at, and a function that gives the value of a flag. */
export function readOptions(argv, environment, version) {
  const { command, given, targets } = readArguments(argv, version);
  const file = readConfig(given.get('config') ?? environment['TRIVY_CONFIG'], given.has('config'));
  const value = (name, usual) => {
    const raw = given.get(name) ?? fromEnvironment(environment, name) ?? fromFile(file, name) ?? usual;
    const list = Array.isArray(raw)
      ? raw
      : isList(command, version, name) && raw !== undefined
        ? splitList(raw)
        : undefined;
    check(name, list ?? raw);
    return list ?? raw;
  };
  for (const name of Object.keys(allowed)) value(name);
  return { command, targets, value, isOn: (name) => String(value(name, false)) === 'true' };
}

function readArguments(argv, version) {
  const [first, ...rest] = argv;
  if (first === '--version' || first === '-v') return { command: 'version', given: new Map(), targets: [] };
  const command = Object.hasOwn(commands, first ?? '') ? commands[first] : undefined;
  if (command === undefined) throw new Fatal(`unknown command "${first ?? ''}" for "trivy"`);
  const flags = flagsOf(command, version);
  const given = new Map();
  const targets = [];
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at];
    if (word === '--') {
      targets.push(...rest.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      targets.push(word);
      continue;
    }
    const [name, inline] = word.startsWith('--') ? cut(word) : [word.slice(0, 2), word.slice(2) || undefined];
    const flag = flags.get(name);
    if (!flag)
      throw new Fatal(
        word.startsWith('--') ? `unknown flag: ${name}` : `unknown shorthand flag: '${name[1]}' in ${word}`,
      );
    if (flag.type === 'bool') given.set(flag.name, readSwitch(inline ?? 'true', name));
    else {
      const text = inline ?? rest[++at];
      if (text === undefined) throw new Fatal(`flag needs an argument: ${name}`);
      checkType(flag, text, name);
      const before = given.get(flag.name);
      given.set(flag.name, flag.type === 'strings' ? [...(before ?? []), ...splitList(text)] : text);
    }
  }
  return { command, given, targets };
}

function cut(word) {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function readSwitch(text, name) {
  if (['true', '1', 't', 'TRUE'].includes(text)) return true;
  if (['false', '0', 'f', 'FALSE'].includes(text)) return false;
  throw new Fatal(
    `invalid argument "${text}" for "${name}" flag: strconv.ParseBool: parsing "${text}": invalid syntax`,
  );
}

function checkType({ type }, text, name) {
  if (type === 'int' && !/^[+-]?\d+$/.test(text))
    throw new Fatal(
      `invalid argument "${text}" for "${name}" flag: strconv.ParseInt: parsing "${text}": invalid syntax`,
    );
  if (type === 'duration' && !/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text))
    throw new Fatal(`invalid argument "${text}" for "${name}" flag: time: invalid duration "${text}"`);
  if (type === 'strings' && splitList(text) === undefined)
    throw new Fatal(
      `invalid argument "${text}" for "${name}" flag: parse error on line 1, column 1: bare " in non-quoted field`,
    );
}

/** One record of CSV; `undefined` when it is none. */
export function splitList(text) {
  if (text === '') return [];
  const values = [];
  let at = 0;
  for (;;) {
    const quoted = /"((?:[^"]|"")*)"(?=,|$)/y;
    quoted.lastIndex = at;
    const found = quoted.exec(text);
    const plain = /[^",\r\n]*(?=,|$)/y;
    plain.lastIndex = at;
    const value = found ? found[1].replaceAll('""', '"') : plain.exec(text)?.[0];
    if (value === undefined) return undefined;
    values.push(value);
    at += found ? found[0].length : value.length;
    if (at >= text.length) return values;
    at++;
  }
}

function isList(command, version, name) {
  return flagsOf(command, version).get(`--${name}`)?.type === 'strings';
}

/** A variable that is set to nothing is not set. */
function fromEnvironment(environment, name) {
  const text = environment[`TRIVY_${name.toUpperCase().replaceAll('-', '_')}`];
  return text === '' ? undefined : text;
}

function readConfig(path, isExplicit) {
  const file = path ?? 'trivy.yaml';
  if (!existsSync(file)) {
    if (isExplicit) throw new Fatal(`config file "${file}" loading error: open ${file}: no such file or directory`);
    return undefined;
  }
  try {
    const content = parse(readFileSync(file, 'utf8'));
    if (content !== null && typeof content !== 'object') throw new Error('cannot unmarshal into map');
    return { content: content ?? {}, file };
  } catch (error) {
    throw new Fatal(`config file "${file}" loading error: While parsing config: yaml: ${error.message.split('\n')[0]}`);
  }
}

function fromFile(config, name) {
  let value = config?.content;
  for (const key of places[name] ?? [name]) value = value?.[key];
  return value ?? undefined;
}

function check(name, value) {
  const list = allowed[name];
  if (!list || value === undefined) return;
  for (const one of Array.isArray(value) ? value : [value]) {
    if (!list.includes(String(one)))
      throw new Fatal(
        `invalid argument "${one}" for "--${name}" flag: must be one of ${JSON.stringify(list).replaceAll(',', ' ')}`,
      );
  }
}
