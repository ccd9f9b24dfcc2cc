import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import { Cancelled } from '../tools/command.ts';

export interface TokenCache {
  /** Azure did not take it. */
  readonly drop: (token: string) => void;
}

/** A token that ends while it is under way is of no use. */
const early = 5 * 60_000;

/**
 * Remembers tokens in memory until shortly before they end, per tenant and scope; who asks while one is being fetched waits for the same.
 * Azure CLI takes a second for each, and an editor may ask the user. Claims always ask anew; what they get is then the token to use.
 */
export function withCache(
  credential: TokenCredential & Partial<TokenCache>,
  now: () => number = Date.now,
): TokenCredential & TokenCache {
  if (isCached(credential)) return credential;
  const tokens = new Map<string, AccessToken>();
  const questions = new Map<string, Question>();

  const ask = (key: string, scopes: string | string[], options: GetTokenOptions): Question => {
    const name = `${key}${options.claims ?? ''}`;
    const known = questions.get(name);
    if (known !== undefined) return known;
    const controller = new AbortController();
    const question: Question = {
      waiting: 0,
      end: () => {
        questions.delete(name);
        controller.abort();
      },
      answer: credential
        .getToken(scopes, { ...options, abortSignal: controller.signal })
        .then((token) => {
          if (token !== null) tokens.set(key, token);
          return token;
        })
        .finally(() => questions.get(name) === question && questions.delete(name)),
    };
    questions.set(name, question);
    // All who asked may have left before it fails.
    question.answer.catch(() => undefined);
    return question;
  };

  return {
    getToken: async (scopes, options = {}) => {
      const key = JSON.stringify([options.tenantId ?? '', [scopes].flat()]);
      const known = options.claims === undefined ? tokens.get(key) : undefined;
      if (known !== undefined && known.expiresOnTimestamp - early > now()) return known;
      return waitFor(ask(key, scopes, options), options.abortSignal);
    },
    drop: (token) => {
      for (const [key, one] of tokens) {
        if (one.token === token) tokens.delete(key);
      }
    },
  };
}

/** One that is under way, and how many wait for it: it ends with the last of them. */
interface Question {
  readonly answer: Promise<AccessToken | null>;
  readonly end: () => void;
  waiting: number;
}

function waitFor(question: Question, signal: GetTokenOptions['abortSignal']): Promise<AccessToken | null> {
  question.waiting++;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(new Cancelled());
      if (--question.waiting === 0) question.end();
    };
    if (signal?.aborted === true) {
      leave();
      return;
    }
    signal?.addEventListener('abort', leave);
    const settle = (): void => signal?.removeEventListener('abort', leave);
    question.answer.then(resolve, reject).finally(settle);
  });
}

function isCached(credential: TokenCredential & Partial<TokenCache>): credential is TokenCredential & TokenCache {
  return credential.drop !== undefined;
}
