import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { docker, ensureBaseImage } from '../docker/docker.ts';
import type { Given, Scenario } from './scenario.ts';

const harbour: Given = { folder: 'harbour' };
const withLog: Given = { ...harbour, settings: { 'shipshape.build.showTerminal': 'always' } };

export default (scenario: Scenario): void => {
  scenario('an image is built from the lens over its stage', withLog, async (code) => {
    ensureBaseImage();
    // Nothing of it can be in the cache.
    code.write('tide.sh', `echo "looking up the tides of $1, ${Date.now()}"\n`);
    await code.openFile('Dockerfile');
    await code.showsLens('Prove', 'WORKDIR /app');
    await code.clickLens('Build', 'WORKDIR /app');
    await code.notifies("Built 'harbour:dev'");
    await code.terminalSays('build 4/4 RUN sh tide.sh north', 'looking up the tides of north', 'Built harbour:dev');
    assert.equal(docker('run', '--rm', 'harbour:dev'), 'the tables are made');
    await code.clickLens('Build', 'WORKDIR /app');
    await code.terminalSays('CACHED', '5 of 5 steps cached');
    docker('image', 'rm', 'harbour:dev');
  });

  scenario('a failed build marks the line that failed, and shows its output', harbour, async (code) => {
    ensureBaseImage();
    await code.openFile('Dockerfile.reef');
    await code.clickLens('Build', 'FROM shipshape-test');
    await code.notifies("Line 7 of 'Dockerfile.reef': 'RUN' failed with exit code 3");
    await code.terminalSays('the keel has touched ground', "✖ 'RUN' failed with exit code 3", 'Dockerfile.reef:4');
    await code.underlines("error 'exit 3'");
    await code.answersNotification('Show in Dockerfile');
    await code.page.locator('.statusbar-item', { hasText: /Ln 7,/ }).waitFor();
  });

  scenario('cancel, closing the terminal and a reload end the build and all it started', withLog, async (code) => {
    ensureBaseImage();
    await code.openFile('Dockerfile.calm');
    const endings: readonly (() => Promise<void>)[] = [
      () => code.answersNotification('Cancel'),
      // Whoever asks again is shown the first one.
      async () => {
        await code.clickLens('Build', 'FROM shipshape-test');
        await code.notifies("'Dockerfile.calm' is being built already");
        await code.answersNotification('Show output');
        await code.pressInTerminal('Control+C');
      },
      async () => {
        await code.runCommand('Terminal: Kill the Active Terminal Instance');
        await code.page.locator('.notification-toast').waitFor({ state: 'hidden' });
      },
      async () => {
        await code.reload();
        await code.openFile('Dockerfile.calm');
      },
    ];
    for (const end of endings) {
      await code.clickLens('Build', 'FROM shipshape-test');
      await code.terminalSays('\n  no wind');
      await code.page.locator('.statusbar-item', { hasText: 'Build 2/2' }).waitFor();
      await code.eventually(() => assert.notDeepEqual(processesOf('sleep 31415'), []));
      await end();
      await code.eventually(() => assert.deepEqual(processesOf('sleep 31415'), []));
      await code.eventually(() => assert.deepEqual(processesOf('Dockerfile.calm'), []));
      await code.page.locator('.statusbar-item', { hasText: 'Build 2/2' }).waitFor({ state: 'hidden' });
    }
  });

  scenario('what is not known is asked once', withLog, async (code) => {
    ensureBaseImage();
    await code.openFile('Dockerfile.asks');
    await code.clickLens('Build', 'FROM shipshape-test');
    // Of its own, so that the step is in no cache.
    const port = `Cuxhaven-${Date.now()}`;
    await code.answers('ARG HARBOUR', port);
    await code.picksOne("secret 'tides'", 'Environment variable');
    await code.answers("secret 'tides'", 'HOME');
    await code.terminalSays(`bound for ${port}`, 'Built harbour-asks:dev');
    await code.reload();
    await code.openFile('Dockerfile.asks');
    await code.clickLens('Build', 'FROM shipshape-test');
    await code.terminalSays('Built harbour-asks:dev', 'CACHED');
    await code.runAskingCommand('Shipshape: Change build settings');
    await code.page.getByRole('option', { name: `ARG HARBOUR, ${port}` }).waitFor();
    await code.page.getByRole('option', { name: 'Secret tides, from the variable HOME' }).waitFor();
    await code.page.keyboard.press('Escape');
    docker('image', 'rm', 'harbour-asks:dev');
  });

  scenario('a build is the default build task', harbour, async (code) => {
    ensureBaseImage();
    await code.openFile('Dockerfile');
    await code.showsLens('Build', 'WORKDIR /app');
    await code.page.keyboard.press('Control+Shift+B');
    await code.terminalSays('Built shipshape-test/e2e-task:1');
    docker('image', 'rm', 'shipshape-test/e2e-task:1');
  });

  scenario('no name is ever read by a shell', withLog, async (code) => {
    ensureBaseImage();
    const folder = '-o $(touch pwned) `id` "it\'s"; & cargo';
    code.write(`${folder}/Dockerfile.hostile`, 'FROM shipshape-test/base:1\nCOPY --chmod=444 . /cargo\n');
    code.write(`${folder}/-rf\n$(touch pwned)`, 'gold');
    await code.openFile('Dockerfile.hostile');
    await code.clickLens('Build', 'FROM shipshape-test');
    const image = /^✔ Built (\S+)/m.exec(await code.terminalSays('Built ', 'of 1 steps'))?.[1] ?? '';
    assert.equal(docker('run', '--rm', image, 'cat', '/cargo/-rf\n$(touch pwned)'), 'gold');
    assert.equal(code.isOnDisk('pwned') || code.isOnDisk(`${folder}/pwned`), false);
    docker('image', 'rm', image);
  });

  const trust = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'always' };
  const restricted: Given = { ...harbour, settings: trust };
  scenario('a restricted workspace builds nothing, and says what to do', restricted, async (code) => {
    await code.distrusts();
    await code.openFile('Dockerfile');
    await code.clickLens('Build', 'WORKDIR /app');
    await code.notifies('which a restricted workspace may not: trust it first');
  });
};

/** Of the builder and of the client alike, as Docker runs on this machine. */
function processesOf(text: string): readonly string[] {
  const all = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(text));
}
