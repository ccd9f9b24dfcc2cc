import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppChoices } from '../../../../client/src/deploy/choices.ts';
import { docker as client, privateConfig } from '../../../azure/registry/docker-client.ts';
import { exchange } from '../../../azure/registry/lab.ts';
import { startLocalAzure } from '../../../azure/start.ts';
import { textAt } from '../../../../client/src/azure/json.ts';
import { baseImage, docker, dockerTest, ensureBaseImage } from '../../../docker/docker.ts';
import { containerApp, containerGroup } from '../targets.ts';
import { placeholder, planUpdate, scenarioOf, type Scenario } from './chaos.ts';
import { chaosTests, type Chaos } from './chaos-tests.ts';
import { target } from './support.ts';

// Container Apps and Container Instances make nothing of an image that they cannot pull and run: here it is real.

const apps: readonly { readonly what: string; readonly change: string; readonly app: AppChoices }[] = [
  {
    what: 'to Container Apps',
    change: 'a change of a container app',
    app: { ...containerApp, name: `app-${placeholder}` },
  },
  {
    what: 'to Container Instances',
    change: 'a change of a container group',
    app: { ...containerGroup, name: `app-${placeholder}`, dnsLabel: `label-${placeholder}` },
  },
];

for (const { what, change, app } of apps) {
  const deploys = { together: 2, after: 'changes', test: dockerTest } as const;
  chaosTests({ ...deploys, what, begin: () => start(app), seeds: 2 });
  chaosTests({ ...deploys, what: change, isUpdate: true, begin: () => start(app, planUpdate), seeds: 0 });
}

async function start(app: AppChoices, next?: Scenario['next']): ReturnType<Chaos['begin']> {
  const azure = await startLocalAzure({ times: { replication: 20, operation: 5, retryAfter: 0 } });
  const scenario = await scenarioOf(azure, {
    ...target,
    subscription: azure.subscription,
    resourceGroup: `shop-${placeholder}`,
    registry: { name: `shop${placeholder}`, sku: 'Basic' },
    port: 8080,
    env: { COLOR: 'blue' },
    secrets: { database: { from: 'ask' } },
    tags: { team: 'shop' },
    app,
  });
  ensureBaseImage();
  const image = `shipshape-test/chaos-${randomUUID().slice(0, 8)}:1`;
  const names = new Set([image]);
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
  writeFileSync(join(folder, 'Dockerfile'), `FROM ${baseImage}\nCMD ["httpd", "-f", "-p", "8080"]\n`);
  docker('build', '--quiet', '--tag', image, folder);
  return {
    azure,
    scenario: {
      ...scenario,
      ...(next && { next }),
      push: async (loginServer, repository, tag) => {
        const password = textAt((await exchange(azure, loginServer, scenario.token)).body, 'refresh_token') ?? '';
        const login = { username: '00000000-0000-0000-0000-000000000000', password };
        const config = privateConfig(folder, { [loginServer]: login });
        const full = `${loginServer}/${repository}:${tag}`;
        // Removed in the end: a life that died may still be pushing it.
        names.add(full);
        docker('tag', image, full);
        const { code, output } = await client(['push', '--quiet', full], { config: config.folder });
        if (code !== 0) throw new Error(output);
      },
    },
    end: () => {
      spawnSync('docker', ['image', 'rm', '--force', ...names], { stdio: 'ignore' });
      rmSync(folder, { recursive: true });
    },
  };
}
