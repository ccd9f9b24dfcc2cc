import { isUserError } from '../ui/user-error.ts';
import { isAzureError, type AzureError } from './azure-error.ts';
import { explainConnection } from './explain-connection.ts';
import { refusals } from './explain-refusals.ts';
import { firstSentence } from './first-sentence.ts';
import { openPage, openSettings, refresh, retry, showLog, signIn, wait, type Explanation } from './explanation.ts';
import { redact } from './redact.ts';
import { isRefused } from './refused.ts';
import { isSignInError, type SignInError } from './sign-in-error.ts';

export type { Action, Explanation } from './explanation.ts';

/** What an error means for whoever deploys. Total: it never throws, and what it does not know it quotes without secrets. */
export function explain(error: unknown): Explanation {
  if (isCancelled(error)) return { message: 'Stopped waiting; what Azure has begun goes on', action: refresh };
  if (isSignInError(error)) return { message: error.message, action: actionFor(error) };
  if (isRefused(error)) return { message: error.message, action: error.way };
  if (isUserError(error)) return { message: error.message, action: showLog };
  if (isAzureError(error)) return { ...explainAzure(error), log: logOf(error) };
  const message = redact(error instanceof Error ? error.message : String(error));
  return { message: `Something unexpected happened: ${firstSentence(message)}`, action: showLog };
}

function explainAzure(error: AzureError): Explanation {
  if (error.status === 0) return explainConnection(error);
  for (const refusal of refusals) {
    const found = refusal(error);
    if (found !== undefined) return found;
  }
  // Azure sends nobody elsewhere; the sign-in pages of networks do.
  const isFromBetween = error.code === 'WebPage' || error.status === 407 || (error.status >= 300 && error.status < 400);
  if (isFromBetween) return explainConnection(error);
  if (error.status === 429) return { message: 'Azure is asked too much at the moment: wait', action: waitFor(error) };
  if (error.status >= 500) {
    return error.retryAfter === undefined
      ? { message: `Azure has trouble of its own (${error.status}): try again later`, action: retry }
      : { message: `Azure has trouble of its own (${error.status}): wait`, action: waitFor(error) };
  }
  if (/^Http\d+$/.test(error.code))
    return { message: `Azure refuses with status ${error.status}: the log says more`, action: showLog };
  // An operation that began well, and then failed.
  const what = error.status < 300 ? 'Azure could not finish this' : 'Azure refuses';
  return { message: `${what}: ${firstSentence(error.message)} (${error.code})`, action: showLog };
}

function waitFor(error: AzureError): ReturnType<typeof wait> {
  return wait(Math.ceil((error.retryAfter ?? 30_000) / 1000));
}

function actionFor({ reason, tenant }: SignInError): Explanation['action'] {
  switch (reason) {
    case 'notSignedIn':
    case 'expired':
    case 'declined':
    case 'challenged':
    case 'wrongTenant':
      return signIn(tenant);
    case 'cliMissing':
      return openPage('Get Azure CLI', 'https://learn.microsoft.com/cli/azure/install-azure-cli');
    case 'cliLoggedOut':
      // Nobody can log in to Azure CLI for the user; afterwards the same works.
      return retry;
    case 'misconfigured':
      return openSettings('shipshape.azure');
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.message === 'Cancelled');
}

/** All that Azure's support asks for; `AzureError`s hold nothing secret. */
function logOf(error: AzureError): string {
  return [
    `${error.request} → ${error.status === 0 ? 'no answer' : error.status} ${error.code}`,
    error.message,
    ...error.details,
    ...(error.target === undefined ? [] : [`about ${error.target}`]),
    ...(error.requestId === undefined ? [] : [`request id ${error.requestId}`]),
  ].join('\n');
}
