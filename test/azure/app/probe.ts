import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { App } from '../containers.ts';
import { listAt, numberAt, objectAt } from './json-edit.ts';

export interface Probe {
  readonly type: 'Liveness' | 'Readiness' | 'Startup';
  readonly delay: number;
  readonly period: number;
  readonly timeout: number;
  readonly failures: number;
  readonly port: number;
  readonly http:
    { readonly path: string; readonly scheme: string; readonly headers: Record<string, string> } | undefined;
}

/** A second of a probe takes so many milliseconds here, so that tests need not wait as users do. */
const second = 100;

export function probesOf(container: JsonObject): readonly Probe[] {
  return listAt(container, 'probes').map((probe) => {
    const http = objectAt(probe, 'httpGet');
    const type = textAt(probe, 'type') ?? 'Liveness';
    const headers = listAt(http, 'httpHeaders').map((one) => [textAt(one, 'name') ?? '', textAt(one, 'value') ?? '']);
    return {
      type: /^startup$/i.test(type) ? 'Startup' : /^readiness$/i.test(type) ? 'Readiness' : 'Liveness',
      delay: (numberAt(probe, 'initialDelaySeconds') ?? 0) * second,
      period: Math.max((numberAt(probe, 'periodSeconds') ?? 10) * second, 200),
      // Not how busy this machine is, but whether there is an answer.
      timeout: Math.max((numberAt(probe, 'timeoutSeconds') ?? 1) * 1000, 30_000),
      failures: numberAt(probe, 'failureThreshold') ?? 3,
      port: numberAt(http, 'port') ?? numberAt(objectAt(probe, 'tcpSocket'), 'port') ?? 0,
      http:
        Object.keys(http).length === 0
          ? undefined
          : {
              path: textAt(http, 'path') ?? '/',
              scheme: (textAt(http, 'scheme') ?? 'HTTP').toLowerCase(),
              headers: Object.fromEntries(headers) as Record<string, string>,
            },
    };
  });
}

/** What Container Apps adds where ingress is on and the container has no probes of its own: that the port is open. */
export function defaultProbe(port: number): Probe {
  return { type: 'Startup', delay: 0, period: 200, timeout: 5000, failures: 150, port, http: undefined };
}

/**
 * `undefined` if it is well, else what is wrong, in the platform's words. A server that hangs up before it is heard out may do so for any answer.
 */
export async function ask(app: App, probe: Probe): Promise<string | undefined> {
  let told = await askOnce(app, probe);
  for (let more = 2; more > 0 && told?.includes('ECONNRESET') === true; more--) told = await askOnce(app, probe);
  return told;
}

async function askOnce(app: App, probe: Probe): Promise<string | undefined> {
  const { http, port, type, timeout } = probe;
  if (http === undefined) {
    return (await app.answers(port, 0))
      ? undefined
      : `Probe of ${type} failed: dial tcp: connection refused on port ${port}`;
  }
  const place = await app.reach(port).catch(() => undefined);
  if (place === undefined) return `Probe of ${type} failed with status code: the container does not run`;
  return new Promise((resolve) => {
    const send = http.scheme === 'https' ? overHttps : overHttp;
    const options = {
      ...place,
      path: http.path,
      headers: http.headers,
      timeout,
      agent: false,
      rejectUnauthorized: false,
    };
    const sent = send(options, (answer) => {
      const status = answer.statusCode ?? 0;
      answer.resume();
      resolve(status >= 200 && status < 400 ? undefined : `Probe of ${type} failed with status code: ${status}`);
    });
    sent.once('timeout', () => sent.destroy(new Error('timeout')));
    sent.once('error', (error) => resolve(`Probe of ${type} failed with error: ${error.message}`));
    sent.end();
  });
}
