import type { AzureError } from './azure-error.ts';
import type { Explanation } from './explanation.ts';
import { groupOf, nameOf } from './resource-id.ts';

/** One thing that Azure can mean; `undefined` when it means another. The first that knows is right. */
export type Refusal = (error: AzureError) => Explanation | undefined;

/** When the code is one of these, and its message says this, if that matters. */
export function on(
  codes: RegExp,
  says: RegExp,
  explain: (error: AzureError, found: RegExpExecArray) => Explanation,
): Refusal {
  return (error) => {
    if (!codes.test(error.code)) return undefined;
    const found = says.exec([error.message, ...error.details].join('\n'));
    return found === null ? undefined : explain(error, found);
  };
}

export const anything = /^/;

/** The resource that the request was about: nobody knows what a `list` or `config/appsettings` of it is. */
export function pathOf({ request }: AzureError): string {
  const path = /https?:\/\/[^/]+(\/[^\s?]*)/.exec(request)?.[1]?.replace(/\/$/, '') ?? '';
  const [, resource = path] =
    /^(.*\/providers\/[^/]+(?:\/[^/]+\/[^/]+)+?)(?:\/config\/[^/]+)?(?:\/[^/]+)?$/i.exec(path) ?? [];
  return resource;
}

export function groupIn(error: AzureError): string {
  return groupOf(pathOf(error)) ?? nameOf(pathOf(error));
}
