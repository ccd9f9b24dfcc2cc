import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { at, textAt, type JsonObject } from '../../client/src/azure/json.ts';
import type { LocalAzure } from '../azure/local-azure.ts';
import { ensureBaseImage } from '../docker/docker.ts';
import type { Given, Scenario } from './scenario.ts';
import type { VsCode } from './vs-code.ts';

const shop: Given = { folder: 'shop', azure: true, patience: 8 };

export default (scenario: Scenario, azure: () => LocalAzure): void => {
  scenario('deploy: from nothing to a container app, then half and half, then back', shop, async (code) => {
    ensureBaseImage();
    await code.openFile('Dockerfile');
    await code.runAskingCommand('Shipshape: Deploy to Azure');
    await code.picksWhenAsked('Where should it run?', 'Container App');
    await code.picksWhenAsked('Which subscription', 'Development');
    await code.picksWhenAsked('Which resource group?', 'A new one');
    const group = fresh('apps');
    await code.answers('Name of the resource group', group);
    await code.picksWhenAsked('In which region?', 'West Europe');
    await code.answers('What is it called?', 'shop-app');
    await code.picksWhenAsked('Which registry', 'A new one');
    await code.answers('Name of the registry', `${group}registry`);
    await code.picksWhenAsked('Where is the image built?', 'On this machine');

    const page = planIn(code);
    await page.getByRole('heading', { name: "to the container app 'shop-app'" }).waitFor();
    await page.getByText(`Create the registry '${group}registry'`).waitFor();
    await page.getByText('port 8080').first().waitFor();
    await page.getByText('Container registry Basic').first().waitFor();
    assert.deepEqual(
      azure()
        .ids()
        .filter((id) => id.toLowerCase().includes(`/resourcegroups/${group}`)),
      [],
      'a plan that is only shown changes nothing',
    );
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await isDeployed(code, 'shop');
    const first = await appIn(azure(), group, 'shop-app');
    const url = `https://${textAt(first, 'properties.configuration.ingress.fqdn') ?? ''}`;
    assert.match(await body(azure(), url), /Shop one/);
    onlyPlanned(azure(), code, group);

    // The second time nothing is asked but whether the plan is right.
    code.write(
      '.shipshape/deploy.yaml',
      code.read('.shipshape/deploy.yaml').replace(/^( *)containerApp:$/m, '$&\n$1  revisions: multiple'),
    );
    code.write('www/index.html', 'Shop two\n');
    await code.runCommand('Shipshape: Deploy to Azure');
    await page
      .getByText("Change the container app 'shop-app'")
      .or(page.getByText("in the container app 'shop-app'"))
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await isDeployed(code, 'shop');
    assert.match(await body(azure(), url), /Shop one/, 'a new revision gets no traffic until it is given some');

    await code.runAskingCommand('Shipshape: Split traffic');
    await code.picksWhenAsked('How?', '50 %');
    await confirm(code, 'Split traffic');
    const answers = new Set<string>();
    for (let count = 0; count < 40; count++) answers.add((await body(azure(), url)).trim());
    assert.deepEqual([...answers].sort(), ['Shop one', 'Shop two']);

    await code.runAskingCommand('Shipshape: Roll back');
    await code.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await code.page.locator('.quick-input-list .monaco-list-row').first().click();
    await confirm(code, 'Roll back');

    await code.runCommand('Shipshape: Stream logs');
    await outputSays(code, 'response:200');
  });

  scenario('deploy: a web app, its slot, swapped and rolled back', shop, async (code) => {
    ensureBaseImage();
    await code.openFile('Dockerfile');
    const group = fresh('web');
    target(code, azure(), group, `appService: { name: ${group}-web, plan: shop-plan, sku: S1 }`);
    await deployNow(code, `web app '${group}-web'`);
    const site = (): Promise<JsonObject> => appIn(azure(), group, `${group}-web`);
    const url = `https://${textAt(await site(), 'properties.defaultHostName') ?? ''}`;
    assert.match(await body(azure(), url), /Shop one/);
    onlyPlanned(azure(), code, group);

    target(code, azure(), group, `appService: { name: ${group}-web, plan: shop-plan, sku: S1, slot: staging }`);
    code.write('www/index.html', 'Shop two\n');
    await deployNow(code, "slot 'staging'");
    assert.match(await body(azure(), url), /Shop one/);

    await code.runAskingCommand('Shipshape: Swap slots');
    await code.picksWhenAsked('How?', 'The slot is warmed up');
    await confirm(code, "Swap the slot 'staging'");
    assert.match(await body(azure(), url), /Shop two/);

    await code.runCommand('Shipshape: Roll back');
    await confirm(code, 'Roll back');
    assert.match(await body(azure(), url), /Shop one/);

    await code.runCommand('Shipshape: Stream logs');
    await outputSays(code, 'response:200');
  });

  scenario('deploy: a container instance, updated', shop, async (code) => {
    ensureBaseImage();
    await code.openFile('Dockerfile');
    const group = fresh('one');
    target(code, azure(), group, `containerInstance: { name: ${group}-one, cpu: 0.5, memory: 0.5 }`);
    await deployNow(code, `container group '${group}-one'`);
    const made = await appIn(azure(), group, `${group}-one`);
    const url = `http://${textAt(made, 'properties.ipAddress.fqdn') ?? ''}:8080`;
    assert.match(await (await fetch(url)).text(), /Shop one/);
    onlyPlanned(azure(), code, group);

    code.write('www/index.html', 'Shop two\n');
    await deployNow(code, `container group '${group}-one'`);
    assert.match(await (await fetch(url)).text(), /Shop two/);

    await code.runAskingCommand('Shipshape: Roll back');
    await code.page.locator('.quick-input-list .monaco-list-row').first().click();
    await confirm(code, 'Run ');
    assert.match(await (await fetch(url)).text(), /Shop one/);

    await code.runCommand('Shipshape: Stream logs');
    await outputSays(code, 'response:200');
  });

  scenario('deploy: interrupted by a reload, resumed, and given up', shop, async (code) => {
    ensureBaseImage();
    await code.openFile('Dockerfile');
    const group = fresh('cut');
    target(code, azure(), group, `containerInstance: { name: ${group}-one, cpu: 0.5, memory: 0.5 }`);
    const match = new RegExp(`PUT .*/containerGroups/${group}-one`, 'i');
    azure().faults.add(match, { kind: 'hang' }, 1);
    await code.runCommand('Shipshape: Deploy to Azure');
    await planIn(code)
      .getByRole('heading', { name: `container group '${group}-one'` })
      .waitFor();
    await planIn(code).getByRole('button', { name: 'Deploy', exact: true }).click();
    await code.page
      .locator('.notification-toast', { hasText: `Create the container group '${group}-one'` })
      .waitFor({ timeout: 120_000 });

    await code.reload();
    await code.openFile('Dockerfile');
    await code.notifies("The deployment of 'shop' was interrupted");
    await code.answersNotification('Resume');
    await isDeployed(code, 'shop');
    const made = await appIn(azure(), group, `${group}-one`);
    const url = `http://${textAt(made, 'properties.ipAddress.fqdn') ?? ''}:8080`;
    assert.match(await (await fetch(url)).text(), /Shop one/);

    // Another one fails, and is taken back: what it made, and nothing that was there.
    const next = fresh('gone');
    target(code, azure(), next, `containerInstance: { name: ${next}-one, cpu: 0.5, memory: 0.5 }`);
    const refused = {
      error: { code: 'ContainerGroupQuotaReached', message: 'Resource type container group quota exceeded' },
    };
    azure().faults.add(/PUT .*\/containerGroups\/gone/i, { kind: 'answer', status: 409, body: refused });
    await code.runCommand('Shipshape: Deploy to Azure');
    await planIn(code)
      .getByRole('heading', { name: `container group '${next}-one'` })
      .waitFor();
    await planIn(code).getByRole('button', { name: 'Deploy', exact: true }).click();
    const clean = code.page.locator('.notification-toast').getByRole('button', { name: 'Clean up …' });
    await clean.waitFor({ timeout: 120_000 });
    await clean.click();
    await code.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete' }).click();
    await code.notifies('had made is gone');
    const left = azure()
      .ids()
      .filter((id) => id.toLowerCase().includes(`/resourcegroups/${next}`));
    assert.deepEqual(left, []);
    assert.ok(azure().resource(textAt(made, 'id') ?? ''), 'what others made stays');
  });
};

/** A scenario may be played again, beside what it left. */
export function fresh(name: string): string {
  return `${name}${Math.random().toString(36).slice(2, 7)}`;
}

/** `.shipshape/deploy.yaml` with one target, in a resource group and a registry of its own. */
export function target(code: VsCode, { subscription }: LocalAzure, group: string, app: string): void {
  code.write(
    '.shipshape/deploy.yaml',
    `targets:
  shop:
    subscription: ${subscription}
    resourceGroup: ${group}
    location: westeurope
    registry: { name: ${group}registry }
    secrets: { API_KEY: environment:SHOP_API_KEY }
    ${app}
`,
  );
}

async function deployNow(code: VsCode, title: string): Promise<void> {
  await code.runCommand('Shipshape: Deploy to Azure');
  const page = planIn(code);
  await page.getByRole('heading', { name: title }).waitFor();
  await page.getByRole('button', { name: 'Deploy', exact: true }).click();
  await isDeployed(code, 'shop');
}

/** What is done to an app that is there: a swap, a split, and the like. */
export async function confirm(code: VsCode, title: string): Promise<void> {
  const page = planIn(code);
  await page.getByRole('heading', { name: title }).waitFor();
  await page.getByRole('button', { name: 'Confirm', exact: true }).click();
  await tells(code, `Done: ${title}`);
}

export function planIn(code: VsCode): FrameLocator {
  return code.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

export async function isDeployed(code: VsCode, name: string): Promise<void> {
  await tells(code, `'${name}' is deployed`);
}

async function tells(code: VsCode, text: string): Promise<void> {
  const toast = code.page.locator('.notification-toast', { hasText: text });
  await toast.waitFor({ timeout: 180_000 });
  // Gone before the next one comes.
  await code.runCommand('Notifications: Clear All Notifications');
  await toast.waitFor({ state: 'hidden' });
}

export async function outputSays(code: VsCode, text: string): Promise<void> {
  const lines = code.page.locator('.output-view-container .view-lines, .panel .view-lines');
  await lines
    .filter({ hasText: new RegExp(text.replaceAll(/[[\]]/g, '\\$&').replaceAll(' ', '\\s')) })
    .first()
    .waitFor({ timeout: 60_000 });
}

/** The resource of this name in this group, as the local Azure has it. */
async function appIn(azure: LocalAzure, group: string, name: string): Promise<JsonObject> {
  const id = azure
    .ids()
    .find(
      (each) => each.toLowerCase().includes(`/resourcegroups/${group}/`) && each.toLowerCase().endsWith(`/${name}`),
    );
  const resource = azure.resource(id ?? '');
  assert.ok(resource, `'${name}' is not there`);
  return await Promise.resolve(resource);
}

async function body(azure: LocalAzure, url: string): Promise<string> {
  const ca = readFileSync(azure.certificate);
  return await new Promise((resolve, reject) => {
    get(url, { ca }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

/** Everything that was changed in the group is in the plan that was shown, and nothing else. */
function onlyPlanned(azure: LocalAzure, code: VsCode, group: string): void {
  const plan = planShown(code, group);
  const planned = new Set(
    plan.steps
      .flatMap((step) => [step.path, step.resource, step.scope].filter((each) => each !== undefined))
      .map((each) => each.toLowerCase()),
  );
  const changing = azure.traffic.filter(
    ({ method, url, status = 0 }) =>
      ['PUT', 'PATCH', 'DELETE', 'POST'].includes(method) &&
      status < 400 &&
      url.toLowerCase().includes(`/resourcegroups/${group}`) &&
      !/\/(list|listSecrets|sharedKeys|getAuthtoken|containerlogs)(\?|$)/i.test(url),
  );
  assert.ok(changing.length > 0);
  for (const { method, url } of changing) {
    const path = new URL(url).pathname.toLowerCase();
    const isPlanned = [...planned].some((each) => path === each || path.startsWith(`${each}/`));
    assert.ok(isPlanned, `${method} ${path} was not in the plan`);
  }
  assert.equal(
    at({ ...azure.resource(`/subscriptions/${azure.subscription}/resourceGroups/${group}`) }, 'location'),
    'westeurope',
  );
}

interface ShownPlan {
  readonly steps: readonly { readonly path?: string; readonly resource?: string; readonly scope?: string }[];
}

function planShown(code: VsCode, group: string): ShownPlan {
  const found = readdirSync(code.storage, { recursive: true, encoding: 'utf8' })
    .filter((file) => /deployments[\\/][0-9a-f]+\.json$/.test(file))
    .map(
      (file) =>
        JSON.parse(readFileSync(join(code.storage, file), 'utf8')) as {
          plan: ShownPlan & { target: { resourceGroup: string } };
        },
    )
    .find(({ plan }) => plan.target.resourceGroup === group);
  assert.ok(found, `no journal of a deployment to '${group}'`);
  return found.plan;
}
