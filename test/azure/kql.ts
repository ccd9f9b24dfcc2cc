import type { Json, JsonObject } from '../../client/src/azure/json.ts';
import { KqlError, parseKql, type Column, type Expression, type Operator } from './kql-parse.ts';

type Row = Readonly<Record<string, Json>>;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly JsonObject[];
}

/** Runs a query on tables; `undefined` is a table that there is not. Throws a `KqlError` as the query service would. */
export function runKql(source: string, tableOf: (name: string) => Table | undefined): Table {
  const { table, operators } = parseKql(source);
  const found = tableOf(table);
  if (found === undefined) {
    throw new KqlError(
      'SemanticError',
      `'where' operator: Failed to resolve table or column expression named '${table}'`,
    );
  }
  return operators.reduce(apply, found);
}

function apply({ columns, rows }: Table, operator: Operator): Table {
  switch (operator.kind) {
    case 'where':
      checkColumns(operator.condition, columns);
      return { columns, rows: rows.filter((row) => evaluate(operator.condition, row) === true) };
    case 'project':
    case 'extend': {
      // A column may use those before it in the same list.
      const known = [...columns];
      for (const { name, value } of operator.columns) {
        checkColumns(value, known);
        known.push(name);
      }
      const names = operator.columns.map(({ name }) => name);
      const extended = rows.map((row) => withColumns(row, operator.columns));
      if (operator.kind === 'extend') return { columns: [...new Set([...columns, ...names])], rows: extended };
      return {
        columns: names,
        rows: extended.map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null]))),
      };
    }
    case 'summarize':
      return summarize({ columns, rows }, operator.columns, operator.by);
    case 'order':
      for (const { value } of operator.by) checkColumns(value, columns);
      return {
        columns,
        rows: rows.toSorted((left, right) => {
          for (const { value, ascending } of operator.by) {
            const order = compare(evaluate(value, left), evaluate(value, right));
            if (order !== 0) return ascending ? order : -order;
          }
          return 0;
        }),
      };
    case 'take':
      return { columns, rows: rows.slice(0, operator.count) };
  }
}

function summarize({ columns, rows }: Table, wanted: readonly Column[], by: readonly Column[]): Table {
  for (const { value } of [...wanted, ...by]) checkColumns(value, columns);
  const groups = new Map<string, { readonly keys: Row; readonly rows: Row[] }>();
  for (const row of rows) {
    const keys = Object.fromEntries(by.map(({ name, value }) => [name, evaluate(value, row)]));
    const key = JSON.stringify(keys);
    const group = groups.get(key) ?? { keys, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  // Without `by` there is one row, even of nothing.
  if (by.length === 0 && groups.size === 0) groups.set('', { keys: {}, rows: [] });
  return {
    columns: [...by, ...wanted].map(({ name }) => name),
    rows: [...groups.values()].map((group) => ({
      ...group.keys,
      ...Object.fromEntries(wanted.map(({ name, value }) => [name, aggregate(value, group.rows)])),
    })),
  };
}

function aggregate(value: Expression, rows: readonly Row[]): Json {
  if (value.kind !== 'call') throw new KqlError('SemanticError', 'summarize wants aggregates');
  const [first, second] = value.given;
  const all = first === undefined ? [] : rows.map((row) => evaluate(first, row)).filter((one) => one !== null);
  const numbers = all.filter((one) => typeof one === 'number');
  const sorted = all.toSorted(compare);
  switch (value.name) {
    case 'count':
      return rows.length;
    case 'countif':
      return all.filter((one) => one === true).length;
    case 'dcount':
      return new Set(all.map((one) => JSON.stringify(one))).size;
    case 'min':
      return sorted[0] ?? null;
    case 'max':
      return sorted.at(-1) ?? null;
    case 'sum':
      return numbers.reduce((total, one) => total + one, 0);
    case 'avg':
      return numbers.length === 0 ? null : numbers.reduce((total, one) => total + one, 0) / numbers.length;
    case 'percentile': {
      const part = second === undefined ? 50 : Number(evaluate(second, {}));
      return sorted[Math.max(0, Math.ceil((part / 100) * sorted.length) - 1)] ?? null;
    }
    default:
      throw new KqlError('SemanticError', `Unknown function: '${value.name}'.`);
  }
}

function withColumns(row: Row, columns: readonly Column[]): JsonObject {
  const extended: Record<string, Json> = { ...row };
  for (const { name, value } of columns) extended[name] = evaluate(value, extended);
  return extended;
}

function evaluate(expression: Expression, row: Row): Json {
  switch (expression.kind) {
    case 'value':
    case 'span':
      return expression.value;
    case 'column':
      return row[expression.name] ?? null;
    case 'call':
      return call(
        expression.name,
        expression.given.map((one) => evaluate(one, row)),
      );
  }
}

function call(name: string, given: readonly Json[]): Json {
  const [left = null, right = null, third = null] = given;
  const text = textOf(left);
  const folded = text.toLowerCase();
  const has = (word: Json): boolean =>
    new RegExp(`(^|\\W)${textOf(word).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}($|\\W)`, 'i').test(text);
  switch (name) {
    case 'and':
      return left === true && right === true;
    case 'or':
      return left === true || right === true;
    case 'not':
      return left !== true;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '=~':
      return folded === textOf(right).toLowerCase();
    case '!~':
      return folded !== textOf(right).toLowerCase();
    // Nothing compares with what is not there.
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (left === null || right === null) return false;
      const order = compare(left, right);
      return name === '<' ? order < 0 : name === '<=' ? order <= 0 : name === '>' ? order > 0 : order >= 0;
    }
    case '+':
      return Number(left) + Number(right);
    case '-':
      return Number(left) - Number(right);
    case '*':
      return Number(left) * Number(right);
    case '/':
      return Number(left) / Number(right);
    case 'contains':
      return folded.includes(textOf(right).toLowerCase());
    case '!contains':
      return !folded.includes(textOf(right).toLowerCase());
    case 'startswith':
      return folded.startsWith(textOf(right).toLowerCase());
    case 'endswith':
      return folded.endsWith(textOf(right).toLowerCase());
    case 'has':
      return has(right);
    case '!has':
      return !has(right);
    case 'has_any':
      return given.slice(1).some(has);
    case 'has_all':
      return given.slice(1).every(has);
    case 'in':
      return given.slice(1).includes(left);
    case '!in':
      return !given.slice(1).includes(left);
    case 'in~':
      return given.slice(1).some((one) => textOf(one).toLowerCase() === folded);
    case 'ago':
      return new Date(Date.now() - Number(left)).toISOString();
    case 'now':
      return new Date().toISOString();
    case 'bin': {
      const size = Number(right);
      if (typeof left === 'number') return Math.floor(left / size) * size;
      return left === null ? null : new Date(Math.floor(Date.parse(text) / size) * size).toISOString();
    }
    case 'extract':
      return new RegExp(text).exec(textOf(third))?.[Number(right)] ?? '';
    case 'toint':
    case 'tolong':
      return text === '' || Number.isNaN(Number(text)) ? null : Math.trunc(Number(text));
    case 'todouble':
    case 'toreal':
      return text === '' || Number.isNaN(Number(text)) ? null : Number(text);
    case 'tostring':
      return text;
    case 'tolower':
      return folded;
    case 'strcat':
      return given.map(textOf).join('');
    case 'isnull':
      return left === null;
    case 'isnotnull':
      return left !== null;
    case 'isempty':
      return text === '';
    case 'isnotempty':
      return text !== '';
    case 'iff':
      return left === true ? right : third;
    default:
      throw new KqlError('SemanticError', `Unknown function: '${name}'.`);
  }
}

function checkColumns(expression: Expression, columns: readonly string[]): void {
  if (expression.kind === 'call') for (const one of expression.given) checkColumns(one, columns);
  if (expression.kind !== 'column' || columns.includes(expression.name)) return;
  throw new KqlError('SemanticError', `Failed to resolve scalar expression named '${expression.name}'`);
}

function compare(left: Json, right: Json): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [one, other] = [textOf(left), textOf(right)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}
