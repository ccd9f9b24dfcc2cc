// The README's screenshots, of samples/: `node test/e2e/run.ts --pictures`. They look best with the fonts Inter and JetBrains
// Mono installed (Debian: fonts-inter, fonts-jetbrains-mono), and
// `pngquant --ext .png --force media/*.png` afterwards makes them a third as large.
import { join } from 'node:path';
import type { Given, Scenario } from './scenario.ts';

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

export default (scenario: Scenario): void => {
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
};
