import type { TokenCredential } from '@azure/core-auth';
import type { StreamOptions } from './arm.ts';
import { sendAs } from './authorize.ts';
import { AzureError } from './azure-error.ts';
import type { Cloud } from './cloud.ts';
import { errorOf, nameOf, throwIfCancelled, type Http, type HttpRequest, type OpenAnswer } from './http.ts';
import { sendSafely, type Wait } from './send-safely.ts';

export interface Sender {
  readonly http: Http;
  readonly credential: TokenCredential;
  readonly cloud: Cloud;
  readonly tenant: string | undefined;
  readonly wait: Wait;
}

const mostRedirects = 5;

/** Reads another host of Azure, whose address Azure has told us: logs of sites and apps, blobs with a signature. */
export async function* openStream(sender: Sender, url: string, options: StreamOptions): AsyncGenerator<string> {
  let answer: OpenAnswer | undefined;
  let next = url;
  for (let hops = 0; answer === undefined; hops++) {
    const request: HttpRequest = { method: 'GET', url: next, headers: { accept: 'text/plain, */*' } };
    if (!URL.canParse(next) || new URL(next).protocol !== 'https:') throw refused(request, 'Not an https address');
    // As browsers do: a token goes to the host that it was meant for, not to where that one sends us.
    const as = new URL(next).origin === new URL(url).origin ? options.as : 'none';
    const found = await sendSafely(request, () => open(sender, request, as, options.signal), sender.wait, options);
    const { location } = found.headers;
    if (found.status >= 300 && found.status < 400 && location !== undefined && hops < mostRedirects) {
      next = new URL(location, next).href;
      continue;
    }
    if (found.status >= 300) throw errorOf(request, found);
    answer = found;
  }
  const decoder = new TextDecoder();
  for await (const part of answer.stream ?? []) {
    const text = typeof part === 'string' ? part : decoder.decode(part, { stream: true });
    throwIfCancelled(options.signal);
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

function open(
  { http, credential, cloud, tenant }: Sender,
  request: HttpRequest,
  as: StreamOptions['as'],
  signal: AbortSignal | undefined,
): Promise<OpenAnswer> {
  if (as === 'none') return http.open(request, signal);
  const withToken = (headers: Readonly<Record<string, string>>): Promise<OpenAnswer> =>
    http.open({ ...request, headers: { ...request.headers, ...headers } }, signal);
  if ('token' in as) return withToken({ authorization: `Bearer ${as.token}` });
  return sendAs(credential, cloud, { tenant, audience: as.audience, signal }, withToken);
}

function refused(request: HttpRequest, message: string): AzureError {
  return new AzureError({ status: 0, code: 'ForeignAddress', message, request: nameOf(request) });
}
