const secretWords = new Set([
  'apikey',
  'auth',
  'credential',
  'credentials',
  'key',
  'password',
  'pword',
  'passwd',
  'passphrase',
  'psw',
  'pwd',
  'secret',
  'secrets',
  'token',
  'pat',
]);
/** A name with one of these says where a secret is, what it is called or which of its kind it is, not what it is. */
const harmlessWords = new Set([
  'public',
  'file',
  'filename',
  'path',
  'dir',
  'version',
  'url',
  'uri',
  'endpoint',
  'host',
  'port',
  'id',
  'ids',
  'name',
  'names',
  'username',
  'user',
  'type',
  'size',
  'length',
  'server',
  'servers',
  'keyserver',
  'fingerprint',
  'fpr',
  'ttl',
  'expiry',
  'timeout',
  'enabled',
  'disabled',
  'method',
  'mode',
  'module',
  'provider',
  'algorithm',
  'alg',
  'prefix',
  'header',
  'issuer',
  'audience',
  'scope',
  'sha256',
  'checksum',
  'hash',
  'map',
  'layout',
  'count',
  'limit',
  'max',
  'min',
  'policy',
  'store',
  'column',
  'field',
  'filter',
  'filters',
  'ring',
  'gpg',
  'pgp',
]);
const secretNames = new Set([
  'AWS_SECRET_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SESSION_TOKEN',
  'GH_TOKEN',
  'NPM_TOKEN',
  'NPM_AUTH_TOKEN',
  'PGPASSWORD',
  'MYSQL_PWD',
  'SSHPASS',
  'REDISCLI_AUTH',
  'VAULT_TOKEN',
]);

/** Whether a variable's name says that its value is a credential. */
export function isSecretName(name: string): boolean {
  if (secretNames.has(name.toUpperCase())) return true;
  const words = wordsOf(name);
  if (words.some((word) => harmlessWords.has(word))) return false;
  return words.some((word, i) => secretWords.has(word) && !isHarmlessPair(words, i));
}

/** Whether a value is no credential of anybody: nothing, a placeholder, or a reference to another variable. */
export function isPlaceholder(value: string): boolean {
  const plain = value.replace(/^["']|["']$/g, '');
  return (
    plain === '' ||
    plain.startsWith('$') ||
    /^(?:<.*>|x{3,}|\*+|change_?me|changeit|todo|none|null|false|true|your[_-].*|example|placeholder|dummy|fake)$/i.test(
      plain,
    )
  );
}

/** `apiKey`, `API-KEY` and `api_key` alike. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** `key` alone is often a key of a table, `auth` a feature that is on or off. */
function isHarmlessPair(words: readonly string[], index: number): boolean {
  const before = words[index - 1];
  return (
    words[index] === 'key' && (before === 'primary' || before === 'sort' || before === 'cache' || before === 'foreign')
  );
}
