import { Agent } from 'node:https';
import { createDefaultHttpClient, RestError, type HttpClient } from '@azure/core-rest-pipeline';

/** Azure's own hosts, for which the local Azure answers. */
const azureHosts = [
  'management.azure.com',
  'login.microsoftonline.com',
  'api.loganalytics.io',
  'management.usgovcloudapi.net',
  'login.microsoftonline.us',
  'api.loganalytics.us',
  'management.chinacloudapi.cn',
  'login.chinacloudapi.cn',
  'login.partner.microsoftonline.cn',
  'api.loganalytics.azure.cn',
];

/**
 * Sends what is meant for Azure to the local one, with the real host's name in its `Host` header, so that answers hold real addresses.
 * Hosts of ours are passed through; to every other there is no way.
 */
export function createHttpClient(options: {
  readonly host: string;
  readonly certificate: string;
  readonly isOurs: (host: string) => boolean;
}): { readonly client: HttpClient; readonly close: () => void } {
  const network = createDefaultHttpClient();
  // No server name: certificates are checked against the address, not against the `Host` header.
  const agent = new Agent({ ca: options.certificate, keepAlive: true, servername: '' });
  return {
    client: {
      sendRequest: async (request) => {
        const asked = new URL(request.url);
        const isAzures = asked.protocol === 'https:' && azureHosts.includes(asked.host);
        if (!isAzures && !options.isOurs(asked.host)) {
          throw new RestError(`The local Azure knows no host '${asked.host}' (${request.method} ${request.url})`, {
            code: 'ENOTFOUND',
            request,
          });
        }
        const [url, previous] = [request.url, request.agent];
        if (isAzures) {
          request.headers.set('host', asked.host);
          request.url = `https://${options.host}${asked.pathname}${asked.search}`;
        }
        if (asked.protocol === 'https:') request.agent = agent;
        try {
          return await network.sendRequest(request);
        } finally {
          request.url = url;
          if (previous === undefined) delete request.agent;
          else request.agent = previous;
          if (isAzures) request.headers.delete('host');
        }
      },
    },
    close: () => agent.destroy(),
  };
}
