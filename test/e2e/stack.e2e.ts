import assert from 'node:assert/strict';
import { docker, ensureBaseImage } from '../docker/docker.ts';
import type { Scenario } from './scenario.ts';

const running = (): string =>
  docker('ps', '--filter', 'label=com.docker.compose.project=shipshape-e2e-stack', '--format', '{{.Names}}');

export default (scenario: Scenario): void => {
  scenario(
    'one service of a Compose file is started by its lens and stopped by Ctrl+C',
    { folder: 'stack' },
    async (code) => {
      ensureBaseImage();
      await code.openFile('compose.yaml');
      await code.clickLens('Up', 'web:');
      await code.terminalSays('docker compose', 'web is up');
      assert.equal(running(), 'shipshape-e2e-stack-web-1');
      await code.pressInTerminal('Control+C');
      await code.terminalSays('Stopped');
      assert.equal(running(), '');
      await code.clickLens('Down', 'services:');
      await code.terminalSays('Done');
    },
  );

  scenario(
    'a command asks which services and profiles, and a reload ends what it started',
    { folder: 'stack' },
    async (code) => {
      ensureBaseImage();
      await code.openFile('compose.yaml');
      await code.showsLens('Up', 'web:');
      await code.runCommand('Shipshape: Compose: start services');
      await code.picks('debug');
      await code.terminalSays('tools were here', 'worker is up', 'web is up');
      await code.reload();
      await code.openFile('compose.yaml');
      await code.eventually(() => assert.equal(running(), ''));
      await code.showsLens('Up', 'web:');
      await code.runCommand('Shipshape: Compose: stop and remove services');
      await code.picks();
      await code.terminalSays('Done');
    },
  );
};
