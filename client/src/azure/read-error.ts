import { AzureError } from './azure-error.ts';
import { at, isObject, textAt, type Json, type JsonObject } from './json.ts';
import { redact } from './redact.ts';

/** Where an error was met. */
export interface ErrorPlace {
  readonly status: number;
  /** `PUT https://…`, without query. */
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Reads what Azure says when it refuses, in all the forms it has: Resource Manager's `{error: …}`, Microsoft.Web's PascalCase without a
 * wrapper, the error of an operation that failed, OAuth's, a registry's, and what a proxy answers in its place. Total.
 */
export function readError(body: Json | undefined, place: ErrorPlace): AzureError {
  const said = isObject(body) ? saidIn(body) : undefined;
  const common = {
    status: place.status,
    request: place.request,
    requestId: place.headers?.['x-ms-request-id'] ?? place.headers?.['x-ms-correlation-request-id'],
    retryAfter: retryAfterOf(place.headers ?? {}, Date.now()),
  };
  if (said === undefined) {
    const isWebPage = isPage(body);
    const message = isWebPage
      ? 'A web page came back instead of an answer of Azure'
      : // Text is at most shown in part: nobody knows what it quotes.
        typeof body === 'string' && body.trim() !== '' && body.length < 500
        ? body.trim()
        : 'There was no explanation';
    return new AzureError({ ...common, code: isWebPage ? 'WebPage' : `Http${place.status}`, message: redact(message) });
  }
  return new AzureError({
    ...common,
    code: said.code === '' ? `Http${place.status}` : said.code,
    message: redact(said.message === '' ? 'There was no explanation' : said.message),
    target: said.target === undefined ? undefined : redact(said.target),
    details: said.details.map(redact),
    extendedCode: said.extendedCode,
  });
}

export function isPage(body: Json | undefined): boolean {
  return typeof body === 'string' && /<html|<!doctype/i.test(body);
}

/** Milliseconds that Azure asks to wait. */
export function retryAfterOf(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const value = headers[name];
    if (value !== undefined && /^\d+$/.test(value.trim())) return Number(value);
  }
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

interface Said {
  readonly code: string;
  readonly message: string;
  readonly target: string | undefined;
  readonly details: readonly string[];
  readonly extendedCode: string | undefined;
}

function saidIn(body: JsonObject): Said | undefined {
  const wrapped =
    body['error'] ?? body['odata.error'] ?? (Array.isArray(body['errors']) ? at(body, 'errors.0') : undefined);
  if (typeof wrapped === 'string') {
    // OAuth.
    const message = textAt(body, 'error_description') ?? textAt(body, 'message') ?? wrapped;
    return { code: wrapped, message, target: undefined, details: [], extendedCode: undefined };
  }
  const outer = isObject(wrapped) ? wrapped : body;
  const found = [...layersOf(outer, 0)];
  const first = found[0];
  if (first === undefined) return undefined;

  // The innermost that says something; the outer ones are `DeploymentFailed`, `BadRequest` and the like.
  const telling = found.filter((one) => one.code !== '' && !sayingNothing.has(one.code.toLowerCase()));
  const best = telling[0] ?? found.find((one) => one.code !== '') ?? first;
  const message = best.message === '' ? first.message : best.message;
  return {
    code: best.code,
    message,
    target: best.target ?? found.find((one) => one.target !== undefined)?.target,
    details: [...new Set(found.map((one) => one.message))].filter((text) => text !== '' && text !== message),
    extendedCode: found.find((one) => one.extendedCode !== undefined)?.extendedCode,
  };
}

const sayingNothing = new Set([
  'deploymentfailed',
  'invalidtemplatedeployment',
  'resourcedeploymentfailure',
  'badrequest',
  'failed',
  'error',
  'internalservererror',
]);

type Layer = Omit<Said, 'details'>;

/** An error and all that is inside, whatever case its keys are written in. */
function* layersOf(error: JsonObject, depth: number): Iterable<Layer> {
  if (depth > 5) return;
  const code = textOf(error, 'code') ?? '';
  const message = messageOf(error);
  const inside = typeof message === 'object' ? message : undefined;
  const text = typeof message === 'string' ? message : '';
  const extendedCode = textOf(error, 'extendedCode');
  if (code !== '' || text !== '') {
    yield { code, message: text, target: textOf(error, 'target'), extendedCode };
  }
  if (inside !== undefined) yield* layersOf(inside, depth + 1);
  const details = valueOf(error, 'details');
  for (const detail of Array.isArray(details) ? (details as readonly Json[]) : []) {
    if (isObject(detail)) yield* layersOf(detail, depth + 1);
  }
  for (const key of ['errorEntity', 'innererror', 'error']) {
    const inner = valueOf(error, key);
    if (isObject(inner)) yield* layersOf(inner, depth + 1);
  }
}

/** Some providers put the JSON of another error where the message belongs. */
function messageOf(error: JsonObject): string | JsonObject {
  const message = valueOf(error, 'message');
  // OData: `{lang, value}`.
  if (isObject(message)) return textOf(message, 'value') ?? '';
  if (typeof message !== 'string') return '';
  if (!message.trimStart().startsWith('{')) return message;
  try {
    const inside: unknown = JSON.parse(message);
    return isObject(inside) ? inside : message;
  } catch {
    return message;
  }
}

function valueOf(object: JsonObject, key: string): Json | undefined {
  if (Object.hasOwn(object, key)) return object[key];
  const wanted = key.toLowerCase();
  for (const [name, value] of Object.entries(object)) {
    if (name.toLowerCase() === wanted) return value;
  }
  return undefined;
}

function textOf(object: JsonObject, key: string): string | undefined {
  const value = valueOf(object, key);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
