import type { AzureError } from './azure-error.ts';
import { ask, editChoices, openPortal, rebuild, showLog, wait, type Explanation } from './explanation.ts';

/** Why Azure could not start an image; codes and words are those of Container Apps, Container Instances and registries. */
export const imageRefusals: readonly ((error: AzureError) => Explanation | undefined)[] = [
  (error) => {
    const text = [error.message, ...error.details].join('\n');
    if (!isAboutImage(error, text)) return undefined;
    const image = /Invalid value: "([^"]+)"|image '([^']+)'/i.exec(text);
    const name = image?.[1] ?? image?.[2];
    const which = name === undefined ? 'the image' : `'${name}'`;
    if (/MANIFEST_UNKNOWN|NAME_UNKNOWN|manifest unknown|not found: manifest|repository name not known/i.test(text)) {
      return {
        message: `The registry has no ${name === undefined ? 'such image' : which}: build and push again`,
        action: rebuild(),
      };
    }
    if (/os\/?arch?|linux\/amd64|no (child|image) .*platform|architecture/i.test(text)) {
      return {
        message: `Azure runs images for linux/amd64, and ${which} is for another platform`,
        action: rebuild('linux/amd64'),
      };
    }
    if (/toomanyrequests|rate limit/i.test(text)) {
      return { message: 'The registry of the image is asked too much at the moment: wait', action: wait(300) };
    }
    if (/could not parse reference|invalid reference/i.test(text)) {
      return { message: `${which} is no name of an image: check it`, action: editChoices };
    }
    if (!/UNAUTHORIZED|DENIED|authentication required|not accessible|forbidden|403/i.test(text)) {
      return { message: `Azure could not start ${which}: the log says why`, action: showLog };
    }
    // Given a moment ago, the role to pull takes up to some minutes to be known to the registry.
    return { message: `Azure may not pull ${which} yet: a new role takes some minutes`, action: wait(60) };
  },
  (error) => {
    const address = /client with IP '?([\da-f.:]+)'? is not allowed/i.exec(
      [error.message, ...error.details].join('\n'),
    )?.[1];
    if (error.status !== 403 || address === undefined) return undefined;
    return { message: `The registry's firewall keeps ${address} out: allow it under Networking`, action: openPortal() };
  },
  (error) => {
    if (!/^(UNAUTHORIZED|DENIED)$/.test(error.code)) return undefined;
    const registry = /https:\/\/([^/]+)/.exec(error.request)?.[1] ?? 'the registry';
    return {
      message: `You may not push to or pull from '${registry}': ask for the role AcrPush`,
      action: ask('AcrPush', registry),
    };
  },
  (error) => {
    const text = [error.message, ...error.details].join('\n');
    const named = /Unable to get value using Managed identity .*? for secret ([\w-]+)/i.exec(text)?.[1];
    if (named !== undefined && !/vault/i.test(text)) {
      return {
        message: `The app may not read its secret '${named}': give its identity the role Key Vault Secrets User`,
        action: ask('Key Vault Secrets User', named),
      };
    }
    const secret = /(https:\/\/[\w.-]*vault[\w.-]*(?::\d+)?\/secrets\/[\w-]+)/i.exec(text)?.[1];
    if (secret === undefined || error.status === 401) return undefined;
    return /forbidden|not authorized|unauthorized|403/i.test(text)
      ? {
          message: `The app may not read '${secret}': give it the role Key Vault Secrets User`,
          action: ask('Key Vault Secrets User', secret),
        }
      : { message: `The app cannot read '${secret}': check that the secret is there`, action: openPortal() };
  },
];

function isAboutImage({ code }: AzureError, text: string): boolean {
  if (/configuration\.secrets' is invalid/.test(text)) return false;
  if (code === 'InaccessibleImage' || code === 'MANIFEST_UNKNOWN' || code === 'NAME_UNKNOWN') return true;
  if (
    !/^(ContainerAppOperationError|InvalidParameterValueInContainerTemplate|OperationFailed|ImageOsTypeNotMatchContainerGroup)$/.test(
      code,
    )
  ) {
    return code === '' && /\.image' is invalid/.test(text);
  }
  return /\.image' is invalid|UNAUTHORIZED|MANIFEST_UNKNOWN|image OS|pull/i.test(text);
}
