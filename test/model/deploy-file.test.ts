import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readDeployFile } from '../../server/src/model/deploy-file.ts';

const whole = `targets:
  shop:
    subscription: 11111111-1111-1111-1111-111111111111
    resourceGroup: shop-rg
    location: westeurope
    registry: { name: shopreg }
    containerInstance: { name: shop }
`;

/** Each problem as the text it marks and what it says. */
function problems(text: string): readonly string[] {
  return readDeployFile(text).problems.map(({ range, message }) => `${text.slice(range.start, range.end)}: ${message}`);
}

suite('problems of .shipshape/deploy.yaml', () => {
  test('a whole file has none', () => assert.deepEqual(problems(whole), []));
  test('an empty file has none', () => assert.deepEqual(problems('# nothing\n'), []));

  const cases: Readonly<Record<string, readonly string[]>> = {
    '    prot: 80\n': ["prot: There is no setting 'prot': did you mean 'port'?"],
    '    port: 80.5\n': ['80.5: Write a whole number from 1 to 65535'],
    '    port: 70000\n': ['70000: Write a whole number from 1 to 65535'],
    '    port:\n': ['port: Write a whole number from 1 to 65535'],
    '    health: healthz\n': ['healthz: Write a path such as /healthz'],
    '    image: { build: Cloud }\n': ["Cloud: 'Cloud' cannot stand here: did you mean 'cloud'?"],
    '    image: { dockerfile: ../Dockerfile }\n': [
      '../Dockerfile: Write a path in this workspace, relative to its folder',
    ],
    '    image: { context: /etc }\n': ['/etc: Write a path in this workspace, relative to its folder'],
    '    secrets: { KEY: hunter2 }\n': [
      "hunter2: Write 'ask', 'environment:NAME' or the address of a Key Vault secret",
    ],
    '    env: { "a b": c }\n': ['"a b": \'a b\' cannot be a name here'],
    '    env: [a]\n': ["[a]: Write 'name: value' lines here"],
    '    x-ours: anything\n': [],
    '    appService: { name: a, plan: b }\n': [
      "containerInstance: There is 'appService' already: make a target of its own for 'containerInstance'",
    ],
  };
  for (const [line, expected] of Object.entries(cases)) {
    test(JSON.stringify(line), () => assert.deepEqual(problems(`${whole}${line}`), expected));
  }

  test('what is missing', () => {
    assert.deepEqual(problems('targets:\n  a:\n    location: westus\n'), [
      "a: 'subscription', 'resourceGroup', 'registry' are missing",
      'a: Say where it runs: appService, containerApp, containerInstance',
    ]);
  });
  test('a list where targets belong', () => {
    assert.deepEqual(problems('- a\n'), ["- a: Write 'targets:', and each target under it"]);
  });
});
