import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import type { ArmRequest } from '../../../client/src/azure/arm.ts';
import { at, isObject, textAt, type Json } from '../../../client/src/azure/json.ts';
import { connected } from './scripted.ts';

/** Where real exchanges with Azure are kept, one file for each story; not in this repository. */
const folder = process.env['SHIPSHAPE_AZURE_DATA'];

interface Exchange {
  readonly method: ArmRequest['method'];
  readonly url: string;
  readonly status: number;
  readonly requestBody?: Json;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: Json;
}

void test('understands what the real Azure has answered', { skip: folder === undefined }, async (context) => {
  const files = readdirSync(folder ?? '').filter((file) => file.endsWith('.json'));
  assert.ok(files.length > 0, 'there is nothing to replay');
  for (const file of files) {
    await context.test(file, () => replay(read(join(folder ?? '', file))));
  }
});

/** Sends what was sent to Resource Manager, and lets each operation ask as often as it likes. */
async function replay(exchanges: readonly Exchange[]): Promise<void> {
  const rest = [...exchanges];
  const last = new Map<string, Exchange>();
  const httpClient: HttpClient = {
    sendRequest: (request) => {
      const index = rest.findIndex(({ method, url }) => method === request.method && url === request.url);
      // A recording holds fewer polls than there were: what was answered last is answered again.
      const again = last.get(`${request.method} ${request.url}`) ?? endOf(request.url, exchanges);
      const found = index === -1 ? again : rest.splice(index, 1)[0];
      assert.ok(found, `not in the recording: ${request.method} ${request.url}`);
      last.set(`${request.method} ${request.url}`, found);
      return Promise.resolve({
        request,
        status: isLastPoll(found, rest) ? 200 : found.status,
        headers: createHttpHeaders({ 'content-type': 'application/json', ...found.responseHeaders }),
        bodyAsText: found.responseBody === undefined ? '' : JSON.stringify(found.responseBody),
      });
    },
  };
  const { arm } = connected(httpClient);
  let sent = 0;
  for (const { method, url, requestBody } of exchanges) {
    const { host, pathname, searchParams } = new URL(url);
    const isPoll = /operation(statuses|results|s)\//i.test(pathname);
    if (host !== 'management.azure.com' || isPoll) continue;
    // Asked for by an operation already.
    if (!rest.some((one) => one.method === method && one.url === url)) continue;
    const apiVersion = searchParams.get('api-version') ?? '';
    const request: ArmRequest = {
      method,
      path: pathname,
      apiVersion,
      ...(isObject(requestBody) && { body: requestBody }),
    };
    const result = await arm.send(request);
    if (method === 'PUT') {
      assert.ok(isObject(result), `${url} gives the resource`);
      assert.match(textAt(result, 'id') ?? '', new RegExp(`${pathname.slice(pathname.lastIndexOf('/') + 1)}$`, 'i'));
      assert.ok([undefined, 'Succeeded'].includes(textAt(result, 'properties.provisioningState')), url);
    }
    sent++;
  }
  assert.ok(sent > 0, 'nothing was sent');
}

/** A recording may end before its last operation has. */
function endOf(url: string, exchanges: readonly Exchange[]): Exchange | undefined {
  const isGiven = exchanges.some(({ responseHeaders }) => responseHeaders?.['azure-asyncoperation'] === url);
  return isGiven ? { method: 'GET', url, status: 200, responseBody: { status: 'Succeeded' } } : undefined;
}

/** The recordings leave out the last answer of a swap, an empty 200. */
function isLastPoll({ method, url, status }: Exchange, rest: readonly Exchange[]): boolean {
  return status === 202 && method === 'GET' && !rest.some((one) => one.url === url);
}

function read(file: string): readonly Exchange[] {
  const story = JSON.parse(readFileSync(file, 'utf8')) as Json;
  const exchanges: unknown = at(story, 'exchanges');
  assert.ok(Array.isArray(exchanges), file);
  return exchanges as readonly Exchange[];
}
