import type { Cause } from '../cause.ts';

const unresolved =
  /\bno such host\b|Temporary failure (?:in name resolution|resolving)|Could(?: not|n't) resolve (?:host|proxy)|EAI_AGAIN|ENOTFOUND|bad address '|Name or service not known|server misbehaving/;
const unreached =
  /Network is unreachable|i\/o timeout|TLS handshake timeout|Connection timed out|ETIMEDOUT|ECONNREFUSED|ECONNRESET|connection refused|context deadline exceeded/i;

/** Names that cannot be looked up, hosts that do not answer. */
export const network: Cause = {
  id: 'network',
  adviceOn: ({ said, instruction, failure }) => {
    const inStep = instruction?.keyword === 'RUN' && failure.exitCode !== undefined;
    if (unresolved.test(said)) {
      const host = hostIn(said);
      const name = host === undefined ? 'A name' : `'${host}'`;
      return {
        advice: inStep
          ? `${name} was not found in the network of the build: check name, DNS and proxy`
          : `${name} was not found: check name, network and DNS`,
      };
    }
    if (!unreached.test(said)) return undefined;
    return {
      advice: inStep
        ? 'A server did not answer during this step: check network and proxy'
        : 'A server did not answer: check network and proxy',
    };
  },
};

function hostIn(said: string): string | undefined {
  const [, host] =
    /lookup ([\w.-]+)(?: on \S+)?: (?:no such host|server misbehaving)/.exec(said) ??
    /Temporary failure resolving '([\w.-]+)'/.exec(said) ??
    /Could(?: not|n't) resolve host: ([\w.-]+)/.exec(said) ??
    /(?:ENOTFOUND|EAI_AGAIN) ([\w.-]+)/.exec(said) ??
    /bad address '([\w.-]+?)(?::\d+)?'/.exec(said) ??
    [];
  return host === undefined || host.length > 30 ? undefined : host;
}
