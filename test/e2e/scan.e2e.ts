import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { ensureBaseImage } from '../docker/docker.ts';
import { standInTrivy } from '../trivy/stand-in.ts';
import type { Given, Scenario } from './scenario.ts';
import type { VsCode } from './vs-code.ts';

const image = 'findings:dev';
const base = 'debian:12.1-slim';
const dockerfile = join(import.meta.dirname, 'workspace/findings/Dockerfile');

export default (scenario: Scenario): void => {
  const trivy = standInTrivy();
  const findings: Given = { folder: 'findings', settings: { 'shipshape.trivy.path': trivy.program } };

  scenario('scan: what Trivy finds in an image is shown where it can be acted on', findings, async (code) => {
    try {
      await scanImage(code);
      await code.underlines("warning 'debian:12.1-slim'", "warning 'curl'");
      await code.hoverSays('curl', "'curl' 7.88.1-10 has CVE-2023-38545 (critical), fixed in 7.88.1-10+deb12u4");
      // The hover would lie over the next word.
      await code.page.mouse.move(800, 700);
      await code.hoverSays(
        'debian:12.1-slim',
        'brings 2 vulnerabilities: 1 high, 1 low; 1 goes away with updated packages',
      );
      await row(code, 'lodash 4.17.20').waitFor();
      await statusSays(code, '2 critical, 2 high');
      await photograph(code, 'scan-1');

      // Details, in a page of its own.
      const page = await showDetails(code, 'curl 7.88.1-10');
      await page.getByText('7.88.1-10+deb12u4').waitFor();
      await photograph(code, 'scan-details');
      await code.runCommand('View: Close All Editors');

      // The version in the manifest.
      await code.openFile('package.json');
      await code.underlines("warning '^4.17.20'");
      await code.applyFix('^4.17.20', "Raise 'lodash' to ^4.17.21");
      await code.save();
      await code.hasOnDisk('package.json', /"lodash": "\^4\.17\.21"/);
      await code.noLongerUnderlines("warning '^4.17.20'", "warning '^4.17.21'");
      await row(code, image).filter({ hasText: 'before your last change' }).waitFor();
    } finally {
      removeScanned();
    }
  });

  scenario('scan: what is ignored with a reason is gone at once, and from the next scan', findings, async (code) => {
    try {
      await scanImage(code);
      await code.underlines("warning 'curl'");
      await code.applyFix('curl', "Ignore 'CVE-2023-38545' with a reason …");
      await code.answers('Why is this acceptable?', 'Only used to check our own health: no proxy');
      await code.picksOne('(2/2)', 'For 90 days');
      await code.noLongerUnderlines("warning 'curl'");
      await row(code, 'curl 7.88.1-10').waitFor({ state: 'detached' });
      await code.hasOnDisk(
        '.trivyignore.yaml',
        /- id: CVE-2023-38545\n {4}purls:\n[^]*no proxy"?\n {4}expired_at: \d{4}-/,
      );
      await code.reload();
      await code.openFile('Dockerfile');
      await code.underlines("warning 'debian:12.1-slim'");
      await showTree(code);
      assert.equal(await row(code, 'curl 7.88.1-10').count(), 0);
      // A change that the image does not have yet.
      await code.rewrite(`${readFileSync(dockerfile, 'utf8')}LABEL port=north\n`);
      await code.save();
      await row(code, image).filter({ hasText: 'before your last change' }).waitFor();
      await row(code, image).hover();
      await row(code, image).getByRole('button', { name: 'Scan again' }).click();
      await code.notifies(`Scanning '${image}'`);
      await code.page.locator('.notification-toast', { hasText: 'Scanning' }).waitFor({ state: 'detached' });
      await row(code, 'libc6 2.36-9').waitFor();
      assert.equal(await row(code, 'curl 7.88.1-10').count(), 0);
      await code.noLongerUnderlines("warning 'curl'");

      // All of it as SARIF.
      await code.page.keyboard.press('F1');
      await code.page.locator('.quick-input-widget input').fill('>Shipshape: Export findings as SARIF');
      await code.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'SARIF' }).waitFor();
      await code.page.keyboard.press('Enter');
      await code.page
        .locator('.quick-input-widget')
        .getByRole('button', { name: /OK|Save/ })
        .click();
      await code.hasOnDisk('findings-dev.sarif', /"version": "2\.1\.0"[^]*CVE-2023-4911/);
    } finally {
      removeScanned();
    }
  });

  scenario('scan: the same thing is not reported twice', findings, async (code) => {
    ensureBaseImage();
    code.write('Dockerfile', 'FROM debian:latest\nRUN sudo make\nUSER root\n');
    await code.openFile('Dockerfile');
    await code.underlines("warning 'latest'");
    await code.runCommand('Shipshape: Scan Dockerfile for misconfigurations with Trivy');
    await row(code, 'Reported by Shipshape already').waitFor();
    await row(code, 'Reported by Shipshape already').click();
    await row(code, 'rule base-image-latest').waitFor();
    await photograph(code, 'scan-covered');
    // With our rule off, Trivy has its say.
    await code.changeSettings({ ...findings.settings, 'shipshape.rules': { 'base-image-latest': 'off' } });
    await code.openFile('Dockerfile');
    await code.underlines("info 'FROM debian:latest'");
  });

  scenario(
    'scan: a workspace that is not trusted is not scanned',
    {
      ...findings,
      settings: {
        ...findings.settings,
        'security.workspace.trust.enabled': true,
        'security.workspace.trust.startupPrompt': 'always',
      },
    },
    async (code) => {
      await code.distrusts();
      await code.openFile('Dockerfile');
      await code.page.keyboard.press('F1');
      await code.page.locator('.quick-input-widget input').fill('>Shipshape: ');
      const rows = code.page.locator('.quick-input-list .monaco-list-row');
      await rows.filter({ hasText: 'Shipshape: Show output' }).waitFor();
      assert.doesNotMatch((await rows.allInnerTexts()).join('\n'), /Scan|Build|Prove/);
    },
  );

  const missing: Given = { folder: 'findings', settings: { 'shipshape.trivy.path': '/nowhere/trivy' } };
  scenario('scan: a Trivy that is missing is said to be', missing, async (code) => {
    await code.openFile('Dockerfile');
    await code.runCommand('Shipshape: Scan workspace with Trivy');
    await code.notifies("'/nowhere/trivy' was not found: correct the setting 'shipshape.trivy.path'");
  });

  scenario('scan: a scan can be cancelled', findings, async (code) => {
    const folder = mkdtempSync(join(tmpdir(), 'shipshape-slow-'));
    const [slowWhile, startedTo] = [join(folder, 'slow'), join(folder, 'pid')];
    writeFileSync(slowWhile, '');
    code.write('.trivy-stand-in.json', JSON.stringify({ slowWhile, startedTo }));
    await code.openFile('Dockerfile');
    await code.runCommand('Shipshape: Scan workspace with Trivy');
    await code.eventually(() => assert.ok(existsSync(startedTo)));
    const pid = Number(readFileSync(startedTo, 'utf8'));
    await code.answersNotification('Cancel');
    await code.eventually(() => assert.throws(() => process.kill(pid, 0)));
    await code.page.locator('.notification-toast').waitFor({ state: 'hidden' });
  });
};

export async function scanImage(code: VsCode): Promise<void> {
  ensureBaseImage(base);
  await code.openFile('Dockerfile');
  await code.clickLens('Build', 'FROM debian');
  await code.notifies(`Built '${image}'`);
  await code.clickLens('Scan', 'FROM debian');
  await row(code, image).waitFor();
}

export function removeScanned(): void {
  spawnSync('docker', ['image', 'rm', '--force', image, base], { stdio: 'ignore' });
}

/** The page about a finding of the tree. */
export async function showDetails(code: VsCode, finding: string): Promise<FrameLocator> {
  await row(code, finding).click();
  const page = details(code);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

function row(code: VsCode, text: string): Locator {
  return code.page.getByRole('tree', { name: 'Findings' }).locator('.monaco-list-row', { hasText: text });
}

async function showTree(code: VsCode): Promise<void> {
  await code.runCommand('View: Show Shipshape');
  await row(code, image).waitFor();
}

async function statusSays(code: VsCode, text: string): Promise<void> {
  await code.page.locator('.statusbar-item', { hasText: text }).waitFor();
}

function details({ page }: VsCode): FrameLocator {
  return page.frameLocator('iframe.webview').frameLocator('#active-frame');
}

/** With PICTURES set to a folder: what a window looks like on the way. */
async function photograph(code: VsCode, name: string): Promise<void> {
  const folder = process.env['PICTURES'];
  if (folder !== undefined) await code.picture(join(folder, `${name}.png`));
}
