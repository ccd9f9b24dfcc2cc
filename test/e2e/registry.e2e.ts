import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { textAt } from '../../client/src/azure/json.ts';
import type { LocalAzure } from '../azure/local-azure.ts';
import { ask } from '../azure/test-client.ts';
import { docker, ensureBaseImage } from '../docker/docker.ts';
import { fresh, target } from './deploy.e2e.ts';
import type { Scenario } from './scenario.ts';
import type { VsCode } from './vs-code.ts';

export default (scenario: Scenario, azure: () => LocalAzure): void => {
  scenario('registry: built there, pushed, offered', { folder: 'shop', azure: true, patience: 6 }, async (code) => {
    ensureBaseImage();
    const group = fresh('images');
    const name = `${group}registry`;
    const server = await registryIn(azure(), group, name);
    const commit = committed(code.folder);
    await code.openFile('Dockerfile');

    // In the cloud, with nothing written about it in the workspace.
    await code.runAskingCommand('Shipshape: Build in the cloud (ACR Tasks)');
    await code.picksWhenAsked('Which subscription', 'Development');
    await code.picksWhenAsked('Which registry?', name);
    const there = `${server}/shop:${commit}`;
    await code.terminalSays('was successful', `✔ ${there}`, 'sha256:');
    await code.notifies(`'${there}' is in the registry: sha256:`);
    await code.runCommand('Notifications: Clear All Notifications');

    // What fails there is marked here.
    const dockerfile = code.read('Dockerfile');
    await code.rewrite(dockerfile.replace('USER app', 'RUN echo "aground"; exit 3\nUSER app'));
    await buildThere(code, name);
    await code.notifies("Line 4 of 'Dockerfile': 'RUN' failed with exit code 3");
    await code.terminalSays('aground', "✖ 'RUN' failed with exit code 3");
    await code.underlines("error 'exit 3'");
    await code.answersNotification('Show in Dockerfile');
    await code.page.locator('.statusbar-item', { hasText: /Ln 4,/ }).waitFor();

    // A run that is cancelled here is cancelled there.
    await code.rewrite(dockerfile.replace('USER app', 'RUN echo "no wind"; sleep 27182\nUSER app'));
    await buildThere(code, name);
    await code.terminalSays('\nno wind');
    await code.pressInTerminal('Control+C');
    await code.terminalSays('Cancelled');
    await code.eventually(() => {
      const asked = azure().traffic.filter(({ url }) => new RegExp(`/${name}/runs/[^/]+/cancel`, 'i').test(url));
      assert.deepEqual(
        [...asked].map(({ status }) => status),
        [200],
      );
    });
    await code.eventually(() =>
      assert.doesNotMatch(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }), /27182/),
    );

    // From here, built as the target says, or as it is.
    await code.rewrite(dockerfile);
    await code.save();
    await code.noLongerUnderlines("error 'exit 3'");
    target(code, azure(), group, `image: { repository: shop }\n    containerInstance: { name: ${group}-one }`);
    await code.runAskingCommand('Shipshape: Push image to Azure Container Registry');
    await code.picksWhenAsked('Which image?', 'Build and push');
    await code.terminalSays('Pushed', `✔ ${there}`, 'sha256:');
    await code.notifies(`'${there}' is in the registry: sha256:`);
    await code.runCommand('Notifications: Clear All Notifications');
    await code.runAskingCommand('Shipshape: Push image to Azure Container Registry');
    // There may be more than are in view.
    await code.answers('Here already', 'shipshape-test/base:1');
    const id = docker('image', 'inspect', '--format', '{{.Id}}', 'shipshape-test/base:1').slice('sha256:'.length, 19);
    const box = code.page.locator('.quick-input-widget input[type="text"]').last();
    await code.page.locator('.quick-input-widget', { hasText: 'nothing says of which commit' }).waitFor();
    assert.equal(await box.inputValue(), `shipshape-test/base:id-${id}`);
    await code.page.keyboard.press('Enter');
    await code.notifies(`'${server}/shipshape-test/base:id-${id}' is in the registry: sha256:`);
    await code.runCommand('Notifications: Clear All Notifications');

    // And offered to those who build upon it.
    await code.rewrite('FROM ');
    await code.page.keyboard.type(`${server}/`);
    await offers(code, 'shop', 'shipshape-test/base');
    await code.page.keyboard.type('shop:');
    await offers(code, commit);
    await code.page.keyboard.press('Enter');
    await code.save();
    await code.hasOnDisk('Dockerfile', `FROM ${there}`);
    docker('image', 'rm', '--force', there, `${server}/shipshape-test/base:id-${id}`);
  });
};

/** A registry that is there already. */
async function registryIn(azure: LocalAzure, group: string, name: string): Promise<string> {
  const id = `/subscriptions/${azure.subscription}/resourceGroups/${group}`;
  azure.place(id, { location: 'westeurope', properties: { provisioningState: 'Succeeded' } });
  const made = await ask(azure, {
    method: 'PUT',
    path: `${id}/providers/Microsoft.ContainerRegistry/registries/${name}`,
    version: '2023-07-01',
    body: { location: 'westeurope', sku: { name: 'Basic' } },
    token: azure.user().token,
  });
  await azure.settled();
  return textAt(made.body, 'properties.loginServer') ?? '';
}

async function buildThere(code: VsCode, registry: string): Promise<void> {
  await code.runAskingCommand('Shipshape: Build in the cloud (ACR Tasks)');
  await code.picksWhenAsked('Which subscription', 'Development');
  await code.picksWhenAsked('Which registry?', registry);
}

/** The folder becomes a repository with all that is in it; the commit's short name. */
export function committed(folder: string): string {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=Skipper', '-c', 'user.email=skipper@example.org', ...args], {
      encoding: 'utf8',
    });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Open the shop');
  return git('rev-parse', '--short', 'HEAD').trim();
}

async function offers(code: VsCode, ...names: readonly string[]): Promise<void> {
  const rows = code.page.locator('.suggest-widget.visible .monaco-list-row');
  for (const name of names) await rows.filter({ hasText: name }).first().waitFor();
}
