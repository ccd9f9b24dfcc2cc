import { writeFileSync } from 'node:fs';
import { isObject, type Json, type JsonObject } from '../../client/src/azure/json.ts';
import type { Exchange } from './local-azure.ts';

/** Keeps what was asked and answered, without the secrets that only carry rights. */
export interface Traffic {
  readonly exchanges: readonly Exchange[];
  readonly record: (exchange: Exchange) => void;
  readonly write: (file: string) => void;
}

export function createTraffic(): Traffic {
  const exchanges: Exchange[] = [];
  return {
    exchanges,
    record: ({ method, url, requestBody, status, responseBody }) =>
      void exchanges.push({
        method,
        url: withoutSignatures(url),
        ...(requestBody === undefined ? {} : { requestBody: withoutTokens(requestBody) }),
        ...(status === undefined ? {} : { status }),
        ...(responseBody === undefined ? {} : { responseBody: withoutTokens(responseBody) }),
      }),
    write: (file) =>
      writeFileSync(file, exchanges.map((exchange) => `${JSON.stringify(checkable(exchange))}\n`).join('')),
  };
}

/** The documents of registries and of shared keys declare no refusals at all, and Entra ID has none: of those only the question can be checked. */
function checkable(exchange: Exchange): Exchange {
  const { method, url, requestBody, status = 0 } = exchange;
  const isUndeclared =
    /\/(Microsoft\.ContainerRegistry\/|workspaces\/[^/]+\/sharedKeys|v2\.0\/\.well-known\/openid-configuration)/i.test(
      url,
    );
  if (status < 400 || !isUndeclared) return exchange;
  return { method, url, ...(requestBody === undefined ? {} : { requestBody }) };
}

/** JSON, or a form as an object; everything else is not kept. */
export function readable(text: string, contentType: string | undefined): Json | undefined {
  if (text === '') return undefined;
  if (contentType?.includes('x-www-form-urlencoded') === true) return Object.fromEntries(new URLSearchParams(text));
  if (contentType !== undefined && !contentType.includes('json')) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const carrying =
  /^(access_?token|refresh_?token|id_?token|client_secret|client_assertion|assertion|device_code|token|password|publishingPassword|scmUri|primarySharedKey|secondarySharedKey|sharedKey)$/i;

function withoutTokens(value: Json): Json {
  if (typeof value === 'string') return withoutSignatures(value);
  if (isList(value)) return value.map(withoutTokens);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]): [string, Json] => [
      key,
      carrying.test(key) && typeof inner === 'string' ? `<${key}>` : withoutTokens(inner),
    ]),
  ) satisfies JsonObject;
}

/** Of operations (`t`, `c`, `s`, `h`), of storage (`sig`). */
function withoutSignatures(text: string): string {
  if (!/^https?:\/\//.test(text)) return text;
  return text.replace(/([?&](?:t|c|s|h|sig|code)=)[^&]{8,}/g, '$1<…>');
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
