import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { LocalAzure } from '../azure/local-azure.ts';
import { ensureBaseImage } from '../docker/docker.ts';
import { standInTrivy } from '../trivy/stand-in.ts';
import { confirm, fresh, isDeployed, outputSays, planIn, target } from './deploy.e2e.ts';
import { committed } from './registry.e2e.ts';
import type { Given, Scenario } from './scenario.ts';
import type { VsCode } from './vs-code.ts';

export default (scenario: Scenario, azure: () => LocalAzure): void => {
  const settings = { 'shipshape.trivy.path': standInTrivy().program, 'shipshape.azure.signIn': 'deviceCode' };
  const given: Given = { folder: 'shop', azure: true, patience: 6, settings };

  scenario('deployments: signed in by a code, held up by the scan, and shown', given, async (code) => {
    ensureBaseImage();
    const commit = committed(code.folder);
    const group = fresh('shown');
    target(code, azure(), group, `containerApp: { name: ${group}-app, environment: shop-env, revisions: multiple }`);
    await code.openFile('Dockerfile');
    const { objectId, name } = azure().user();

    // The code is in view until it is entered.
    await code.runCommand('Shipshape: Deploy to Azure');
    const dialog = code.page.locator('.monaco-dialog-box');
    await dialog.filter({ hasText: 'Sign in to Azure' }).waitFor();
    const shown = /the code (\S+) at/.exec(await dialog.innerText())?.[1] ?? '';
    assert.ok(azure().entra.deviceCodes().includes(shown), shown);
    await dialog.getByRole('button', { name: 'Copy the code and open the page' }).click();
    // Whether VS Code may open a page in the browser.
    await dialog.filter({ hasText: 'devicelogin' }).getByRole('button', { name: 'Cancel' }).click();
    await code.notifies(`Enter the code ${shown} at https://microsoft.com/devicelogin`);
    azure().entra.enterCode(shown, { objectId });
    await code.page.locator('.notification-toast', { hasText: shown }).waitFor({ state: 'hidden' });

    // What the scan finds holds it up, and going away from the question is a no.
    const page = planIn(code);
    await page.getByRole('heading', { name: "to the container app '" }).waitFor();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    const question = code.page.locator('.monaco-dialog-box', { hasText: 'The scan holds this deployment up: ' });
    await question.waitFor({ timeout: 120_000 });
    assert.match(await question.innerText(), /the worst critical[^]*critical: /);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await code.notifies("The deployment of 'shop' has stopped");
    const isPushed = (): boolean =>
      azure().traffic.some(({ method, url }) => method === 'PUT' && url.includes(`/v2/${group}-app/manifests/`));
    assert.equal(
      azure()
        .ids()
        .some((id) => id.toLowerCase().endsWith(`/containerapps/${group}-app`)),
      false,
    );
    assert.equal(isPushed(), false);
    await code.answersNotification('Resume');
    await question.waitFor({ timeout: 120_000 });
    await question.getByRole('button', { name: 'Deploy anyway' }).click();
    await isDeployed(code, 'shop');
    assert.equal(isPushed(), true);

    // A second revision, so that there is something to choose from.
    code.write('www/index.html', 'Shop two\n');
    await code.runCommand('Shipshape: Deploy to Azure');
    await page.getByText("in the container app '").first().waitFor();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await question.waitFor({ timeout: 120_000 });
    await question.getByRole('button', { name: 'Deploy anyway' }).click();
    await isDeployed(code, 'shop');

    await code.runCommand('Shipshape: Show deployments');
    await row(code, 'Container App').click();
    const first = row(code, `:${commit} · 100 %`);
    await first.waitFor();
    const tip = await hoverOf(code, first);
    for (const part of ['Digest: sha256:', `Commit: ${commit}`, 'Deployed: ', `By: ${name}`, 'Address: https://'])
      assert.ok(tip.includes(part), `'${part}' is not in\n${tip}`);
    const second = row(code, `:${commit}-`);
    await second.click({ button: 'right' });
    const menu = code.page.locator('.monaco-menu .action-label');
    await menu.first().waitFor();
    const actions = (await menu.allInnerTexts()).map((text) => text.trim());
    for (const action of ['Deactivate', 'Stream logs', 'Open in the browser', 'Open in the Azure portal'])
      assert.ok(actions.includes(action), actions.join());
    await choose(menu, 'Deactivate');
    await confirm(code, 'Deactivate');
    await row(code, 'Inactive').waitFor();

    // Logs stream until they are stopped, where they are read.
    await first.click({ button: 'right' });
    await choose(menu, 'Stream logs');
    await outputSays(code, 'response:200');
    await code.page.locator('.panel').getByRole('button', { name: 'Stop streaming logs' }).click();
    await outputSays(code, '[Ended]');
    await code.page.locator('.statusbar-item', { hasText: 'Logs of' }).waitFor({ state: 'hidden' });
  });
};

function row(code: VsCode, text: string): Locator {
  return code.page.getByRole('tree', { name: 'Deployments' }).locator('.monaco-list-row', { hasText: text }).first();
}

/** A click so soon after the menu came up is taken for the end of the one that opened it. */
async function choose(menu: Locator, text: string): Promise<void> {
  await menu.filter({ hasText: text }).hover();
  await menu.page().keyboard.press('Enter');
}

async function hoverOf(code: VsCode, item: Locator): Promise<string> {
  await item.hover();
  const hover = code.page.locator('.monaco-hover:visible', { hasText: 'Image: ' });
  await hover.waitFor();
  return (await hover.innerText()).replaceAll('\u00a0', ' ');
}
