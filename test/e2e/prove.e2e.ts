import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { FrameLocator } from 'playwright-core';
import { docker, ensureBaseImage } from '../docker/docker.ts';
import type { Given, Scenario } from './scenario.ts';
import type { VsCode } from './vs-code.ts';

const image = 'proof:dev';
const quick = { 'shipshape.prove.stopTimeout': 3 };
const given: Given = { folder: 'proof', settings: quick };

export default (scenario: Scenario): void => {
  scenario('an image is proved: a page, marks on the lines, and fixes', given, async (code) => {
    await build(code);
    await code.clickLens('Prove', 'FROM shipshape-test');
    const page = proofIn(code);
    await page.getByRole('heading', { name: image }).waitFor();
    await page.getByText(/^\W*5 of \d+ promises broken/).waitFor();
    const port = page.getByRole('listitem').filter({ hasText: 'Exposes 8080, but listens on 3000' });
    await port.getByText('Expose 3000 instead').waitFor();
    const secret = page.getByRole('listitem').filter({ hasText: 'Contains no secrets' });
    assert.match(await secret.innerText(), /\/srv\/\.env: environment values with secrets, in the layer of COPY \. \./);
    assert.equal((await page.locator('body').innerText()).includes(password), false);
    assert.deepEqual(containers(), []);

    // On the lines, as a warning each.
    await code.underlines(
      "warning 'EXPOSE 8080'",
      "warning 'COPY . .'",
      'warning \'CMD ["httpd", "-f", "-p", "3000"]\'',
    );
    await code.hoverSays('EXPOSE', 'Exposes 8080, but listens on 3000', 'Shipshape prove');

    // By keyboard from the page to the line.
    await secret.getByRole('link', { name: 'Dockerfile:3 COPY' }).press('Enter');
    await code.page.locator('.statusbar-item', { hasText: 'Ln 3,' }).waitFor();

    // What is edited is no longer marked; the rest stays.
    await code.applyFix('EXPOSE', 'Expose 3000 instead');
    await code.noLongerUnderlines("warning 'EXPOSE 8080'");
    await code.underlines("warning 'COPY . .'");
    // By the keys alone: two tabs are in front, each in its group.
    await code.page.keyboard.press('Control+S');
    await code.hasOnDisk('Dockerfile', /^EXPOSE 3000$/m);
    await page.getByText('The Dockerfile has changed since').waitFor();

    await code.reload();
    await code.openFile('Dockerfile');
    await code.underlines("warning 'COPY . .'");
    // A browser that is reloaded may forget its tabs; what was proved is not forgotten.
    await code.runCommand('Shipshape: Show the last proof');
    await proofIn(code).getByRole('heading', { name: image }).waitFor();
    spawnSync('docker', ['image', 'rm', '--force', image], { stdio: 'ignore' });
  });

  scenario('a proof that is cancelled leaves no container', given, async (code) => {
    await build(code);
    await code.clickLens('Prove', 'FROM shipshape-test');
    await code.eventually(() => assert.notDeepEqual(containers(), []));
    await code.answersNotification('Cancel');
    await code.page.locator('.notification-toast', { hasText: 'Proving' }).waitFor({ state: 'hidden' });
    await code.eventually(() => assert.deepEqual(containers(), []));
    spawnSync('docker', ['image', 'rm', '--force', image], { stdio: 'ignore' });
  });
};

const password = 'kingfisher-17';

export async function build(code: VsCode): Promise<void> {
  ensureBaseImage();
  code.write('.env', `PORT=3000\nDB_PASSWORD=${password}\n`);
  await code.openFile('Dockerfile');
  await code.clickLens('Build', 'FROM shipshape-test');
  await code.notifies(`Built '${image}'`);
}

export function proofIn(code: VsCode): FrameLocator {
  return code.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

/** Of proofs of this image only: other tests may prove at the same time. */
function containers(): readonly string[] {
  const filters = ['--filter', 'label=io.shipshape.prove', '--filter', `ancestor=${image}`];
  return docker('ps', '--all', '--quiet', ...filters)
    .split('\n')
    .filter((line) => line !== '');
}
