import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { updateProgram } from '../../../../client/src/deploy/az/edits.ts';
import { createVariables } from '../../../../client/src/deploy/az/values.ts';
import { azScript } from '../../../../client/src/deploy/az-script.ts';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import { planSwap } from '../../../../client/src/deploy/plan/swap.ts';
import { planTraffic } from '../../../../client/src/deploy/plan/traffic.ts';
import type { Plan } from '../../../../client/src/deploy/plan.ts';
import type { UpdateWork } from '../../../../client/src/deploy/step.ts';
import { simulate } from './simulate.ts';
import { containerApp, containerGroup, factsOf, targetOf, webApp, withSource } from './support.ts';

const nasty = `it's "so" $(touch pwned) \`id\` \\( !1 %s\n#`;
const hasJq = spawnSync('jq', ['--version']).status === 0;
const hasBash = spawnSync('bash', ['--version']).status === 0;

const targets = {
  web: targetOf(webApp, {
    env: { NASTY: nasty },
    secrets: { DB: { from: 'ask' } },
    tags: { team: "shop's" },
    monitoring: { applicationInsights: 'insights', alertAbove5xx: 3 },
  }),
  app: targetOf(containerApp, { env: { NASTY: nasty }, secrets: { DB: { from: 'ask' } }, health: '/up' }),
  group: targetOf(
    { ...containerGroup, workspace: 'shop-logs' },
    { env: { NASTY: nasty }, secrets: { DB: { from: 'ask' } } },
  ),
};

/** First deployments, second ones with a new commit, and the small plans. */
function* plans(): Generator<readonly [string, Plan]> {
  for (const [name, target] of Object.entries(targets)) {
    const facts = factsOf(target);
    const first = makePlan(target, facts);
    yield [`${name}, new`, first];
    const changed = { ...target, env: { ...target.env, OTHER: nasty } };
    const next = { commit: { short: '5e6f708', full: '5e6f708', isDirty: false } };
    yield [`${name}, changed`, makePlan(changed, withSource(simulate(first, facts).facts, next))];
  }
  const slotted = targetOf({ ...webApp, sku: 'S1', slot: 'staging' });
  const swappable = simulate(makePlan(slotted, factsOf(slotted)), factsOf(slotted)).facts;
  yield ['swap', planSwap(slotted, swappable, { do: 'swap' })];
  const several = targetOf({ ...containerApp, revisions: 'multiple' });
  const split = simulate(makePlan(several, factsOf(several)), factsOf(several)).facts;
  yield ['label', planTraffic(several, split, { do: 'label', label: 'blue', revision: 'shop--v1a2b3c4' })];
}

test('every plan makes a script that bash reads', { skip: !hasBash && 'bash is not here' }, () => {
  for (const [name, plan] of plans()) {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: azScript(plan), encoding: 'utf8' });
    assert.equal(status, 0, `${name}: ${stderr}`);
  }
});

test(
  'a script does what the plan does, and lets no text become a command',
  { skip: !(hasBash && hasJq) && 'bash and jq are not here' },
  () => {
    for (const [name, plan] of plans()) {
      const { status, stderr, bodies, calls, isPwned } = run(azScript(plan));
      assert.equal(status, 0, `${name}: ${stderr}`);
      assert.equal(isPwned, false, name);
      for (const call of calls) assert.doesNotMatch(call, /marked-secret/, name);
      const wanted = plan.steps.filter((step) => step.do === 'put' || step.do === 'update' || step.do === 'settings');
      assert.ok(wanted.length === 0 || bodies.length > 0 || name === 'swap', name);
      for (const body of bodies) {
        const text = JSON.stringify(body);
        if (text.includes('NASTY')) assert.ok(text.includes(JSON.stringify(nasty)), `${name}: ${text}`);
      }
      if (name.endsWith('new')) assert.match(JSON.stringify(bodies), /marked-secret/, name);
    }
  },
);

test('a script edits a resource as the execution does', { skip: !hasJq && 'jq is not here' }, () => {
  const resource = {
    id: '/x',
    properties: {
      template: {
        volumes: [{ name: 'data' }],
        containers: [
          { name: 'other' },
          { name: 'web', image: 'old', env: [{ name: 'A', value: '1', secretRef: null }] },
        ],
      },
      configuration: { secrets: [{ name: 'theirs' }], ingress: { external: true } },
    },
  };
  const work: UpdateWork = {
    do: 'update',
    path: '/x',
    apiVersion: '1',
    method: 'PATCH',
    edits: [
      { at: 'properties.template.containers[name=web].image', to: { $text: ['new:', nasty] } },
      { at: 'properties.template.containers[name=web].env[name=A]', to: { name: 'A', value: nasty } },
      { at: 'properties.template.containers[name=web].env[name=B]', to: { name: 'B', value: '2' } },
      { at: 'properties.template.scale.minReplicas', to: 1 },
      { at: 'properties.template.volumes', to: undefined },
      { at: 'properties.configuration.secrets[name=mine].value', to: { $secret: 'MINE' } },
    ],
    send: ['properties.template', 'properties.configuration.secrets'],
    keep: { path: '/x/listSecrets', into: 'properties.configuration.secrets' },
  };
  const program = updateProgram(work, createVariables([]), []);
  const { stdout, stderr } = spawnSync('jq', [program], {
    input: JSON.stringify(resource),
    encoding: 'utf8',
    env: { ...process.env, KEPT: '{"value":[{"name":"theirs","value":"kept"}]}', MINE: 'marked-secret' },
  });
  assert.equal(stderr, '');
  assert.deepEqual(JSON.parse(stdout), {
    properties: {
      template: {
        scale: { minReplicas: 1 },
        volumes: null,
        containers: [
          { name: 'other' },
          {
            name: 'web',
            image: `new:${nasty}`,
            env: [
              { name: 'A', value: nasty },
              { name: 'B', value: '2' },
            ],
          },
        ],
      },
      configuration: {
        secrets: [
          { name: 'theirs', value: 'kept' },
          { name: 'mine', value: 'marked-secret' },
        ],
      },
    },
  });
});

test('a script gives back nothing of a group that is Azure’s own', { skip: !hasJq && 'jq is not here' }, () => {
  const own = {
    id: '/x',
    properties: {
      provisioningState: 'Succeeded',
      instanceView: {},
      ipAddress: { type: 'Public', ip: '1.2.3.4', fqdn: 'x', dnsNameLabel: 'kept' },
      containers: [{ name: 'web', properties: { instanceView: {}, command: null, image: 'old' } }],
    },
    identity: { type: 'UserAssigned', userAssignedIdentities: { '/i': { principalId: 'p', clientId: 'c' } } },
  };
  const work: UpdateWork = {
    do: 'update',
    path: '/providers/Microsoft.ContainerInstance/containerGroups/shop',
    apiVersion: '1',
    method: 'PUT',
    edits: [{ at: 'properties.containers[name=web].properties.image', to: 'new' }],
    send: [],
  };
  const program = updateProgram(work, createVariables([]), []);
  const { stdout, stderr } = spawnSync('jq', [program], { input: JSON.stringify(own), encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.deepEqual(JSON.parse(stdout), {
    properties: {
      ipAddress: { type: 'Public', dnsNameLabel: 'kept' },
      containers: [{ name: 'web', properties: { image: 'new' } }],
    },
    identity: { type: 'UserAssigned', userAssignedIdentities: { '/i': {} } },
  });
});

test('both sides of a cancelled preview get their settings back, and no alert stops a script', () => {
  const slotted = targetOf({ ...webApp, sku: 'S1', slot: 'staging' });
  const facts = simulate(makePlan(slotted, factsOf(slotted)), factsOf(slotted)).facts;
  const script = azScript(planSwap(slotted, facts, { do: 'cancelPreview' }));
  assert.match(script, /sites\/[^/]+\/resetSlotConfig/);
  assert.match(script, /slots\/staging\/resetSlotConfig/);
  assert.match(azScript(makePlan(targets.web, factsOf(targets.web))), /^\} \|\| echo 'Not done: Create the alert/m);
});

test('what is read is asked for by its whole name', () => {
  const read = (get: string): string =>
    createVariables([])
      .read({ $read: { label: 'the setting', method: 'POST', path: '/x', apiVersion: '1', get } })
      .lines.join('\n');
  assert.match(read('properties.loginServer'), /--query properties\.loginServer -o tsv/);
  assert.match(read(`properties['A.B:"C"'].value`), /--query 'properties\."A\.B:\\"C\\""\.value' -o tsv/);
});

test('a plan that cannot begin is a script that does not', () => {
  const target = targetOf(webApp);
  const script = azScript(makePlan(target, withSource(factsOf(target), { hasDocker: false })));
  assert.match(script, /^echo 'This cannot begin: Docker does not answer: [^\n]+ >&2\nexit 1$/m);
});

test('secrets are asked of the environment, at once', () => {
  const script = azScript(makePlan(targets.web, factsOf(targets.web)));
  assert.match(script, /^: "\$\{DB:\?\}"\nexport DB$/m);
  assert.match(script, /^set -euo pipefail$/m);
});

/** What the script did with an `az`, `docker` and `curl` that write down what they are told. */
function run(script: string): {
  readonly status: number | null;
  readonly stderr: string;
  readonly bodies: readonly unknown[];
  readonly calls: readonly string[];
  readonly isPwned: boolean;
} {
  const folder = mkdtempSync(path.join(tmpdir(), 'shipshape-az-script-'));
  try {
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    const program = (name: string, text: string): void => {
      writeFileSync(path.join(bin, name), `#!/usr/bin/env bash\n${text}\n`);
      chmodSync(path.join(bin, name), 0o755);
    };
    program(
      'az',
      [
        'printf "%q " az "$@" >> "$LOG/calls"; echo >> "$LOG/calls"',
        'case " $* " in',
        '  *" --body "*) cat > "$LOG/body.$(date +%s%N).json" ;;',
        '  *" -o tsv "*) echo "read-from-azure" ;;',
        '  *" --method get "*|*"/list"*) echo "{}" ;;',
        'esac',
      ].join('\n'),
    );
    program('docker', 'printf "%q " docker "$@" >> "$LOG/calls"; echo >> "$LOG/calls"');
    program('curl', 'echo -n 200');
    program('sleep', ':');
    const { status, stderr } = spawnSync('bash', [], {
      input: script,
      encoding: 'utf8',
      cwd: folder,
      env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, LOG: folder, DB: 'marked-secret' },
    });
    const files = spawnSync('ls', [folder], { encoding: 'utf8' }).stdout.split('\n');
    const bodies = files
      .filter((name) => name.startsWith('body.'))
      .map((name): unknown => JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
    const calls = files.includes('calls') ? readFileSync(path.join(folder, 'calls'), 'utf8').split('\n') : [];
    return { status, stderr, bodies, calls, isPwned: files.includes('pwned') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
