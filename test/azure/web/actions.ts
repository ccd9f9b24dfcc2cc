import { textAt } from '../../../client/src/azure/json.ts';
import type { Core, Part } from '../core.ts';
import { instanceOf } from './blueprint.ts';
import { answer, bodyOf } from './contracts.ts';
import { appIdOf, field, forBoth, propertiesOf } from './ids.ts';
import type { Lives } from './live.ts';
import { logsApp } from './scm.ts';
import { restart } from './settings.ts';

/** What is done to a site or slot, and what there is to see of it. */
export const actions =
  (lives: Lives): Part =>
  (core) => [
    ...forBoth({
      method: 'POST',
      below: '/restart',
      action: 'Microsoft.Web/sites/restart/action',
      handle: async (call) => {
        const app = appIdOf(call);
        await restart(core, lives, app);
        if (call.query.get('synchronous') === 'true') await (await lives.of(app)).worker.settled();
        return { status: 200 };
      },
    }),
    ...forBoth({
      method: 'POST',
      below: '/stop',
      action: 'Microsoft.Web/sites/stop/action',
      handle: async (call) => {
        const app = appIdOf(call);
        core.store.need(app);
        lives.checkFree(app);
        const { worker } = await lives.of(app);
        setState(core, app, 'Stopped');
        await worker.stop();
        return { status: 200 };
      },
    }),
    ...forBoth({
      method: 'POST',
      below: '/start',
      action: 'Microsoft.Web/sites/start/action',
      handle: async (call) => {
        const app = appIdOf(call);
        const wasRunning = textAt(core.store.need(app), 'properties.state') === 'Running';
        lives.checkFree(app);
        setState(core, app, 'Running');
        if (!wasRunning) await restart(core, lives, app);
        return { status: 200 };
      },
    }),
    ...forBoth({
      method: 'POST',
      below: '/containerlogs',
      action: 'Microsoft.Web/sites/containerlogs/action',
      handle: async (call) => {
        const app = appIdOf(call);
        core.store.need(app);
        const text = (await lives.of(app)).book.text(logsApp(core, app));
        if (text === '') return { status: 204 };
        return { status: 200, body: text, headers: { 'content-type': 'application/octet-stream' } };
      },
    }),
    ...forBoth({
      method: 'GET',
      below: '/instances',
      action: 'Microsoft.Web/sites/instances/read',
      answers: { 200: answer('WebAppInstanceStatusCollection') },
      handle: async (call) => {
        const app = appIdOf(call);
        const site = core.store.need(app);
        const condition = (await lives.of(app)).worker.condition();
        if (condition === 'stopped') return { status: 200, body: { value: [] } };
        const name = instanceOf(app);
        const type = 'Microsoft.Web/sites/instances';
        const state = condition === 'serving' || condition === 'empty' ? 'READY' : 'UNKNOWN';
        const one = { id: `${field(site, 'id')}/instances/${name}`, name, type, properties: { state } };
        return { status: 200, body: { value: [one] } };
      },
    }),
    ...forBoth({
      method: 'GET',
      below: '/usages',
      action: 'Microsoft.Web/sites/usages/read',
      answers: { 200: answer('CsmUsageQuotaCollection') },
      handle: (call) => {
        core.store.need(appIdOf(call));
        const name = { value: 'FileSystemStorage', localizedValue: 'File System Storage' };
        return { status: 200, body: { value: [{ unit: 'Bytes', name, currentValue: 0, limit: 10_737_418_240 }] } };
      },
    }),
    ...forBoth({
      method: 'POST',
      below: '/publishxml',
      action: 'Microsoft.Web/sites/publishxml/action',
      body: bodyOf('CsmPublishingProfileOptions'),
      handle: async (call) => {
        const app = appIdOf(call);
        core.store.need(app);
        const { hostName, scmHostName } = await lives.of(app);
        // Without the password: nobody here has a use for it, and `az` asks even when it does not need it.
        const profile = `<publishProfile publishMethod="MSDeploy" publishUrl="${scmHostName}" destinationAppUrl="https://${hostName}" />`;
        const headers = { 'content-type': 'application/xml' };
        return { status: 200, body: `<publishData>${profile}</publishData>`, headers };
      },
    }),
  ];

function setState(core: Core, app: string, state: 'Running' | 'Stopped'): void {
  const site = core.store.need(app);
  core.store.put(app, { ...site, properties: { ...propertiesOf(site), state } });
}
