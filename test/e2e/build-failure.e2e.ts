import assert from 'node:assert/strict';
import { ensureBaseImage } from '../docker/docker.ts';
import type { Given, Scenario } from './scenario.ts';

const wreck: Given = { folder: 'wreck', settings: { 'shipshape.build.showTerminal': 'never' } };
const exception = "Add the exception '!chart.txt' to '.dockerignore'";

export default (scenario: Scenario): void => {
  scenario('a failed build is underlined on its very word, until that is put right', wreck, async (code) => {
    ensureBaseImage();
    await code.openFile('Dockerfile');
    await code.clickLens('Build', 'FROM shipshape-test');
    await code.underlines("error 'chart.txt'");
    await code.hoverSays(
      'chart.txt',
      "It is hidden by line 2 of '.dockerignore' ('*.txt'): make an exception for it",
      'Shipshape build',
      'missing-file',
      ".dockerignore: '*.txt' hides it",
    );
    assert.deepEqual((await code.quickFixes('chart.txt')).slice(0, 2), [exception, 'Show build output']);
    await code.page.keyboard.press('Escape');
    await code.applyFix('chart.txt', exception);

    // The next build takes what was saved, and fails where the one before did not come to.
    await code.runCommand('File: Save All Files');
    await code.hasOnDisk('.dockerignore', '# Only what is needed\n*.txt\n!log.txt\n!chart.txt\n');
    await code.openFile('Dockerfile');
    await code.clickLens('Build', 'FROM shipshape-test');
    await code.underlines("error 'sail'");
    await code.noLongerUnderlines("error 'chart.txt'");
    await code.hoverSays(
      'sail',
      "'RUN' failed with exit code 127",
      "'sail' is not in the image",
      '/bin/sh: sail: not found',
    );
    await code.applyFix('sail', 'Show build output');
    await code.terminalSays("✖ 'RUN' failed with exit code 127");
  });

  scenario('what failed moves with the lines above it, and goes with an edit of its own', wreck, async (code) => {
    ensureBaseImage();
    await code.openFile('Dockerfile');
    await code.clickLens('Build', 'FROM shipshape-test');
    await code.underlines("error 'chart.txt'");
    const problem = code.page.locator('.markers-panel .monaco-list-row', { hasText: "'chart.txt' was not found" });
    await code.page.keyboard.press('Control+Shift+M');
    await problem.filter({ hasText: 'Ln 4, Col 5' }).waitFor();
    await code.openFile('Dockerfile');
    const { keyboard } = code.page;
    await keyboard.press('Control+Home');
    await keyboard.type('# Here be rocks');
    await keyboard.press('Enter');
    await problem.filter({ hasText: 'Ln 5, Col 5' }).waitFor();
    await code.underlines("error 'chart.txt'");
    for (const key of ['ArrowDown', 'ArrowDown', 'End', 'Backspace']) await keyboard.press(key);
    await code.noLongerUnderlines("error 'chart.txt'");
    await problem.waitFor({ state: 'detached' });
  });
};
