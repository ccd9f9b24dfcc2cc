import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { WorkspaceFolder } from 'vscode';
import { apiVersions } from '../../../client/src/azure/api-versions.ts';
import { findTool } from '../../../client/src/container/find-tool.ts';
import { execute } from '../../../client/src/deploy/execute.ts';
import type { Step } from '../../../client/src/deploy/step.ts';
import type { ResolvedImage } from '../../../client/src/deploy/world.ts';
import type { Deploying } from '../../../client/src/deploy-ui/deploying.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { scan } from '../../../client/src/scan/execute.ts';
import type { Command, Run } from '../../../client/src/tools/command.ts';
import { startLab, type Lab } from '../../azure/registry/lab.ts';
import { baseImage, dockerTest, ensureBaseImage, folderOf } from '../../docker/docker.ts';
import { standInTrivy } from '../../trivy/stand-in.ts';
import { memoryJournal, planOf, worldOf } from '../deploy/engine/support.ts';
import { armOf, bodiesTo, listener, workFor } from '../registry/registry-lab.ts';
import { fakeEditor } from './fake-editor.ts';

interface Place {
  readonly fsPath: string;
}

const settings = new Map<string, unknown>();
const questions: string[] = [];
/** What the user clicks; nothing where there is none left. */
const clicks: string[] = [];

fakeEditor({
  Uri: { joinPath: ({ fsPath }: Place, path: string): Place => ({ fsPath: `${fsPath}/${path}` }) },
  commands: {},
  workspace: {
    getWorkspaceFolder: () => undefined,
    getConfiguration: (section: string) => ({
      get: (key: string, usual: unknown) => settings.get(`${section}.${key}`) ?? usual,
    }),
  },
  window: {
    showWarningMessage: (message: string, { detail }: { readonly detail: string }) => {
      questions.push(`${message}\n${detail}`);
      return Promise.resolve(clicks.shift());
    },
  },
});
const { imagesOf } = await import('../../../client/src/deploy-ui/images.ts');

/** A registry, and what the commands of the editor have, with the stand-in for Trivy. */
async function bench(context: TestContext) {
  ensureBaseImage();
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  // As NODE_EXTRA_CA_CERTS would: for this process, which has begun, and for the Trivy that it starts.
  const usual = getCACertificates();
  setDefaultCACertificates([...usual, readFileSync(lab.azure.certificate, 'utf8')]);
  process.env['NODE_EXTRA_CA_CERTS'] = lab.azure.certificate;
  context.after(() => {
    setDefaultCACertificates(usual);
    delete process.env['NODE_EXTRA_CA_CERTS'];
    settings.clear();
    questions.length = 0;
  });
  const { program } = standInTrivy(folderOf(context, {}));
  settings.set('shipshape.trivy.path', program);
  const started: Command[] = [];
  const log: string[] = [];
  const plain = createRun();
  const run: Run = (command, options) => {
    started.push(command);
    return plain(command, options);
  };
  const say = (line: string): unknown => log.push(line);
  const deploying = {
    run,
    output: { info: say, warn: say },
    parts: {
      tool: (signal?: AbortSignal) => findTool(run, { kind: 'docker' }, signal),
      builds: { add: () => Promise.resolve() },
      context: { globalStorageUri: { fsPath: '/nowhere' } },
    },
  } as unknown as Deploying;
  const folder = folderOf(context, { Dockerfile: `FROM ${baseImage}\nCOPY . /app/\n`, 'a.txt': 'a' });
  const arm = armOf(lab.azure, lab.token);
  const source = {
    arm,
    folder: { uri: { fsPath: folder } } as unknown as WorkspaceFolder,
    dockerfile: 'Dockerfile',
    signal: new AbortController().signal,
  };
  const ofTrivy = () => started.filter((command) => command.program === program && command.args[0] === 'image');
  return {
    lab,
    loginServer,
    program,
    run,
    log,
    ofTrivy,
    arm,
    images: imagesOf(deploying, { ...source, leaving: 'deployment' }),
  };
}

dockerTest('what was built in the cloud is scanned before it is deployed', async (context) => {
  const { lab, loginServer, program, run, log, ofTrivy, arm, images } = await bench(context);
  const steps: readonly Step[] = [
    { id: 'image', title: 'Build', effect: 'run', do: 'image', ...cloudWork(lab, loginServer) },
    {
      ...{ id: 'app', title: 'Make the app', effect: 'create', do: 'put' },
      ...{ path: lab.id('deployed'), apiVersion: apiVersions.registries },
      body: { location: 'westeurope', sku: { name: 'Basic' } },
    },
  ];
  const journal = memoryJournal();
  const deploy = async () => await execute(planOf(steps), worldOf({ arm, images, journal }));
  assert.equal((await deploy()).kind, 'stopped');
  assert.equal(lab.azure.resource(lab.id('deployed')), undefined);
  assert.match(
    questions[0] ?? '',
    /^The scan holds this deployment up: 4 findings, the worst critical\ncritical: curl/,
  );

  // It is there now, so it is not built again; but asked about it is.
  clicks.push('Deploy anyway');
  assert.equal((await deploy()).kind, 'deployed');
  assert.ok(lab.azure.resource(lab.id('deployed')));
  assert.deepEqual([questions.length, bodiesTo(lab.azure, /\/scheduleRun\b/).length], [2, 1]);

  const digest = journal.records.at(-1)?.digest ?? '';
  const [database, first] = ofTrivy();
  assert.equal(first?.args.at(-1), `${loginServer}/shop/web@${digest}`);
  const { TRIVY_USERNAME: user, TRIVY_PASSWORD: password = '' } = first.environment ?? {};
  assert.equal(user, '00000000-0000-0000-0000-000000000000');
  assert.match(password, /^ey/);
  assert.equal(database?.environment?.['TRIVY_PASSWORD'], undefined);
  const told = JSON.stringify([ofTrivy().map(({ args }) => args), log, questions, journal.records]);
  assert.ok(!told.includes(password), 'The login was told');

  // Without the scan nobody is asked.
  settings.set('shipshape.deploy.scan', false);
  const scans = ofTrivy().length;
  await images.admit?.(cloudWork(lab, loginServer), digest, listener());
  assert.deepEqual([questions.length, ofTrivy().length], [2, scans]);

  const scanned = async (secret: string, wanted = digest) => {
    const registry = { user: '00000000-0000-0000-0000-000000000000', password: secret };
    const trivy = { kind: 'installed', program, version: '0.74.0', databases: {} } as const;
    const subject = { kind: 'image', image: `${loginServer}/shop/web@${wanted}`, registry } as const;
    return await scan(subject, {}, { run, trivy });
  };
  await context.test('a registry that does not let Trivy in is told of in one sentence', async () => {
    const refused = 'The registry does not let Trivy read the image: check that you may pull from it';
    await assert.rejects(scanned('wrong'), { message: refused });
    await assert.rejects(scanned(password, `sha256:${'0'.repeat(64)}`), {
      message: /^'127\.0\.0\.1:\S+' is not in the registry any more: build it again$/,
    });
    delete process.env['NODE_EXTRA_CA_CERTS'];
    await assert.rejects(scanned(password), {
      message: 'Trivy could not read the image from the registry: certificate signed by unknown authority',
    });
    process.env['NODE_EXTRA_CA_CERTS'] = lab.azure.certificate;
  });

  await context.test('the database of Java comes when there is something in Java', async () => {
    process.env['TRIVY_STAND_IN'] = '{"hasJava":true}';
    context.after(() => delete process.env['TRIVY_STAND_IN']);
    const before = ofTrivy().length;
    const { diffIds, artifactName } = await scanned(password);
    assert.deepEqual([diffIds.length, artifactName], [2, `${loginServer}/shop/web@${digest}`]);
    const done = ofTrivy().slice(before);
    assert.deepEqual(
      done.map(({ args }) => args.at(-1)),
      ['--download-db-only', artifactName, '--download-db-only', '--download-java-db-only', artifactName],
    );
  });
});

function cloudWork({ id }: Lab, loginServer: string): Omit<ResolvedImage, 'secretArguments'> {
  return workFor(id('shopreg'), loginServer, { from: 'cloud' });
}
