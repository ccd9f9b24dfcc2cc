import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { inspect } from 'node:util';
import { explain } from '../../../../client/src/azure/explain.ts';
import { execute } from '../../../../client/src/deploy/execute.ts';
import { fileJournal } from '../../../../client/src/deploy/journal.ts';
import type { Plan } from '../../../../client/src/deploy/plan.ts';
import type { DeployEvent } from '../../../../client/src/deploy/world.ts';
import { startAppService } from './app-service.ts';
import { placeholder } from './chaos.ts';
import { close, fastClock, localArm } from './local.ts';
import { worldOf } from './support.ts';

const marked = 'mark3d-s3cret/+with "signs"&more';

const begun = startAppService({
  secrets: { DATABASE: { from: 'ask' } },
  image: {
    repository: 'shop',
    dockerfile: 'Dockerfile',
    context: '.',
    arguments: {},
    secretArguments: { DATABASE: { from: 'ask' } },
    build: 'local',
    platform: 'linux/amd64',
  },
});
after(async () => await close((await begun).azure));

/** All forms in which it could be told: as it is, and in JSON, in an address, in base64. */
const forms = [
  marked,
  JSON.stringify(marked).slice(1, -1),
  encodeURIComponent(marked),
  Buffer.from(marked).toString('base64'),
];

for (const [index, fails] of ['nothing', 'the app', 'the build', 'the answer'].entries()) {
  test(`tells no secret and no token to anybody when ${fails} fails`, async (context) => {
    const { azure, scenario } = await begun;
    const name = `secret${index}`;
    const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
    context.after(() => rm(folder, { recursive: true }));
    const file = join(folder, 'journal.json');
    const plan = JSON.parse(JSON.stringify(scenario.plan).replaceAll(placeholder, name)) as Plan;
    const told = forms.map((form) => `'${form}'`).join(' ');
    const quoting = { Code: 'BadRequest', Message: `Bad values: ${told}`, Details: [{ Message: `They are ${told}` }] };
    const echo = { kind: 'answer', status: 400, body: quoting } as const;
    if (fails === 'the app') azure.faults.add(new RegExp(`PUT .*${name}/slots/staging$`), echo);
    const { token } = azure.user();
    const events: DeployEvent[] = [];
    const journals: string[] = [];
    const journal = fileJournal(file);
    const outcome = await execute(
      plan,
      worldOf({
        arm: localArm(azure, azure.httpClient, token),
        clock: fastClock(),
        secret: () => Promise.resolve(marked),
        journal: {
          read: journal.read,
          write: async (record) => {
            await journal.write(record);
            journals.push(await readFile(file, 'utf8'));
          },
        },
        images: {
          digest: () => Promise.resolve(undefined),
          deliver: async (_, { onLog, onProgress }) => {
            for (const part of `ARG DATABASE=${marked}\n`.match(/.{1,7}|\n/gs) ?? []) onLog(part);
            onProgress(`Bearer ${token} ${marked}`);
            if (fails === 'the build') throw new Error(`failed with ${marked} and ${token}`);
            return await Promise.resolve('sha256:1');
          },
        },
        ask: () => Promise.resolve(fails === 'the answer' ? 502 : 200),
      }),
      { onEvent: (event) => events.push(event) },
    );
    azure.faults.clear();
    assert.equal(outcome.kind, fails === 'nothing' ? 'deployed' : 'failed');
    const error = outcome.kind === 'failed' ? outcome.error : undefined;
    const all = [
      ...journals,
      JSON.stringify(events),
      events.map((event) => (event.kind === 'log' ? event.text : '')).join(''),
      inspect(events, { depth: null }),
      inspect(outcome, { depth: null, showHidden: true }),
      error instanceof Error ? `${error.message} ${error.stack ?? ''} ${inspect(error.cause)}` : '',
      JSON.stringify(explain(error)),
      JSON.stringify(plan),
    ];
    assert.ok(journals.length > 10);
    // It is what has been used: else its absence would say nothing.
    const settings = JSON.stringify(
      azure.resource(`${groupOf(plan)}/providers/Microsoft.Web/sites/shop-${name}/config/appsettings`),
    );
    if (fails !== 'the build') assert.ok(settings.includes('mark3d-s3cret'));
    for (const text of all) {
      for (const form of [...forms, token]) {
        assert.ok(!text.includes(form), `'${form}' in ${text.slice(0, 2_000)}`);
      }
      assert.doesNotMatch(text, /mark3d-s3c|eyJ[\w-]{10}/);
    }
  });
}

function groupOf({ target }: Plan): string {
  return `/subscriptions/${target.subscription}/resourceGroups/${target.resourceGroup}`;
}
