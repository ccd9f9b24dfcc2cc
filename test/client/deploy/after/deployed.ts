import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Arm } from '../../../../client/src/azure/arm.ts';
import { textAt } from '../../../../client/src/azure/json.ts';
import type { AppChoices, Target } from '../../../../client/src/deploy/choices.ts';
import { clock } from '../../../../client/src/deploy/clock.ts';
import { streamLogs, type StreamedLogs } from '../../../../client/src/deploy/after/stream-logs.ts';
import type { Plan } from '../../../../client/src/deploy/plan.ts';
import type { AppPlace } from '../../../../client/src/deploy/step.ts';
import type { Outcome } from '../../../../client/src/deploy/world.ts';
import type { LocalAzure, StartOptions } from '../../../azure/local-azure.ts';
import { docker as client, privateConfig } from '../../../azure/registry/docker-client.ts';
import { exchange } from '../../../azure/registry/lab.ts';
import { startLocalAzure } from '../../../azure/start.ts';
import { baseImage, docker, folderOf, imageOf } from '../../../docker/docker.ts';
import { live, placeholder, scenarioOf } from '../engine/chaos.ts';
import { close, localArm } from '../engine/local.ts';
import { target } from '../engine/support.ts';

export { placeholder };

/** A local Azure into which apps are deployed that really run. */
export interface Deployed {
  readonly azure: LocalAzure;
  readonly arm: Arm;
  readonly user: { readonly objectId: string };
  /** Plans and executes; gives the target with its real names. The app says `text` once, and then counts. */
  readonly deploy: (app: AppChoices, text: string, more?: Partial<Target>) => Promise<Target>;
  /** What was planned, and how it ended, one after the other. */
  readonly deployments: readonly { readonly plan: Plan; readonly outcome: Outcome }[];
}

export async function startDeployed(context: TestContext, times: StartOptions['times'] = {}): Promise<Deployed> {
  const azure = await startLocalAzure({ times: { replication: 20, operation: 5, retryAfter: 0, ...times } });
  context.after(() => close(azure));
  const user = azure.user();
  const name = `t${randomUUID().slice(0, 8)}`;
  const names = new Set<string>();
  const deployments: { readonly plan: Plan; readonly outcome: Outcome }[] = [];
  context.after(() => void spawnSync('docker', ['image', 'rm', '--force', ...names], { stdio: 'ignore' }));
  const folder = folderOf(context, {});
  return {
    azure,
    user,
    deployments,
    arm: localArm(azure, azure.httpClient, user.token),
    deploy: async (app, text, more = {}) => {
      const image = imageOf(context, { Dockerfile: dockerfile(text) });
      const wanted: Target = {
        ...target,
        subscription: azure.subscription,
        resourceGroup: `shop-${placeholder}`,
        registry: { name: `shop${placeholder}`, sku: 'Basic' },
        port: 8080,
        app,
        ...more,
      };
      const real = JSON.parse(JSON.stringify(wanted).replaceAll(placeholder, name)) as Target;
      const scenario = await scenarioOf(azure, real);
      const push = async (loginServer: string, repository: string, tag: string): Promise<void> => {
        const password = textAt((await exchange(azure, loginServer, user.token)).body, 'refresh_token') ?? '';
        const config = privateConfig(folder, {
          [loginServer]: { username: '00000000-0000-0000-0000-000000000000', password },
        });
        const full = `${loginServer}/${repository}:${tag}`;
        names.add(full);
        docker('tag', image, full);
        const { code, output } = await client(['push', '--quiet', full], { config: config.folder });
        assert.equal(code, 0, output);
      };
      const { outcome } = await live({ ...scenario, push, token: user.token }, name, []);
      deployments.push({ plan: scenario.plan, outcome });
      if (outcome.kind === 'failed') assert.fail(`${outcome.step}: ${String(outcome.error)}`);
      assert.equal(outcome.kind, 'deployed');
      return real;
    },
  };
}

export interface Listening {
  /** All that was shown: text as it came, and states in brackets. */
  readonly seen: () => string;
  /** Until something like this was shown. */
  readonly until: (pattern: RegExp) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Streams as the editor does, in real time. */
export function listen(
  context: TestContext,
  arm: Arm,
  app: AppPlace,
  more: Partial<Pick<StreamedLogs, 'revision' | 'events' | 'clock'>> = {},
): Listening {
  const controller = new AbortController();
  let seen = '';
  let failure: Error | undefined;
  const waiting = new Set<() => void>();
  const add = (text: string): void => {
    seen += text;
    for (const look of [...waiting]) look();
  };
  const done = streamLogs({
    clock,
    ...more,
    arm,
    app,
    signal: controller.signal,
    onText: add,
    onState: (message) => add(`[${message}]\n`),
  }).catch((error: unknown) => {
    failure = error instanceof Error ? error : new Error('unknown');
    add('');
  });
  const stop = async (): Promise<void> => {
    controller.abort();
    await done;
  };
  context.after(stop);
  return {
    seen: () => seen,
    stop,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const settle = (error?: Error): void => {
          clearTimeout(timer);
          waiting.delete(look);
          if (error) reject(error);
          else resolve();
        };
        const look = (): void => {
          if (pattern.test(seen)) settle();
          else if (failure !== undefined) settle(new Error(`The stream has ended: ${failure.message}`));
        };
        const timer = setTimeout(() => settle(new Error(`No ${String(pattern)} in:\n${seen}`)), 120_000);
        waiting.add(look);
        look();
      }),
  };
}

function dockerfile(text: string): string {
  const script = `mkdir -p /tmp/www; echo ${text} > /tmp/www/index.html; echo ${text} is open; httpd -p 8080 -h /tmp/www; n=0; while sleep 0.3; do n=$((n+1)); echo ${text} $n; done`;
  return [`FROM ${baseImage}`, 'EXPOSE 8080', `CMD ["sh", "-c", "${script}"]`, ''].join('\n');
}
