import { isPlaceholder, isSecretName } from '../../../../server/src/model/secret-name.ts';

interface Token {
  readonly what: string;
  readonly pattern: RegExp;
}

/** Credentials that say themselves what they are. */
const tokens: readonly Token[] = [
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)(?![A-Z0-9]*EXAMPLE)[A-Z2-7]{16}\b/ },
  { what: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})/ },
  { what: 'a GitLab token', pattern: /\bglpat-[\w-]{20}/ },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { what: 'a PyPI token', pattern: /\bpypi-AgE[\w-]{50,}/ },
  { what: 'a Slack token', pattern: /\bxox[abpors]-[A-Za-z0-9-]{10,}/ },
  { what: 'a Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}/ },
  { what: 'a Google API key', pattern: /\bAIza[\w-]{35}\b/ },
  { what: 'a SendGrid key', pattern: /\bSG\.[\w-]{22}\.[\w-]{43}/ },
  { what: 'an Azure storage key', pattern: /AccountKey=[A-Za-z0-9+/]{80,}={0,2}/ },
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\s*(?:\\n)?[A-Za-z0-9+/=\s\\]{64,}/ },
];

/** A credential of a known form. Says what it is, never the thing itself. */
export function secretIn(text: string): string | undefined {
  return tokens.find(({ pattern }) => pattern.test(text))?.what;
}

/** Whether a line gives a value to a name that says it is a secret, or has a password in an address. */
export function hasSecretAssignment(text: string): boolean {
  for (const line of text.split('\n')) {
    const [, name, written = ''] =
      /^\s*(?:export\s+|set\s+)?["']?([\w.-]+)["']?\s*[=:]\s*(.*?)[\s,;]*$/.exec(line) ?? [];
    if (name !== undefined && isSecret(name, unquoted(written))) return true;
    if (!/^\s*(?:#|\/\/|;)/.test(line) && hasPasswordInAddress(line)) return true;
  }
  return false;
}

/** Whether `NAME=value` makes a secret public. */
export function isSecret(name: string, value: string): boolean {
  if (secretIn(value) !== undefined || hasPasswordInAddress(value)) return true;
  return isSecretName(name) && !isPlaceholder(value) && !isReference(value);
}

/** `postgres://app:s3cret@db/app`, with more than a placeholder for the password. */
function hasPasswordInAddress(text: string): boolean {
  const [, password] = /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*:([^\s/@"']+)@/i.exec(text) ?? [];
  return password !== undefined && !isPlaceholder(password) && !isReference(password) && password !== 'password';
}

/** Where a secret is to be found, a lone number or switch: not a secret. */
function isReference(value: string): boolean {
  return (
    /^(?:[\d.]{1,6}|yes|no|on|off|\/[\w./-]*|\{\{.*\}\}|%\w+%|[|>][+-]?|\[\]|\{\}?|\[)$/i.test(value) ||
    value.includes('${')
  );
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*)\1$/, '$2');
}

/**
 * A line of an image's history without values of secret names and credentials of a known form, so that what is left may be shown.
 * Builders write values without quotes, blanks and all: one ends where the next name begins.
 */
export function redacted(createdBy: string): string {
  const [, start = '', values = '', command = ''] =
    /^((?:\S+ -c #\(nop\) +)?(?:ENV|ARG) +|(?:RUN +)?\|\d+ +)(.*?)( \/\S+ -\w+ .*|\s*# buildkit\s*)?$/s.exec(
      createdBy,
    ) ?? [];
  if (start === '') return withoutSecrets(createdBy);
  const shown = values.split(/ (?=[A-Za-z_][\w.-]*=)/).map((each) => {
    const [, name = each, between = '', value = ''] = /^([\w.-]+)(=| +)(.*)$/s.exec(each) ?? [];
    return isSecret(name, unquoted(value)) ? `${name}${between}***` : withoutSecrets(each);
  });
  return `${start}${shown.join(' ')}${withoutSecrets(command)}`;
}

function withoutSecrets(text: string): string {
  const value = String.raw`("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"';&|]+)`;
  const hide = (whole: string, name: string, between: string, given: string): string =>
    isSecret(name.replace(/^-+/, ''), unquoted(given)) ? `${name}${between}***` : whole;
  return tokens
    .reduce((left, { pattern }) => left.replace(new RegExp(pattern, 'g'), '***'), text)
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*:)[^\s/@"']+@/gi, '$1***@')
    .replace(new RegExp(String.raw`([\w.-]+)(=|["']?:\s*)${value}`, 'g'), hide)
    .replace(new RegExp(String.raw`(--[\w-]+)(\s+)${value}`, 'g'), hide);
}
