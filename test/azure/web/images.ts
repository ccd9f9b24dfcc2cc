import type { TestContext } from 'node:test';
import { textAt } from '../../../client/src/azure/json.ts';
import { baseImage, imageOf } from '../../docker/docker.ts';
import { docker, privateConfig } from '../registry/docker-client.ts';
import { exchange } from '../registry/lab.ts';
import type { Calling } from './calling.ts';

/** A registry of the local Azure with an app in two versions, `shop:1` and `shop:2`, pushed as a user would. */
export interface Pushed {
  readonly id: string;
  readonly loginServer: string;
}

export async function pushApp(context: TestContext, calling: Calling): Promise<Pushed> {
  const { azure, done, group, token } = calling;
  const id = `${group}/providers/Microsoft.ContainerRegistry/registries/shopreg`;
  await done('PUT', id, { location: 'westeurope', sku: { name: 'Basic' } }, '2023-07-01');
  await azure.settled();
  const loginServer = textAt(await done('GET', id, undefined, '2023-07-01'), 'properties.loginServer') ?? '';
  const { body } = await exchange(azure, loginServer, token);
  const password = textAt(body, 'refresh_token') ?? '';
  const username = '00000000-0000-0000-0000-000000000000';
  const config = privateConfig(azure.core.folder, { [loginServer]: { username, password } });
  for (const version of ['1', '2']) {
    const image = imageOf(context, { Dockerfile: dockerfileOf(version) });
    const name = `${loginServer}/shop:${version}`;
    await docker(['tag', image, name]);
    const push = await docker(['push', '--quiet', name], { config: config.folder });
    if (push.code !== 0) throw new Error(push.output);
    // The site has to fetch it for itself.
    await docker(['image', 'rm', name]);
  }
  return { id, loginServer };
}

function dockerfileOf(version: string): string {
  const page = `echo "version ${version} $COLOR" >/tmp/www/index.html`;
  const run = `mkdir -p /tmp/www && ${page} && echo "app ${version} is here" && exec httpd -f -p $PORT -h /tmp/www`;
  return `FROM ${baseImage}\nEXPOSE 8080\nCMD [ "$BROKEN" = yes ] && exec sleep 100; ${run}\n`;
}

/** Asks until it is so: what is waited for here ends when a container is ready, which nothing tells outside. */
export async function until<T>(
  ask: () => Promise<T>,
  isSo: (answer: T) => boolean,
  milliseconds = 120_000,
): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    if (Date.now() > end) throw new Error(`It did not come to be: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
