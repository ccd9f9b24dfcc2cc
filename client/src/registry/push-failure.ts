import { openPortal, rebuild, retry, showLog } from '../azure/explanation.ts';
import { Refused } from '../azure/refused.ts';
import { lastLine } from '../tools/last-line.ts';
import { keptOut, withoutRights } from './refusals.ts';
import type { Registry } from './registry.ts';

/** Why a tool could not log in or push, in one sentence. */
export function whyRefused(said: string, registry: Registry, doing: 'login' | 'push'): Refused {
  const { id, name, loginServer } = registry;
  const inPortal = openPortal(id === '' ? undefined : id);
  if (/client with IP '[^']+'|not allowed access/i.test(said)) return keptOut(registry, said);
  if (/x509|certificate/i.test(said))
    return new Refused(
      `The certificate of '${loginServer}' is not trusted by your container tool: check the proxy`,
      showLog,
    );
  if (/\bunauthorized\b|\bdenied\b|authentication required|\b401\b|\b403\b/i.test(said))
    return withoutRights(registry, 'push');
  if (/no such host|server misbehaving|Name or service not known/i.test(said))
    return new Refused(`'${loginServer}' was not found: is the registry's private network the only way in?`, inPortal);
  if (/does not exist locally|No such image|image not known/i.test(said))
    return new Refused('The image is not there any more: build it again', rebuild());
  if (/no space left/i.test(said))
    return new Refused('There is no room left on the disk: free some, then push again', retry);
  if (/storage (?:limit|quota)|quota exceeded|size limit/i.test(said))
    return new Refused(`The registry '${name}' is full: remove old images from it, or choose a larger size`, inPortal);
  if (/Cannot connect to the Docker daemon|Is the docker daemon running|cannot connect to Podman/i.test(said))
    return new Refused('Your container tool stopped answering: start it, then try again', retry);
  if (isLostConnection(said)) return new Refused(`The connection to '${loginServer}' was lost: try again`, retry);
  const what = doing === 'login' ? `Logging in to '${name}' failed` : `Pushing to '${name}' failed`;
  const last = lastLine(said).replace(/^(?:Error response from daemon|Error|error|FATA\[\d*\]):? */, '');
  return new Refused(last === '' ? `${what}: the log says why` : `${what}: ${last.slice(0, 200)}`, showLog);
}

/** Trying again may help. */
export function isLostConnection(said: string): boolean {
  return /\bEOF\b|connection reset|connection refused|broken pipe|i\/o timeout|TLS handshake timeout|Client\.Timeout|request canceled while waiting|no route to host|network is unreachable|use of closed network connection|unexpected HTTP status: 5\d\d|received unexpected HTTP status: 5\d\d|502 Bad Gateway|503 Service Unavailable|504 Gateway/i.test(
    said,
  );
}
