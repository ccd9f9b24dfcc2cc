import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { baseImage, ensureBaseImage } from '../docker/docker.ts';
import type { Given, Scenario } from './scenario.ts';
import type { VsCode } from './vs-code.ts';

const pilot: Given = { folder: 'pilot' };
const layersBase = 'shipshape-test/layers-node:22';
const image = 'pilot:dev';
const dockerfile = join(import.meta.dirname, 'workspace/pilot/Dockerfile');

export default (scenario: Scenario): void => {
  scenario('each instruction says what it weighs after a build', pilot, async (code) => {
    ensureLayersBase();
    code.write('tide-tables.bin', 'x'.repeat(4_200_000));
    await code.openFile('Dockerfile');
    await build(code);
    await showsHints(code, '21.0 MB', '31.5 MB');
    // The tree has it all, the heaviest advice included.
    await code.runCommand('View: Show Shipshape');
    const tree = code.page.locator(
      '.monaco-list[aria-label*="Image layers"] .monaco-list-row, .pane-body .monaco-list-row',
    );
    await tree.filter({ hasText: 'RUN npm ci' }).waitFor();
    await tree.filter({ hasText: 'Package lists stay in this layer' }).waitFor();
    await tree.filter({ hasText: 'RUN npm ci' }).first().click();
    await code.page.locator('.statusbar-item', { hasText: 'Ln 8,' }).waitFor();

    // The picture, by keyboard alone.
    await code.runCommand('Shipshape: Show image layers');
    const page = pictureIn(code);
    await page.getByRole('heading', { name: image }).waitFor();
    const segments = page.getByRole('toolbar').getByRole('button');
    assert.equal(await segments.count(), 6);
    await segments.first().focus();
    await code.page.keyboard.press('End');
    await code.page.keyboard.press('ArrowLeft');
    assert.match((await page.locator('#said').textContent()) ?? '', /^COPY \. \., 4\.2 MB, 4% of the image$/);
    await code.page.keyboard.press('Enter');
    await code.page.locator('.statusbar-item', { hasText: 'Ln 9,' }).waitFor();

    // What is edited is no longer what was weighed.
    await code.runCommand('View: Close All Editors');
    await code.openFile('Dockerfile');
    await showsHints(code, '21.0 MB', '31.5 MB');
    await code.rewrite(readFileSync(dockerfile, 'utf8').replace('RUN npm ci', 'RUN npm ci --omit=dev'));
    await lines(code).filter({ hasText: '31.5 MB' }).waitFor({ state: 'detached' });
    await showsHints(code, '21.0 MB');
    await code.save();

    // Built again, it is compared with the build before.
    await build(code);
    await showsHints(code, '16.8 MB  −14.7 MB', '21.0 MB');
    await code.reload();
    await code.openFile('Dockerfile');
    await showsHints(code, '16.8 MB  −14.7 MB', '21.0 MB');
    spawnSync('docker', ['image', 'rm', '--force', image], { stdio: 'ignore' });
  });

  scenario(
    'any image on this machine can be looked at, and compared with another',
    { folder: 'compose' },
    async (code) => {
      ensureLayersBase();
      await code.openFile('compose.yaml');
      await code.runCommand('Shipshape: Show image layers');
      await code.picksOne('Which image?', layersBase);
      const page = pictureIn(code);
      await page.getByRole('heading', { name: layersBase }).waitFor();
      await page
        .getByRole('row', { name: /dd if=.*9\.6 MB|dd if=.*9\.8 MB/ })
        .first()
        .waitFor();
      await code.runCommand('View: Show Shipshape');
      await code.page.locator('.pane-header', { hasText: 'Image Layers' }).hover();
      await code.page.getByRole('button', { name: 'Compare with another image' }).click();
      await code.picksOne(`Compare '${layersBase}' with`, baseImage);
      await page.getByText(`of ${baseImage}`).waitFor();
    },
  );
};

export async function build(code: VsCode, line = 'FROM tools'): Promise<void> {
  await code.clickLens('Build', line);
  await code.notifies(`Built '${image}'`);
}

/** The base of the workspace's image under a name for people to see. */
export function nameLayersBase(name: string): () => void {
  ensureLayersBase();
  execFileSync('docker', ['tag', layersBase, name]);
  return () => void spawnSync('docker', ['image', 'rm', '--force', name, image], { stdio: 'ignore' });
}

async function showsHints(code: VsCode, ...sizes: readonly string[]): Promise<void> {
  for (const size of sizes) await lines(code).filter({ hasText: size }).first().waitFor();
}

function lines(code: VsCode): Locator {
  return code.page.locator('.editor-group-container.active .monaco-editor[data-uri] .view-line');
}

export function pictureIn(code: VsCode): FrameLocator {
  return code.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

/** An image with stand-ins for `apt-get` and `npm`, which write as much as the real ones would. */
function ensureLayersBase(): void {
  ensureBaseImage();
  const text = String.raw`FROM shipshape-test/base:1
RUN dd if=/dev/zero of=/usr/libc.so bs=100k count=96 2>/dev/null
RUN dd if=/dev/zero of=/bin/node bs=100k count=143 2>/dev/null
RUN printf '#!/bin/sh\ncase $1 in install) dd if=/dev/zero of=/usr/cc1 bs=100k count=165;; update) mkdir -p /var/lib/apt/lists; dd if=/dev/zero of=/var/lib/apt/lists/main bs=100k count=40;; esac' >/bin/apt-get \
 && printf '#!/bin/sh\nmkdir -p node_modules; dd if=/dev/zero of=node_modules/all bs=100k count=$(test "$2" && echo 164 || echo 308)' >/bin/npm \
 && chmod +x /bin/apt-get /bin/npm
`;
  const args = ['build', '--quiet', '--tag', layersBase, '-'];
  execFileSync('docker', args, { input: text, stdio: ['pipe', 'ignore', 'pipe'] });
}
