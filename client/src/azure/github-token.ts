import type { HttpClient } from '@azure/core-rest-pipeline';
import { firstSentence } from './first-sentence.ts';
import { createHttp, errorOf } from './http.ts';
import { textAt } from './json.ts';
import { SignInError } from './sign-in-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Jobs of GitHub Actions with the permission `id-token: write` have these. */
export function canAskGitHub(environment: Environment): boolean {
  const url = environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '';
  return URL.canParse(url) && (environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '') !== '';
}

/** A token in which GitHub says which job of which repository this is; Entra takes it where a federated credential says so. */
export async function gitHubToken(environment: Environment, httpClient: HttpClient | undefined): Promise<string> {
  const url = new URL(environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  if (url.protocol !== 'https:')
    throw new SignInError('misconfigured', "'ACTIONS_ID_TOKEN_REQUEST_URL' is not https: check the runner");
  url.searchParams.set('audience', 'api://AzureADTokenExchange');
  const request = {
    method: 'GET',
    url: url.href,
    headers: { authorization: `Bearer ${environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''}` },
  } as const;
  const answer = await createHttp(httpClient).exchange(request);
  const token = textAt(answer.body, 'value');
  if (answer.status === 200 && token !== undefined) return token;
  const { message } = errorOf(request, answer);
  throw new SignInError(
    'misconfigured',
    `GitHub gives this job no token (${answer.status}): ${firstSentence(message)}`,
  );
}
