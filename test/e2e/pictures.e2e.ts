// The README's screenshots, of samples/: `node test/e2e/run.ts --pictures`. They look best with the fonts Inter and JetBrains
// Mono installed (Debian: fonts-inter, fonts-jetbrains-mono), and
// `pngquant --ext .png --force media/*.png` afterwards makes them a third as large.
import { join } from 'node:path';
import type { LocalAzure } from '../azure/local-azure.ts';
import { planIn, target } from './deploy.e2e.ts';
import { build, nameLayersBase, pictureIn } from './layers.e2e.ts';
import { docker, ensureBaseImage } from '../docker/docker.ts';
import { build as buildProof, proofIn } from './prove.e2e.ts';
import { removeScanned, scanImage, showDetails } from './scan.e2e.ts';
import type { Given, Scenario } from './scenario.ts';
import { standInTrivy } from '../trivy/stand-in.ts';

const media = join(import.meta.dirname, '../../media');
const look: Given = {
  folder: '../../../samples',
  settings: {
    'editor.fontFamily': "'JetBrains Mono', monospace",
    'editor.fontSize': 13,
    'breadcrumbs.enabled': false,
    'editor.lightbulb.enabled': 'on',
    'editor.scrollBeyondLastLine': false,
    'diffEditor.renderSideBySide': false,
  },
  window: { viewport: { width: 1040, height: 650 }, deviceScaleFactor: 2 },
};

export default (scenario: Scenario, azure: () => LocalAzure): void => {
  scenario('hover.png', look, async (code) => {
    await code.openFile('api/Dockerfile');
    await code.underlines("warning 'MAINTAINER'", "warning 'apt-get install'");
    await code.hoverSays('apt-get install', 'Quick Fix...');
    await code.picture(join(media, 'hover.png'));
  });

  scenario('quick-fix.png', look, async (code) => {
    await code.openFile('api/Dockerfile');
    await code.underlines("warning 'MAINTAINER'", "warning 'apt-get install'");
    await code.openQuickFixes('apt-get install');
    await code.picture(join(media, 'quick-fix.png'));
  });

  scenario('problems.png', look, async (code) => {
    await code.openFile('compose.yaml');
    await code.underlines("error 'prots'");
    await code.page.keyboard.press('Control+B');
    await code.page.keyboard.press('Control+Shift+M');
    await code.page.locator('.markers-panel .monaco-list-row', { hasText: "'prots' is not" }).waitFor();
    await code.picture(join(media, 'problems.png'));
  });

  scenario('fix-all.png', look, async (code) => {
    await code.openFile('api/Dockerfile');
    await code.underlines("warning 'MAINTAINER'");
    await code.runCommand('Shipshape: Fix all safe problems in this file');
    await code.noLongerUnderlines("warning 'MAINTAINER'");
    await code.page.keyboard.press('Control+B');
    await code.runCommand('File: Compare Active File with Saved');
    await code.page.locator('.diff-editor, .monaco-diff-editor').first().waitFor();
    await code.picture(join(media, 'fix-all.png'));
  });

  const building: Given = {
    ...look,
    folder: 'harbour',
    settings: { ...look.settings, 'shipshape.build.showTerminal': 'always' },
  };
  scenario('build.png', building, async (code) => {
    ensureBaseImage();
    code.write('tide.sh', `echo "looking up the tides of $1"; sleep 1; echo "high water at 06:42" # ${Date.now()}\n`);
    await code.openFile('Dockerfile');
    await code.page.keyboard.press('Control+B');
    await code.clickLens('Build', 'WORKDIR /app');
    await code.terminalSays('Built harbour:dev');
    await code.notifies("Built 'harbour:dev'");
    await code.picture(join(media, 'build.png'));
    docker('image', 'rm', 'harbour:dev');
  });

  scenario('build-failure.png', building, async (code) => {
    ensureBaseImage();
    await code.openFile('Dockerfile');
    await code.page.keyboard.press('Control+B');
    await code.rewrite(broken);
    await code.save();
    await code.clickLens('Build', 'WORKDIR /app');
    await code.terminalSays('not found');
    await code.underlines("error 'tidetables'");
    await code.runCommand('Notifications: Clear All Notifications');
    await code.hoverSays('tidetables', 'is not in the image');
    await code.picture(join(media, 'build-failure.png'));
  });

  scenario('compose.png', { ...look, folder: 'stack' }, async (code) => {
    ensureBaseImage();
    await code.openFile('compose.yaml');
    await code.page.keyboard.press('Control+B');
    await code.clickLens('Up', 'services:');
    await code.terminalSays('web is up', 'worker is up');
    await code.picture(join(media, 'compose.png'));
    await code.pressInTerminal('Control+C');
    await code.terminalSays('Stopped');
    await code.clickLens('Down', 'services:');
    await code.terminalSays('Done');
  });

  const wide: Given = {
    ...look,
    folder: 'pilot',
    window: { viewport: { width: 1400, height: 800 }, deviceScaleFactor: 2 },
  };
  scenario('layers.png', wide, async (code) => {
    const removeImages = nameLayersBase('harbour/node:22-slim');
    code.write('tide-tables.bin', 'x'.repeat(4_200_000));
    code.write('Dockerfile', dockerfile('npm ci'));
    await code.openFile('Dockerfile');
    await build(code, 'FROM base');
    await code.rewrite(dockerfile('npm ci --omit=dev'));
    await code.save();
    await code.runCommand('Notifications: Clear All Notifications');
    await build(code, 'FROM base');
    await code.runCommand('View: Show Shipshape');
    await code.page.getByRole('button', { name: 'Findings Section' }).click();
    await code.runCommand('Shipshape: Show image layers');
    await pictureIn(code).getByText('against').waitFor();
    await code.runCommand('Notifications: Clear All Notifications');
    await pictureIn(code).getByRole('toolbar').getByRole('button').nth(3).focus();
    await code.picture(join(media, 'layers.png'));
    removeImages();
  });

  scenario('prove.png', { ...wide, folder: 'proof' }, async (code) => {
    await buildProof(code);
    await code.page.keyboard.press('Control+B');
    await code.runCommand('Notifications: Clear All Notifications');
    await code.clickLens('Prove', 'FROM shipshape-test');
    await proofIn(code).getByText('promises broken').waitFor();
    await code.underlines("warning 'EXPOSE 8080'");
    await code.picture(join(media, 'prove.png'));
    docker('image', 'rm', '--force', 'proof:dev');
  });

  const scanned = { ...wide.settings, 'shipshape.trivy.path': standInTrivy().program };
  scenario('scan.png', { ...wide, folder: 'findings', settings: scanned }, async (code) => {
    await scanImage(code);
    await code.runCommand('Notifications: Clear All Notifications');
    await code.page.locator('.pane-header', { hasText: 'Image Layers' }).click();
    await code.hoverSays('curl', 'CVE-2023-38545');
    await code.page.mouse.move(800, 700);
    await showDetails(code, 'curl 7.88.1-10');
    await code.picture(join(media, 'scan.png'));
    removeScanned();
  });

  scenario('deploy.png', { ...wide, folder: 'shop', azure: true }, async (code) => {
    ensureBaseImage();
    await code.openFile('Dockerfile');
    target(code, azure(), 'shop', 'containerApp: { name: shop-web, environment: shop-env }');
    await code.runCommand('Shipshape: Deploy to Azure');
    await planIn(code).getByRole('heading', { name: "container app 'shop-web'" }).waitFor();
    await code.runCommand('Notifications: Clear All Notifications');
    await code.runCommand('View: Close Primary Side Bar');
    await code.picture(join(media, 'deploy.png'));
  });
};

const broken = `\
FROM shipshape-test/base:1 AS build
WORKDIR /src
COPY tide.sh .
RUN sh tide.sh north && \\
    tidetables --year 2026 > tables && \\
    echo "the tables are made"

FROM shipshape-test/base:1
WORKDIR /app
COPY --from=build /src/tables .
USER app
CMD ["cat", "tables"]
`;

const dockerfile = (install: string): string => `\
FROM harbour/node:22-slim AS base
WORKDIR /app
RUN apt-get update && \\
    apt-get install -y curl tini

FROM base
COPY package.json ./
RUN ${install}
COPY . .
RUN chown -R app:app /app
USER app
EXPOSE 8080
CMD ["tini", "node", "server.js"]
`;
