import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { AppChoices, Target } from '../../../client/src/deploy/choices.ts';
import { readChoices } from '../../../client/src/deploy/read-choices.ts';
import { addTarget } from '../../../client/src/deploy/write-choices.ts';
import { containerApp } from './targets.ts';

const small = `targets:
  shop:
    subscription: 11111111-1111-1111-1111-111111111111
    resourceGroup: shop-rg
    location: westeurope
    registry: { name: shopreg }
    appService: { name: shop-web, plan: shop-plan }
`;

suite('reading .shipshape/deploy.yaml', () => {
  test('what is not said has a default, or stays open where that depends on what is there', () => {
    const { targets, broken } = readChoices(small);
    assert.deepEqual(broken, []);
    assert.deepEqual(targets, [
      {
        name: 'shop',
        subscription: '11111111-1111-1111-1111-111111111111',
        resourceGroup: 'shop-rg',
        location: 'westeurope',
        image: {
          repository: 'shop-web',
          dockerfile: 'Dockerfile',
          context: '.',
          arguments: {},
          build: 'local',
          platform: 'linux/amd64',
        },
        registry: { name: 'shopreg', sku: 'Basic' },
        identity: { kind: 'user', name: 'shop-web-identity' },
        env: {},
        secrets: {},
        app: { kind: 'appService', name: 'shop-web', plan: 'shop-plan' },
        monitoring: {},
        tags: {},
      } satisfies Target,
    ]);
  });

  test('of an app, what is not said stays open', () => {
    const head = small.slice(0, small.indexOf('    appService'));
    const apps: Readonly<Record<string, AppChoices>> = {
      'containerApp: { name: shop, environment: env }': {
        kind: 'containerApp',
        name: 'shop',
        environment: 'env',
        workspace: 'env-logs',
        container: 'shop',
      },
      'containerInstance: { name: shop }': { kind: 'containerInstance', name: 'shop' },
    };
    for (const [text, app] of Object.entries(apps)) {
      const [target] = readChoices(`${head}    ${text}\n`).targets;
      assert.ok(target);
      assert.deepEqual(target.app, app);
      assert.deepEqual(readChoices(addTarget('', target)).targets, [target]);
    }
  });

  test('secrets say where they come from', () => {
    const secrets = 'A: ask, B: environment:DB, C: https://v.vault.azure.net/secrets/c';
    const { targets } = readChoices(`${small}    secrets: { ${secrets} }\n`);
    assert.deepEqual(targets[0]?.secrets, {
      A: { from: 'ask' },
      B: { from: 'environment', variable: 'DB' },
      C: { from: 'keyVault', url: 'https://v.vault.azure.net/secrets/c' },
    });
  });

  test('what only the build may know, and what a swap leaves where it is', () => {
    const image = 'image: { secretArguments: { NPM_TOKEN: ask, PIP_INDEX: environment:INDEX } }';
    const text = small.replace('plan: shop-plan', 'plan: shop-plan, slotSettings: [DATABASE, TONE]');
    const [target] = readChoices(`${text}    ${image}\n`).targets;
    assert.deepEqual(target?.image.secretArguments, {
      NPM_TOKEN: { from: 'ask' },
      PIP_INDEX: { from: 'environment', variable: 'INDEX' },
    });
    assert.deepEqual(target.secrets, {});
    assert.deepEqual(target.app.kind === 'appService' && target.app.slotSettings, ['DATABASE', 'TONE']);
    const vault = image.replace('ask', '"https://v.vault.azure.net/secrets/c"');
    assert.deepEqual(readChoices(`${small}    ${vault}\n`).broken, [
      { name: 'shop', message: "Write 'ask' or 'environment:NAME'", line: 8 },
    ]);
    assert.deepEqual(readChoices(text.replace('[DATABASE, TONE]', '[A-B]')).broken, [
      { name: 'shop', message: 'Write a name', line: 7 },
    ]);
  });

  test('a broken target does not break the others', () => {
    const { targets, broken } = readChoices(`${small}  other:\n    location: westeurope\n`);
    assert.deepEqual(
      targets.map(({ name }) => name),
      ['shop'],
    );
    const message = "'subscription', 'resourceGroup', 'registry' are missing";
    assert.deepEqual(broken, [{ name: 'other', message, line: 8 }]);
  });

  test('what could be meant in two ways is not deployed', () => {
    const other = small.replace('targets:\n', '').replace('  shop:', '  other:');
    for (const [text, whole, message] of [
      [`${small}    location: westus\n${other}`, ['other'], "'location' is here twice: remove or rename one of them"],
      [`${small}${other}${other.replace('other', 'shop')}`, [], "'shop' is here twice: remove or rename one of them"],
      [`${small}    env: { A: "\n`, [], 'A quote is not closed: add the missing one'],
      [`${small}---\n${small}`, [], "Make one document of it: take out '---'"],
      [small.replace('shop:', '__proto__:'), [], "'__proto__' cannot be a name here"],
    ] as const) {
      const { targets, broken } = readChoices(text);
      const names = targets.map(({ name }) => name);
      assert.deepEqual([names, broken[0]?.message], [whole, message], text);
    }
    for (const text of [small.replaceAll('\n', '\r\n'), `\uFEFF${small}`, `---\n${small}...\n`]) {
      assert.deepEqual(readChoices(text), readChoices(small), text);
    }
  });

  test('a file that is no YAML says so', () => {
    const { targets, broken } = readChoices('targets: {');
    assert.deepEqual(targets, []);
    assert.equal(broken.length, 1);
  });
});

suite('adding to .shipshape/deploy.yaml', () => {
  const [shop] = readChoices(small).targets;
  assert.ok(shop);
  const container: Target = {
    ...shop,
    name: 'apps',
    secrets: { KEY: { from: 'environment', variable: 'KEY' } },
    monitoring: { applicationInsights: 'shop-insights' },
    app: {
      ...containerApp,
      name: 'shop-app',
      maxReplicas: 3,
      rules: [{ kind: 'cpu', name: 'cpu', percent: 60 }],
      revisions: 'multiple',
    },
  };

  test('nothing of a target is lost', () => {
    const whole: Target = {
      ...shop,
      name: 'whole',
      tenant: '22222222-2222-2222-2222-222222222222',
      image: {
        ...shop.image,
        stage: 'final',
        arguments: { VERSION: '1.0', QUOTED: 'a: "b"' },
        secretArguments: { NPM_TOKEN: { from: 'ask' }, INDEX: { from: 'environment', variable: 'PIP' } },
      },
      registry: { name: 'shopreg', resourceGroup: 'shared', sku: 'Premium' },
      identity: { kind: 'system' },
      port: 3000,
      health: '/up',
      env: { TONE: 'calm', NUMBER: '1' },
      secrets: { DATABASE: { from: 'keyVault', url: 'https://v.vault.azure.net/secrets/c' } },
      app: {
        kind: 'appService',
        name: 'shop-web',
        plan: 'shop-plan',
        sku: 'S1',
        slot: 'staging',
        slotSettings: ['DATABASE', 'TONE'],
        alwaysOn: false,
      },
      monitoring: { applicationInsights: 'insights', alertAbove5xx: 3 },
      tags: { team: 'shop' },
    };
    assert.deepEqual(readChoices(addTarget('', whole)), { targets: [whole], broken: [] });
  });

  const files: Readonly<Record<string, string>> = {
    'to nothing': '',
    'to a file of comments': '# ours\n',
    'to another target, with a comment behind': `${small}    # end of shop\n\n# end\n`,
    'with CRLF': small.replaceAll('\n', '\r\n'),
    'without a last line break': small.trimEnd(),
    'to a deep indentation': small.replaceAll(/^ {2}/gm, '      '),
    'to an empty list of targets': 'x-note: 1\ntargets:\n# nothing yet\n',
    'to one line': `{ targets: { shop: { subscription: 11111111-1111-1111-1111-111111111111, resourceGroup: g, location: westus, registry: { name: shopreg }, containerInstance: { name: one } } } }\n`,
  };
  for (const [title, before] of Object.entries(files)) {
    test(title, () => {
      const after = addTarget(before, container);
      const { targets, broken } = readChoices(after);
      assert.deepEqual(broken, [], after);
      assert.deepEqual(targets.at(-1), container);
      assert.deepEqual(targets.slice(0, -1), readChoices(before).targets);
      if (before.startsWith('{')) return;
      assert.equal(after.includes('\r\n'), before.includes('\r\n'));
      for (const line of before.split('\n')) assert.ok(after.includes(line), line);
    });
  }

  test('a container group with all that it can have', () => {
    const app: Target['app'] = {
      kind: 'containerInstance',
      name: 'shop-one',
      cpu: 2,
      memory: 4,
      dnsLabel: 'shop-label',
      restart: 'OnFailure',
      workspace: 'shop-logs',
    };
    assert.deepEqual(readChoices(addTarget('', { ...shop, app })).targets, [{ ...shop, app }]);
  });
});
