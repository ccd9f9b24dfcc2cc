import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Call, Core, Part, Reply, Route } from '../core.ts';
import { checkMounts } from './attachments.ts';
import { answerOf, configure, read, write, type Section } from './config.ts';
import { answer, bodyOf } from './contracts.ts';
import { appIdOf, field, forBoth, propertiesOf, sitePath } from './ids.ts';
import { referencesOf, type Reference } from './key-vault.ts';
import type { Lives } from './live.ts';
import { refuse } from './refusals.ts';
import { checkConfig, planOf } from './site-resource.ts';
import { tierOf } from './skus.ts';

/** What is configured of a site or slot, in resources below it. */
export const settings =
  (lives: Lives): Part =>
  (core) => {
    const reply = (call: Call, section: Section): Reply => ({
      status: 200,
      body: answerOf(core, appIdOf(call), section),
    });
    const changed = async (call: Call, section: Section): Promise<Reply> => {
      await restart(core, lives, appIdOf(call));
      return reply(call, section);
    };

    const dictionary = (
      section: 'config/appsettings' | 'config/connectionstrings' | 'config/azurestorageaccounts',
      model: string,
    ): readonly Route[] => [
      ...forBoth({
        method: 'POST',
        below: `/${section}/list`,
        action: 'Microsoft.Web/sites/config/list/action',
        answers: { 200: answer(model) },
        handle: (call) => reply(call, section),
      }),
      ...forBoth({
        method: 'PUT',
        below: `/${section}`,
        action: 'Microsoft.Web/sites/config/write',
        body: bodyOf(model),
        answers: { 200: answer(model) },
        handle: async (call) => {
          core.store.need(appIdOf(call));
          lives.checkFree(appIdOf(call));
          // Replaces them all.
          const given = propertiesOf(call.body);
          if (section === 'config/appsettings') checkNames(Object.keys(given));
          if (section === 'config/azurestorageaccounts') checkMounts(given);
          write(core, appIdOf(call), section, given);
          return await changed(call, section);
        },
      }),
    ];

    const plain = (section: Section, model: string, methods: readonly ('GET' | 'PUT')[]): readonly Route[] =>
      methods.flatMap((method) =>
        forBoth({
          method,
          below: `/${section}`,
          action: `Microsoft.Web/sites/${section.startsWith('config/') ? 'config' : 'basicPublishingCredentialsPolicies'}/${method === 'GET' ? 'read' : 'write'}`,
          ...(method === 'PUT' && { body: bodyOf(model) }),
          answers: { 200: answer(model) },
          handle: (call) => {
            core.store.need(appIdOf(call));
            if (method === 'PUT')
              write(core, appIdOf(call), section, {
                ...read(core, appIdOf(call), section),
                ...propertiesOf(call.body),
              });
            return reply(call, section);
          },
        }),
      );

    const names = plain('config/slotConfigNames', 'SlotConfigNamesResource', ['GET', 'PUT']);

    return [
      ...forBoth({
        method: 'GET',
        below: '/config/web',
        action: 'Microsoft.Web/sites/config/read',
        answers: { 200: answer('SiteConfigResource') },
        handle: (call) => reply(call, 'config/web'),
      }),
      ...(['PATCH', 'PUT'] as const).flatMap((method) =>
        forBoth({
          method,
          below: '/config/web',
          action: 'Microsoft.Web/sites/config/write',
          body: bodyOf('SiteConfigResource'),
          answers: { 200: answer('SiteConfigResource') },
          handle: async (call) => {
            const site = core.store.need(appIdOf(call));
            lives.checkFree(appIdOf(call));
            const plan = planOf(core, site);
            checkConfig(propertiesOf(call.body), plan, tierOf(textAt(plan, 'sku.name') ?? ''));
            configure(core, appIdOf(call), propertiesOf(call.body), method === 'PATCH');
            return await changed(call, 'config/web');
          },
        }),
      ),
      ...dictionary('config/appsettings', 'StringDictionary'),
      ...dictionary('config/connectionstrings', 'ConnectionStringDictionary'),
      ...dictionary('config/azurestorageaccounts', 'AzureStoragePropertyDictionaryResource'),
      // Kept by the production site, for all slots.
      ...names.filter(({ path }) => path.startsWith(`${sitePath}/config`)),
      ...plain('config/logs', 'SiteLogsConfig', ['GET', 'PUT']),
      ...plain('basicPublishingCredentialsPolicies/scm', 'CsmPublishingCredentialsPoliciesEntity', ['GET', 'PUT']),
      ...plain('basicPublishingCredentialsPolicies/ftp', 'CsmPublishingCredentialsPoliciesEntity', ['GET', 'PUT']),
      ...forBoth({
        method: 'GET',
        below: '/basicPublishingCredentialsPolicies',
        action: 'Microsoft.Web/sites/basicPublishingCredentialsPolicies/read',
        answers: { 200: answer('PublishingCredentialsPoliciesCollection') },
        handle: (call) => {
          const value = (['ftp', 'scm'] as const).map((kind) =>
            answerOf(core, appIdOf(call), `basicPublishingCredentialsPolicies/${kind}`),
          );
          return { status: 200, body: { value } };
        },
      }),
      ...forBoth({
        method: 'GET',
        below: '/config/configreferences/appsettings',
        action: 'Microsoft.Web/sites/config/read',
        answers: { 200: answer('ApiKVReferenceCollection') },
        handle: (call) => {
          core.store.need(appIdOf(call));
          const value = referencesOf(core, appIdOf(call)).map((one) => referenceAnswer(appIdOf(call), one));
          return { status: 200, body: { value } };
        },
      }),
      ...forBoth({
        method: 'GET',
        below: '/config/configreferences/appsettings/{setting}',
        action: 'Microsoft.Web/sites/config/read',
        answers: { 200: answer('ApiKVReference') },
        handle: (call) => {
          core.store.need(appIdOf(call));
          const found = referencesOf(core, appIdOf(call)).find(({ setting }) => setting === call.at['setting']);
          if (found === undefined)
            throw refuse(404, 'NotFound', `Cannot find reference with name ${call.at['setting'] ?? ''}.`);
          return { status: 200, body: referenceAnswer(appIdOf(call), found) };
        },
      }),
      ...forBoth({
        method: 'POST',
        below: '/config/publishingcredentials/list',
        action: 'Microsoft.Web/sites/config/list/action',
        answers: { 200: answer('User') },
        handle: async (call) => ({ status: 200, body: await credentialsOf(core, lives, appIdOf(call)) }),
      }),
    ];
  };

/** What a change of the configuration does, unless the site is stopped. */
export async function restart(core: Core, lives: Lives, app: string): Promise<void> {
  const site = core.store.need(app);
  const live = await lives.of(app);
  if (textAt(site, 'properties.state') === 'Running') live.worker.restart();
}

/** On Linux only these can be names of environment variables. */
function checkNames(settingNames: readonly string[]): void {
  const wrong = settingNames.find((name) => !/^[\w.-]+$/.test(name));
  if (wrong === undefined) return;
  throw refuse(400, 'BadRequest', `AppSetting with name(s) '${wrong}' is not allowed.`, '04072');
}

function referenceAnswer(app: string, { setting, properties }: Reference): JsonObject {
  const type = 'Microsoft.Web/sites/config/configreferences/appsettings';
  return { id: `${app}/config/configreferences/appsettings/${setting}`, name: setting, type, properties };
}

async function credentialsOf(core: Core, lives: Lives, app: string): Promise<JsonObject> {
  const site = core.store.need(app);
  const { password, scmHostName } = await lives.of(app);
  const name = `$${field(site, 'name').replace('/', '__')}`;
  return {
    id: `${app}/publishingcredentials/${name}`,
    name: field(site, 'name'),
    type: 'Microsoft.Web/sites/publishingcredentials',
    properties: {
      publishingUserName: name,
      publishingPassword: password,
      scmUri: `https://${name}:${password}@${scmHostName}`,
    },
  };
}
