import type { JsonObject } from '../../client/src/azure/json.ts';
import { Refusal, type Reply } from './core.ts';

/** Refusals that Resource Manager itself gives stand in its own form, whichever provider the call was for. */
export class FrontDoorRefusal extends Refusal {
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: JsonObject = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(status, code, message, more);
    this.headers = headers;
  }
}

const frontDoorCodes = ['SubscriptionNotFound', 'ResourceGroupNotFound', 'ResourceNotFound', 'ParentResourceNotFound'];

export function replyOf(refusal: Refusal, provider: string): Reply {
  const { status, code, message, more } = refusal;
  const isFrontDoors = refusal instanceof FrontDoorRefusal || frontDoorCodes.includes(code);
  if (provider.toLowerCase() === 'microsoft.web' && !isFrontDoors) {
    return { status, body: webError(code, message, more) };
  }
  return {
    status,
    headers: {
      ...(refusal instanceof FrontDoorRefusal ? refusal.headers : {}),
      ...(isFrontDoors ? { 'x-ms-failure-cause': 'gateway' } : {}),
    },
    body: { error: { code, message, ...more } },
  };
}

/** App Service has a form of its own: capitals, and no `error` around it. */
function webError(code: string, message: string, more: JsonObject): JsonObject {
  const { extendedCode, messageTemplate, parameters, ...rest } = more;
  const entity = {
    ...(extendedCode === undefined ? {} : { ExtendedCode: extendedCode }),
    ...(messageTemplate === undefined ? {} : { MessageTemplate: messageTemplate }),
    ...(parameters === undefined ? {} : { Parameters: parameters }),
    Code: code,
    Message: message,
  };
  return {
    Code: code,
    Message: message,
    Target: null,
    Details: [{ Message: message }, { Code: code }, { ErrorEntity: entity }],
    Innererror: null,
    ...rest,
  };
}
