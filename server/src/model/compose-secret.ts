import { isPlaceholder, isSecretName } from './secret-name.ts';

/** Which part of a value is a secret. Offsets are into the value. */
export interface SecretPlace {
  readonly start: number;
  readonly end: number;
  /** It is the password of a URL. */
  readonly isInUrl: boolean;
  /** Nobody would take it for a real one: `postgres`, `changeme`, the name of the user. */
  readonly isWeak: boolean;
}

/** The secret in the literal value of a variable; `names` are those of users, databases and services around it, in lower case. */
export function findSecret(name: string, value: string, names: ReadonlySet<string>): SecretPlace | undefined {
  const inUrl = /^[a-z][\w+.-]*:\/\/[^\s:@/]*:([^\s@/]+)@/i.exec(value);
  if (inUrl?.[1] !== undefined) {
    const start = inUrl[0].length - 1 - inUrl[1].length;
    const user = /\/\/([^:]*):/.exec(value)?.[1] ?? '';
    if (/^(?:x{3,}|\*+|<.*>)$/i.test(inUrl[1])) return undefined;
    return { start, end: start + inUrl[1].length, isInUrl: true, isWeak: isWeak(inUrl[1], names) || inUrl[1] === user };
  }
  if (!isNameOfSecret(name) || isNoSecret(name, value)) return undefined;
  return { start: 0, end: value.length, isInUrl: false, isWeak: isWeak(value, names) };
}

/** Most names are none of these, and one look tells. */
const mayBeSecret = /pass|pw|psw|secret|token|key|auth|credential|(?:^|[^a-z])pat(?:$|[^a-z])/i;

export function isNameOfSecret(name: string): boolean {
  if (!mayBeSecret.test(name)) return false;
  if (settings.test(name)) return false;
  return (
    isSecretName(name) ||
    /(?:^|_)pass$|(?:db|root|user|mysql|ftp|sql)pass$|(?<!no)password$|passwd$|apikey$|authtoken$|authkey$/i.test(name)
  );
}

/** What these end in is about authentication or keys, but no secret: `PROXY_AUTH_ADD`, `KEY_FORMAT`. */
const settings =
  /(?:^|_)auth_(?!token|key|pass|secret|hash)\w+$|(?:^|_)(?:enable|disable|allow|use|require|random|empty)_|_(?:required|format|rotation|lifetime|expiration|expires?|days|hours|minutes|seconds|interval|level|bits|salt_rounds|source|backend|domain|location|driver|class|region|strategy|create|generate|reset|change)$|public|publishable|site_?key|anon_key|hotkey|keyboard|keyspace|keycloak$|monkey/i;

function isNoSecret(name: string, value: string): boolean {
  if (value.length < 3 || /x{4,}|^x+-x+$|^(.)\1{5,}$/i.test(value)) return true;
  // The kind of authentication, unless it is `user/password` as Neo4j wants it.
  if (/(?:^|_)auth$/i.test(name) && !/[:/]/.test(value)) return true;
  if (/^(?:true|false|yes|no|on|off|none|null|0|1|enabled|disabled|auto|default|optional|required)$/i.test(value))
    return true;
  if (isPlaceholder(value) && !weakWords.test(value)) return true;
  // Files, addresses without a password, lifetimes and the patterns of a router.
  if (/^(?:\.{0,2}|~)\/|^[A-Za-z]:\\|^\w+:\/\/|^file:/.test(value)) return true;
  if (/\.(?:pem|key|crt|cer|json|txt|jks|p12|pub|ya?ml)$/i.test(value)) return true;
  if (/^\d{1,6}[smhdw]?$/.test(value) && !/pass|pwd|pin/i.test(name)) return true;
  return /^(?:<.*>|\[.*\]|\*+|\.{3,})$|provided|your[_ -]|^replace|^insert|^enter|^put[_-]|^todo/i.test(value);
}

const weakWords = /change|example|dummy|fake|placeholder/i;
const wellKnown = new Set(
  'admin administrator root password passw0rd secret test testing guest user postgres mysql mariadb mongo mongodb redis rabbitmq minio minioadmin elastic dev develop development local demo default toor sa 1234 12345 123456 pass token key neo4j/test neo4j/password'.split(
    ' ',
  ),
);

function isWeak(value: string, names: ReadonlySet<string>): boolean {
  const plain = value.toLowerCase().replace(/^["']|["']$/g, '');
  if (wellKnown.has(plain) || weakWords.test(plain) || names.has(plain)) return true;
  return (
    plain.length <= 40 &&
    /pass(?:word|wd|$)|secret|test|demo|sample|strong|choose|here$/.test(plain) &&
    /^[a-z_-]+\d{0,4}!?$/.test(plain)
  );
}
