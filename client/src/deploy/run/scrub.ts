import { AzureError, isAzureError } from '../../azure/azure-error.ts';
import { isObject, type Json } from '../../azure/json.ts';
import { isUserError } from '../../ui/user-error.ts';

/** Keeps what is secret out of all that leaves the engine, whoever repeated it: Azure quotes parts of requests in its errors. */
export interface Scrubber {
  readonly hide: (secret: string) => void;
  /** Every text in it. */
  readonly hideAll: (value: Json) => void;
  readonly clean: (text: string) => string;
  /** The same error without secrets; its kind stays, so that it can be explained. */
  readonly cleanError: (error: unknown) => unknown;
}

/** Shorter ones cannot be told from ordinary words. */
const shortest = 4;
const mask = '***';

export function createScrubber(): Scrubber {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;

  const hide = (secret: string): void => {
    const lines = secret.includes('\n') ? secret.split(/\r?\n/).filter((line) => line.trim().length >= 8) : [];
    for (const text of [secret, secret.trim(), ...lines]) {
      if (text.length < shortest) continue;
      for (const form of formsOf(text)) forms.add(form);
    }
    pattern = undefined;
  };
  const hideAll = (value: Json): void => {
    if (typeof value === 'string') hide(value);
    else if (Array.isArray(value)) (value as readonly Json[]).forEach(hideAll);
    else if (isObject(value)) Object.values(value).forEach(hideAll);
  };
  const clean = (text: string): string => {
    // Longest first, so that a secret which is a part of another leaves nothing of it.
    pattern ??= forms.size === 0 ? /(?!)/gu : new RegExp(sorted(forms).map(escaped).join('|'), 'gu');
    return text.replace(pattern, mask).replace(tokens, mask).replace(signatures, `$1${mask}`);
  };
  return { hide, hideAll, clean, cleanError: (error) => cleanError(error, clean) };
}

/** JSON Web Tokens, whole or without their signature. */
const tokens = /\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/gu;
/** What makes a signed address worth something, and passwords in connection strings. */
const signatures = /([?&;]?\b(?:sig|AccountKey|SharedAccessKey|InstrumentationKey|password|pwd)=)[^&;\s"']+/giu;

/** As it is, and as it looks in an address, in JSON and in base64. */
function formsOf(text: string): string[] {
  const forms = [text, JSON.stringify(text).slice(1, -1), Buffer.from(text, 'utf8').toString('base64')];
  try {
    forms.push(encodeURIComponent(text));
  } catch {
    // Half a surrogate pair has no form in an address.
  }
  return forms;
}

function cleanError(error: unknown, clean: (text: string) => string): unknown {
  if (isAzureError(error)) {
    return new AzureError({
      status: error.status,
      code: error.code,
      requestId: error.requestId,
      extendedCode: error.extendedCode,
      retryAfter: error.retryAfter,
      message: clean(error.message),
      request: clean(error.request),
      target: error.target === undefined ? undefined : clean(error.target),
      details: error.details.map(clean),
    });
  }
  if (isUserError(error)) {
    // Its kinds hold texts only: a reason, the last lines of an app, which may write its own secrets there.
    for (const [key, value] of Object.entries(error) as readonly [string, unknown][]) {
      if (typeof value === 'string') Reflect.set(error, key, clean(value));
      if (Array.isArray(value))
        Reflect.set(
          error,
          key,
          value.map((item) => (typeof item === 'string' ? clean(item) : '')),
        );
    }
    error.message = clean(error.message);
    if (error.stack !== undefined) error.stack = clean(error.stack);
    return error;
  }
  const plain = new Error(clean(error instanceof Error ? error.message : String(error)));
  if (error instanceof Error) {
    plain.name = error.name;
    if (error.stack !== undefined) plain.stack = clean(error.stack);
  }
  return plain;
}

function sorted(texts: ReadonlySet<string>): string[] {
  return [...texts].sort((left, right) => right.length - left.length);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&');
}
