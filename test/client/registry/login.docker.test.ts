import assert from 'node:assert/strict';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { findTool } from '../../../client/src/container/find-tool.ts';
import { createHttp } from '../../../client/src/registry/http.ts';
import { withRegistryLogin } from '../../../client/src/registry/login.ts';
import { push } from '../../../client/src/registry/push.ts';
import { readRegistry } from '../../../client/src/registry/registry.ts';
import { createTokens } from '../../../client/src/registry/token.ts';
import type { Command } from '../../../client/src/tools/command.ts';
import { withLogin, type LoginFolder } from '../../../client/src/tools/container/login.ts';
import { startLab } from '../../azure/registry/lab.ts';
import { baseImage, docker, dockerTest, ensureBaseImage, folderOf } from '../../docker/docker.ts';
import { armOf, listener, run } from './registry-lab.ts';

function environment(context: TestContext, variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
    context.after(() => {
      if (before === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before;
    });
  }
}

dockerTest(
  'what else the settings say still holds: contexts, plugins; the own logins and keychain are left alone',
  async (context) => {
    ensureBaseImage();
    const lab = await startLab(context);
    const loginServer = await lab.registry('shopreg');
    const host = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
    const own = folderOf(context, {});
    const keychain = folderOf(context, {});
    // A keychain that notes whoever asks for it.
    for (const name of [
      'pass',
      'docker-credential-pass',
      'docker-credential-secretservice',
      'docker-credential-mine',
    ]) {
      writeFileSync(join(keychain, name), `#!/bin/sh\necho "$0 $@" >> '${keychain}/asked'\nexit 1\n`);
      chmodSync(join(keychain, name), 0o755);
    }
    environment(context, {
      DOCKER_CONFIG: own,
      DOCKER_HOST: undefined,
      PATH: `${keychain}${delimiter}${process.env['PATH'] ?? ''}`,
    });
    docker('context', 'create', 'elsewhere', '--docker', `host=${host}`);
    docker('context', 'use', 'elsewhere');
    mkdirSync(join(own, 'cli-plugins'));
    const metadata = '{"SchemaVersion":"0.1.0","Vendor":"Test","Version":"1.0.0"}';
    writeFileSync(
      join(own, 'cli-plugins', 'docker-ours'),
      `#!/bin/sh\n[ "$1" = docker-cli-plugin-metadata ] && echo '${metadata}' || echo ours\n`,
    );
    chmodSync(join(own, 'cli-plugins', 'docker-ours'), 0o755);
    const config = join(own, 'config.json');
    const settings = { ...(JSON.parse(readFileSync(config, 'utf8')) as object), credsStore: 'mine' };
    writeFileSync(config, JSON.stringify(settings));
    const before = readFileSync(config, 'utf8');
    const beforeNames = readdirSync(own).sort();

    const name = `${loginServer}/plain:1`;
    docker('tag', baseImage, name);
    context.after(() => void spawnSync('docker', ['-H', host, 'image', 'rm', '--force', name]));
    const arm = armOf(lab.azure, lab.token);
    const registry = await readRegistry(arm, lab.id('shopreg'));
    const token = await createTokens({ arm, http: createHttp(lab.azure.httpClient) }).refresh(registry, 'push');
    const heard = listener();
    const commands: Command[] = [];
    const options = {
      run: ((command, more) => {
        commands.push(command);
        return run(command, more);
      }) satisfies typeof run,
      keeper: undefined,
      tool: await findTool(run, { kind: 'docker' }),
      registry,
      token,
      signal: heard.signal,
    };
    let place: LoginFolder | undefined;
    const digest = await withRegistryLogin(options, async (login) => {
      place = login;
      assert.equal(lstatSync(login.folder).mode & 0o777, 0o700);
      assert.equal(lstatSync(join(login.folder, 'config.json')).mode & 0o777, 0o600);
      const plugin = await run(withLogin(options.tool, login, ['ours']));
      assert.equal(plugin.stdout, 'ours\n', plugin.stderr);
      return await push(name, { ...options, place: login, onLog: heard.onLog, onProgress: heard.onProgress });
    });
    assert.match(digest ?? '', /^sha256:/);
    assert.ok(place && !existsSync(place.folder));
    assert.equal(readFileSync(config, 'utf8'), before);
    assert.deepEqual(readdirSync(own).sort(), beforeNames);
    assert.ok(existsSync(join(own, 'cli-plugins', 'docker-ours')));
    assert.ok(!existsSync(join(keychain, 'asked')), 'the keychain was asked');
    // The token went by standard input, and nowhere else.
    assert.ok(commands.some(({ input }) => input === token));
    assert.ok(!JSON.stringify(commands.map((command) => ({ ...command, input: '' }))).includes(token));
    assert.ok(!JSON.stringify([heard.log, heard.progress]).includes(token));
  },
);

dockerTest('a token that is no longer good is told as a matter of rights', async (context) => {
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  const registry = await readRegistry(armOf(lab.azure, lab.token), lab.id('shopreg'));
  assert.equal(registry.loginServer, loginServer);
  const { signal } = new AbortController();
  const tool = await findTool(run, { kind: 'docker' });
  const options = { run, keeper: undefined, tool, registry, token: 'not-a-token', signal };
  await assert.rejects(
    withRegistryLogin(options, () => Promise.resolve()),
    { name: 'UserError', message: "You may not push to the registry 'shopreg': ask for its role 'AcrPush'" },
  );
});
