import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { apiVersions } from '../../../client/src/azure/api-versions.ts';
import { textAt } from '../../../client/src/azure/json.ts';
import { addTarget } from '../../../client/src/deploy/write-choices.ts';
import type { Deploying } from '../../../client/src/deploy-ui/deploying.ts';
import { localAzure } from '../../azure/test-client.ts';
import { folderOf } from '../../docker/docker.ts';
import { localArm } from '../deploy/engine/local.ts';
import { target } from '../deploy/engine/support.ts';
import { fakeEditor, PickedList, workspaceOnDisk } from './fake-editor.ts';

const told: (readonly string[])[] = [];
const opened: string[] = [];

fakeEditor({
  CancellationTokenSource: class {
    readonly token = {};
    dispose(): void {}
  },
  QuickPickItemKind: { Separator: -1 },
  Uri: {
    joinPath: (folder: { fsPath: string }, path: string) => ({ fsPath: join(folder.fsPath, path) }),
    parse: (text: string) => text,
  },
  env: { openExternal: (address: string) => Promise.resolve(opened.push(address) > 0) },
  workspace: workspaceOnDisk,
  window: {
    createQuickPick: () => new PickedList((items) => items.slice(0, 1)),
    // Whoever is told presses the button.
    showInformationMessage: (...words: readonly string[]) => Promise.resolve(told.push(words) > 0 && words[1]),
  },
});

const { queryLogs } = await import('../../../client/src/deploy-ui/query-command.ts');

test('logs that nothing was written to yet: one sentence, and the way to the portal', async (context) => {
  const azure = await localAzure(context, { times: { operation: 5, retryAfter: 0 } });
  const user = azure.user();
  const arm = localArm(azure, azure.httpClient, user.token);
  const logs = azure.core.directory.token(user.objectId, 'https://api.loganalytics.io');
  const asker = localArm(azure, azure.httpClient, logs);
  const group = `/subscriptions/${azure.subscription}/resourceGroups/shop`;
  const put = (path: string, apiVersion: string): Promise<unknown> =>
    arm.send({ method: 'PUT', path, apiVersion, body: { location: 'westeurope' } });
  await put(group, apiVersions.resources);
  const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
  await put(workspace, apiVersions.workspaces);
  const customerId = textAt(azure.resource(workspace), 'properties.customerId') ?? '';
  const shop = { ...target, subscription: azure.subscription };
  azure.place(`${group}/providers/Microsoft.ContainerInstance/containerGroups/${shop.app.name}`, {
    location: 'westeurope',
    properties: {
      containers: [
        { name: 'shop', properties: { image: 'shop:1', resources: { requests: { cpu: 1, memoryInGB: 1 } } } },
      ],
      osType: 'Linux',
      diagnostics: { logAnalytics: { workspaceId: customerId, workspaceKey: '' } },
    },
  });

  const folder = { uri: { fsPath: folderOf(context, { '.shipshape/deploy.yaml': addTarget('', shop) }) } };
  const deploying = { session: { arm: () => Promise.resolve({ ...arm, ask: asker.ask }) } } as unknown as Deploying;
  await queryLogs(deploying, { folder, target: shop.name });

  const asked = azure.traffic.find(({ url }) => url.startsWith('https://api.loganalytics.io/'));
  assert.equal(asked?.status, 400);
  assert.match(JSON.stringify(asked.responseBody), /Failed to resolve table/);
  const [[message = '', ...buttons] = []] = told;
  assert.match(message, /^Errors by endpoint: nothing in the last 24 hours; [^.\n]+$/);
  assert.deepEqual([told.length, buttons], [1, ['Open in the portal']]);
  assert.match(opened.join(), /^https:\/\/portal\.azure\.com\//);
});
