import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { publicCloud } from '../../../client/src/azure/cloud.ts';
import { connect } from '../../../client/src/azure/connect.ts';
import {
  createCredential,
  waysOf,
  type CredentialKind,
  type CredentialOptions,
  type DeviceCode,
} from '../../../client/src/azure/credentials.ts';
import { isSignInError, type SignInReason } from '../../../client/src/azure/sign-in-error.ts';
import { editorCredential } from '../../../client/src/azure/vscode-credential.ts';
import { Cancelled } from '../../../client/src/tools/command.ts';
import { localAzure } from '../../azure/test-client.ts';

const scope = 'https://management.azure.com/.default';
const cloud = publicCloud;

/** An `az` of our own, first in the path; it notes what it was called with. */
function fakeCli(context: TestContext, script: string) {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-az-'));
  const notes = join(folder, 'notes');
  const program = join(folder, 'az');
  writeFileSync(
    program,
    `#!${process.execPath}\nrequire('fs').appendFileSync(${JSON.stringify(notes)}, process.argv.slice(2).join(' ') + '\\n');\n${script}`,
  );
  chmodSync(program, 0o755);
  withPath(context, folder);
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return { calls: () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []) };
}

function withPath(context: TestContext, path: string): void {
  const before = process.env['PATH'];
  process.env['PATH'] = path;
  context.after(() => (process.env['PATH'] = before));
}

const token = (name: string, minutes = 60): string =>
  `console.log(JSON.stringify({ accessToken: ${JSON.stringify(name)}, expires_on: Math.floor(Date.now() / 1000) + ${minutes * 60} }));`;
const refuses = (text: string): string => `process.stderr.write(${JSON.stringify(text)}); process.exit(1);`;

function reason(expected: SignInReason, says: RegExp, tenant?: string) {
  return (error: unknown): true => {
    assert.ok(isSignInError(error), String(error));
    assert.equal(error.reason, expected);
    assert.match(error.message, says);
    assert.equal(error.tenant, tenant);
    return true;
  };
}

void test('knows the ways in, in their order', () => {
  const session = { getToken: () => Promise.resolve(null) };
  const onDeviceCode = (): void => undefined;
  const pipeline = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c' };
  const rows: readonly (readonly [Partial<CredentialOptions>, string])[] = [
    [{ session, onDeviceCode }, 'vscode azureCli deviceCode'],
    [{ session, environment: { ...pipeline, AZURE_CLIENT_SECRET: 's' } }, 'vscode azureCli'],
    [{}, 'azureCli'],
    [{ environment: { ...pipeline, AZURE_CLIENT_SECRET: 's' } }, 'environment azureCli'],
    [{ environment: { ...pipeline, AZURE_CLIENT_CERTIFICATE_PATH: '/c' } }, 'environment azureCli'],
    [{ environment: { ...pipeline, AZURE_CLIENT_SECRET: '' } }, 'azureCli'],
    [{ environment: { ...pipeline, AZURE_FEDERATED_TOKEN_FILE: '/f' } }, 'workloadIdentity azureCli'],
    [{ environment: { IDENTITY_ENDPOINT: 'http://x' } }, 'managedIdentity azureCli'],
    [{ onDeviceCode }, 'azureCli deviceCode'],
  ];
  for (const [options, ways] of rows) {
    assert.equal(waysOf({ cloud, environment: {}, ...options }).join(' '), ways);
  }
});

void test('takes the token of Azure CLI, once, for the tenant that is asked for', async (context) => {
  const cli = fakeCli(context, token('from-az'));
  const credential = createCredential('azureCli', { cloud, tenant: 'home', environment: {} });
  const [one, two] = await Promise.all([credential.getToken(scope), credential.getToken(scope)]);
  assert.equal(one?.token, 'from-az');
  assert.equal(two?.token, 'from-az');
  await credential.getToken(scope);
  await credential.getToken(scope, { tenantId: 'guest' });
  assert.deepEqual(cli.calls(), [
    'account get-access-token --output json --resource https://management.azure.com --tenant home',
    'account get-access-token --output json --resource https://management.azure.com --tenant guest',
  ]);
});

void test('asks Azure CLI again shortly before the token ends, and after it was refused', async (context) => {
  const cli = fakeCli(context, token('short', 4));
  const credential = createCredential('azureCli', { cloud, environment: {} });
  await credential.getToken(scope);
  await credential.getToken(scope);
  assert.equal(cli.calls().length, 2);

  const other = fakeCli(context, token('long'));
  const kept = createCredential('azureCli', { cloud, environment: {} });
  await kept.getToken(scope);
  kept.drop('another');
  await kept.getToken(scope);
  assert.equal(other.calls().length, 1);
  kept.drop('long');
  await kept.getToken(scope);
  assert.equal(other.calls().length, 2);
});

void test('says what is wrong with Azure CLI', async (context) => {
  const credential = (): ReturnType<typeof createCredential> =>
    createCredential('azureCli', { cloud, tenant: 'contoso.com', environment: {} });
  fakeCli(context, refuses("ERROR: Please run 'az login' to setup account.\n"));
  await assert.rejects(
    credential().getToken(scope),
    reason(
      'cliLoggedOut',
      /^Azure CLI is not signed in: run 'az login --tenant contoso.com' in a terminal$/,
      'contoso.com',
    ),
  );
  fakeCli(context, refuses('ERROR: AADSTS700082: The refresh token has expired due to inactivity. Trace ID: 1\n'));
  await assert.rejects(credential().getToken(scope), reason('expired', /run 'az login --tenant/, 'contoso.com'));
  fakeCli(context, refuses("AADSTS90002: Tenant 'contoso.com' not found.\n"));
  await assert.rejects(credential().getToken(scope), reason('wrongTenant', /not in the tenant/, 'contoso.com'));
  fakeCli(context, refuses('Traceback: eyJhbGciOiJIUzI1NiJ9.e30.secret\n'));
  await assert.rejects(
    credential().getToken(scope),
    reason('notSignedIn', /^Azure CLI gives no token: Traceback: <token>$/, 'contoso.com'),
  );
  fakeCli(context, token('x'));
  await assert.rejects(
    credential().getToken(scope, { claims: '{"access_token":{"nbf":{"essential":true,"value":"1"}}}' }),
    reason('cliLoggedOut', /^Azure asks for a new sign-in: run 'az login --tenant contoso.com' in/, 'contoso.com'),
  );
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  await assert.rejects(
    credential().getToken(scope, { claims }),
    reason('cliLoggedOut', new RegExp(`--tenant contoso.com --claims-challenge ${btoa(claims)}' in`), 'contoso.com'),
  );
  withPath(context, join(tmpdir(), 'nothing-here'));
  await assert.rejects(credential().getToken(scope), reason('cliMissing', /is not installed/));
});

void test('auto: the editor first, and then only the editor', async (context) => {
  const cli = fakeCli(context, token('from-az'));
  const asked: string[] = [];
  const session = editorCredential((scopes) => {
    asked.push(scopes.join(' '));
    return Promise.resolve('from-editor');
  });
  const credential = createCredential('auto', { cloud, session, environment: {} });
  assert.equal((await credential.getToken(scope))?.token, 'from-editor');
  await credential.getToken('https://api.loganalytics.io/.default', { tenantId: 'guest' });
  assert.deepEqual(asked, [scope, 'https://api.loganalytics.io/.default VSCODE_TENANT:guest']);
  assert.deepEqual(cli.calls(), []);
});

void test('auto: Azure CLI where the editor has no account, nothing where the user says no', async (context) => {
  const cli = fakeCli(context, token('from-az'));
  const without = editorCredential(() => Promise.reject(new Error('Timed out waiting for authentication provider')));
  const credential = createCredential('auto', { cloud, session: without, environment: {} });
  assert.equal((await credential.getToken(scope))?.token, 'from-az');

  const declined = editorCredential(() => Promise.reject(new Error('User did not consent to login.')));
  await assert.rejects(
    createCredential('auto', { cloud, session: declined, environment: {} }).getToken(scope),
    reason('declined', /^You did not sign in/),
  );
  assert.equal(cli.calls().length, 1);
});

void test('auto: says all that could be done', async (context) => {
  withPath(context, join(tmpdir(), 'nothing-here'));
  const session = editorCredential(() => Promise.resolve(undefined));
  await assert.rejects(
    createCredential('auto', { cloud, session, environment: {} }).getToken(scope),
    reason('notSignedIn', /^Nobody is signed in to Azure: sign in here, or run 'az login' in a terminal$/),
  );
  await assert.rejects(
    createCredential('auto', { cloud, environment: {} }).getToken(scope),
    reason('cliMissing', /is not installed/),
  );
});

void test('the editor is asked to answer what Azure wants to know', async () => {
  const requests: unknown[] = [];
  const end = Math.floor(Date.now() / 1000) + 3600;
  const jwt = `e30.${Buffer.from(JSON.stringify({ exp: end })).toString('base64url')}.x`;
  const session = editorCredential((scopes, request) => {
    requests.push([scopes, request]);
    return Promise.resolve(jwt);
  });
  const claims = '{"access_token":{"nbf":1}}';
  const found = await session.getToken(scope, { claims, tenantId: 't' });
  assert.equal(found?.expiresOnTimestamp, end * 1000);
  const encoded = Buffer.from(claims).toString('base64');
  const all = [scope, 'VSCODE_TENANT:t'];
  assert.deepEqual(requests, [
    [
      all,
      {
        challenge: {
          wwwAuthenticate: `Bearer realm="", error="insufficient_claims", claims="${encoded}"`,
          fallbackScopes: all,
        },
      },
    ],
  ]);
});

void test('a pipeline signs in by its environment', async (context) => {
  const azure = await localAzure(context);
  const { clientId, secret, federatedToken } = azure.entra.application();
  const file = join(dirname(azure.certificate), 'federated-token');
  writeFileSync(file, federatedToken);
  const ids = { AZURE_TENANT_ID: azure.tenant, AZURE_CLIENT_ID: clientId };
  const sign = (kind: CredentialKind, environment: Record<string, string>) => {
    const { httpClient } = azure;
    return connect({ cloud, httpClient, credential: createCredential(kind, { cloud, environment, httpClient }) });
  };
  for (const kind of ['auto', 'environment'] as const) {
    const arm = sign(kind, { ...ids, AZURE_CLIENT_SECRET: secret });
    assert.ok((await arm.list('/subscriptions', '2022-12-01')).length > 0, kind);
  }
  for (const kind of ['auto', 'workloadIdentity'] as const) {
    const arm = sign(kind, { ...ids, AZURE_FEDERATED_TOKEN_FILE: file });
    assert.ok((await arm.list('/subscriptions', '2022-12-01')).length > 0, kind);
  }
  // What is there but wrong is not passed over.
  await assert.rejects(
    sign('auto', { ...ids, AZURE_CLIENT_SECRET: 'wrong' }).token(),
    reason('misconfigured', /AZURE_CLIENT_ID and its secret \(AADSTS7000215\)/),
  );
  writeFileSync(file, azure.entra.application().federatedToken);
  await assert.rejects(
    sign('workloadIdentity', { ...ids, AZURE_FEDERATED_TOKEN_FILE: file }).token(),
    reason('misconfigured', /workload identity \(AADSTS700213\): check its federated credential/),
  );
  await assert.rejects(sign('environment', ids).token(), reason('misconfigured', /needs AZURE_CLIENT_SECRET/));
});

void test('a job of GitHub Actions signs in without any secret', async (context) => {
  const azure = await localAzure(context);
  const { clientId, federatedToken } = azure.entra.application();
  const jobs = 'https://jobs.example/token?api-version=2.0';
  const httpClient: HttpClient = {
    sendRequest: (request) => {
      if (!request.url.startsWith('https://jobs.example/')) return azure.httpClient.sendRequest(request);
      const isRight =
        request.url === `${jobs}&audience=api%3A%2F%2FAzureADTokenExchange` &&
        request.headers.get('authorization') === 'Bearer of-the-job';
      return Promise.resolve({
        request,
        status: isRight ? 200 : 403,
        headers: createHttpHeaders({ 'content-type': 'application/json' }),
        bodyAsText: isRight ? JSON.stringify({ value: federatedToken }) : '{"message":"no"}',
      });
    },
  };
  const environment = {
    AZURE_TENANT_ID: azure.tenant,
    AZURE_CLIENT_ID: clientId,
    ACTIONS_ID_TOKEN_REQUEST_URL: jobs,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job',
  };
  const found = await createCredential('auto', { cloud, httpClient, environment }).getToken(scope);
  assert.ok(found);
  const other = { ...environment, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-another' };
  await assert.rejects(
    createCredential('auto', { cloud, httpClient, environment: other }).getToken(scope),
    reason('misconfigured', /^GitHub gives this job no token \(403\): no$/),
  );
});

void test('a user enters a code', async (context) => {
  const azure = await localAzure(context);
  const { objectId } = azure.user();
  const { httpClient, tenant } = azure;
  const begin = (signal?: AbortSignal) => {
    let device: DeviceCode | undefined;
    let show: (code: string) => void = () => undefined;
    const shown = new Promise<string>((resolve) => (show = resolve));
    const credential = createCredential('deviceCode', {
      cloud,
      tenant,
      httpClient,
      environment: {},
      onDeviceCode: (shownCode) => {
        device = shownCode;
        assert.equal(shownCode.url, 'https://microsoft.com/devicelogin');
        show(shownCode.code);
      },
    });
    const arm = connect({ cloud, credential, httpClient, tenant });
    return { arm, code: shown, device: () => device, token: arm.token(undefined, { signal }) };
  };

  const good = begin();
  azure.entra.enterCode(await good.code, { objectId });
  assert.ok(await good.token);
  // The second audience needs no second code.
  assert.ok(await good.arm.token('https://api.loganalytics.io'));

  const declined = begin();
  azure.entra.enterCode(await declined.code, 'declined');
  await assert.rejects(declined.token, reason('declined', /^You did not sign in/, tenant));

  const late = begin();
  azure.entra.enterCode(await late.code, 'expired');
  await assert.rejects(late.token, reason('expired', /not entered in time|has expired/, tenant));

  const stop = new AbortController();
  const stopped = begin(stop.signal);
  await stopped.code;
  stop.abort();
  await assert.rejects(stopped.token, Cancelled);

  // Whoever shows the code may give up, too, and is told when it may go.
  const given = begin();
  await given.code;
  given.device()?.cancel();
  await assert.rejects(given.token, Cancelled);
  await given.device()?.ended;
  await good.device()?.ended;
});

void test('tells a network that is not there from a sign-in that is not', async () => {
  const credential = createCredential('environment', {
    cloud: { ...cloud, name: 'custom', authority: 'https://127.0.0.1:1' },
    environment: { AZURE_TENANT_ID: 'adfs', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' },
  });
  await assert.rejects(credential.getToken(scope), { name: 'AzureError', status: 0, code: 'ECONNREFUSED' });
});
