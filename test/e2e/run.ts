// `node test/e2e/run.ts [NAME] [--pictures]`: drives the packaged extension in a real VS Code with a real browser.
// NAME picks the scenarios with it in their title. `--pictures` also takes the README's screenshots into media/.
// VSIX=<file> tests that package; without it one is made from the sources as they are.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { MissingPart } from '../../scripts/code-server.mjs';
import browser from './browser.e2e.ts';
import buildFailure from './build-failure.e2e.ts';
import build from './build.e2e.ts';
import compose from './compose.e2e.ts';
import { startLocalAzure, type LocalAzure } from '../azure/local-azure.ts';
import deploy from './deploy.e2e.ts';
import dockerfile from './dockerfile.e2e.ts';
import layers from './layers.e2e.ts';
import pictures from './pictures.e2e.ts';
import deployments from './deployments.e2e.ts';
import registry from './registry.e2e.ts';
import { prepare, type Parts } from './prepare.ts';
import { scenariosIn, type World } from './scenario.ts';
import { marked } from './secrets.ts';
import { startServer } from './server.ts';
import prove from './prove.e2e.ts';
import scan from './scan.e2e.ts';
import settings from './settings.e2e.ts';
import stack from './stack.e2e.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { pictures: { type: 'boolean' } } });
const suites = values.pictures
  ? [pictures]
  : [
      dockerfile,
      layers,
      compose,
      settings,
      browser,
      build,
      buildFailure,
      stack,
      prove,
      scan,
      registry,
      deployments,
      deploy,
    ];

try {
  drive(await prepare(), positionals[0] ?? '');
} catch (error) {
  if (!(error instanceof MissingPart) || process.env['CI'] === 'true') throw error;
  test('in a real VS Code', { skip: error.message });
}

function drive(parts: Parts, name: string): void {
  let world: World | undefined;
  before(async () => {
    const home = mkdtempSync(join(tmpdir(), 'shipshape-e2e-'));
    const azure = await startLocalAzure();
    const application = azure.entra.application();
    const server = await startServer(parts, home, signedInTo(azure, application));
    const secrets = [application.secret, marked];
    world = {
      home,
      server,
      azure,
      secrets,
      browser: await chromium.launch({ executablePath: parts.chromium, args: switches }),
    };
  });
  after(async () => {
    await world?.browser.close();
    world?.server.stop();
    await world?.azure.close();
  });
  const scenario = scenariosIn(() => {
    if (!world) throw new Error('VS Code did not start');
    return world;
  }, name);
  const azure = (): LocalAzure => {
    if (!world) throw new Error('VS Code did not start');
    return world.azure;
  };
  for (const suite of suites) suite(scenario, azure);
}

/** As on a machine whose user trusts the private cloud's authority, and has an application there to sign in with. */
function signedInTo(
  azure: LocalAzure,
  { clientId, secret }: ReturnType<LocalAzure['entra']['application']>,
): NodeJS.ProcessEnv {
  return {
    NODE_EXTRA_CA_CERTS: azure.certificate,
    AZURE_TENANT_ID: azure.tenant,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: secret,
    SHOP_API_KEY: marked,
  };
}

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
