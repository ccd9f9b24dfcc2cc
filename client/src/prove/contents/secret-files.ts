import { hasSecretAssignment, secretIn } from './secret-text.ts';

/** What a file of this name is, and how its first bytes tell a real one from an empty one or a template. */
export interface Suspicion {
  /** 'a private key', for messages. */
  readonly what: string;
  /** Without it the name is enough. */
  readonly isOne?: (head: string) => boolean;
}

/** How much of a file is looked at. */
export const headLength = 16_384;
const largestConfig = 256_000;

interface NamedKind extends Suspicion {
  /** What stands at the end of the path, after a slash or the start. */
  readonly end: RegExp;
}

const assignment = (head: string): boolean => hasSecretAssignment(head) || secretIn(head) !== undefined;
const privateKey = (head: string): boolean => /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY|^PuTTY-User-Key-File/m.test(head);

const kinds: readonly NamedKind[] = [
  {
    what: 'a private key',
    end: named('id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|ssh_host_\\w+_key|identity'),
    isOne: privateKey,
  },
  { what: 'a private key', end: /\.(?:pem|key|ppk|crt|cer)$/i, isOne: privateKey },
  { what: 'a key store', end: /\.(?:pfx|p12)$/i },
  { what: 'a key store', end: /(?<!trust[^/]*|cacerts)\.(?:jks|keystore)$/i },
  { what: 'a password database', end: /\.kdbx?$/i },
  { what: 'environment values with secrets', end: /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w-]+\.env)$/, isOne: assignment },
  {
    what: 'npm credentials',
    end: named('\\.npmrc|npmrc'),
    isOne: matches(/^\s*[^#;\n]*_(?:authToken|auth|password)\s*=\s*(?!["']?\$\{)\S/m),
  },
  {
    what: 'Yarn credentials',
    end: named('\\.yarnrc(?:\\.ya?ml)?'),
    isOne: matches(/^\s*["']?npmAuth(?:Token|Ident)["']?\s*:\s*(?!["']?\$\{)\S/m),
  },
  {
    what: 'PyPI credentials',
    end: named('\\.pypirc|pip\\.conf|poetry/auth\\.toml|uv\\.toml'),
    isOne: matches(/^\s*password\s*[=:]\s*(?!\$|<)\S|:\/\/[^\s:/@]*:(?!\$)[^\s/@]+@/m),
  },
  { what: 'login data', end: named('[._]netrc'), isOne: matches(/\bpassword\s+(?!\$|<)\S/) },
  {
    what: 'registry credentials',
    end: named('\\.docker/config\\.json|\\.dockercfg|\\.dockerconfigjson|containers/auth\\.json'),
    isOne: matches(/"(?:auth|identitytoken|registrytoken|password)"\s*:\s*"[^"]+"/),
  },
  {
    what: 'AWS credentials',
    end: named('\\.aws/(?:credentials|config)'),
    isOne: matches(/aws_(?:secret_access_key|session_token)\s*=\s*(?!\$|<)\S/i),
  },
  {
    what: 'Azure credentials',
    end: named(
      '\\.azure/(?:accessTokens\\.json|msal_token_cache\\.(?:json|bin)|service_principal_entries\\.(?:json|bin))',
    ),
  },
  {
    what: 'Google Cloud credentials',
    end: named('gcloud/(?:application_default_credentials\\.json|credentials\\.db|access_tokens\\.db)'),
  },
  {
    what: 'Kubernetes credentials',
    end: /(?:^|\/)(?:\.kube\/config|kubeconfig|[\w.-]+\.kubeconfig|kubeconfig\.ya?ml|k3s\.yaml)$/,
    isOne: matches(/\b(?:client-key-data|token|password)\s*:\s*(?!["']?(?:\$|<|["']))\S/),
  },
  {
    what: 'Git credentials',
    end: named('\\.git-credentials|git/credentials'),
    isOne: matches(/:\/\/[^\s/@]*:[^\s/@]+@/),
  },
  { what: 'a GitHub token', end: named('gh/hosts\\.yml|hub'), isOne: matches(/oauth_token:\s*\S/) },
  { what: 'Terraform state', end: /\.tfstate(?:\.backup)?$/, isOne: matches(/"(?:resources|outputs|modules)"\s*:/) },
  { what: 'Terraform values with secrets', end: /\.tfvars(?:\.json)?$/, isOne: assignment },
  {
    what: 'a Terraform token',
    end: named('credentials\\.tfrc\\.json|\\.terraformrc'),
    isOne: matches(/["']?token["']?\s*[:=]\s*"[^"]+"/),
  },
  { what: 'a Cargo token', end: named('\\.?cargo/credentials(?:\\.toml)?'), isOne: matches(/token\s*=\s*"[^"]+"/) },
  { what: 'RubyGems credentials', end: named('\\.gem/credentials|gem/credentials'), isOne: matches(/:\s*\S{8,}/) },
  {
    what: 'Composer credentials',
    end: named('\\.?composer/auth\\.json|auth\\.json'),
    isOne: matches(/"(?:github-oauth|gitlab-token|http-basic|bearer)"\s*:\s*\{\s*"/),
  },
  {
    what: 'Maven credentials',
    end: named('\\.m2/settings\\.xml|maven/conf/settings\\.xml'),
    isOne: (head) => /<password>(?!\$\{|\{)[^<\s]/.test(head.replace(/<!--[^]*?(?:-->|$)/g, '')),
  },
  { what: 'Gradle credentials', end: named('\\.gradle/gradle\\.properties'), isOne: assignment },
  {
    what: 'NuGet credentials',
    end: /(?:^|\/)nuget\.config$/i,
    isOne: matches(/key="ClearTextPassword"\s+value="(?!%|\$)[^"]+"/i),
  },
  { what: 'a database password', end: named('\\.pgpass'), isOne: matches(/^[^#\n]*:[^:\n]*:[^:\n]*:[^:\n]*:\S/m) },
  { what: 'a database password', end: named('\\.my\\.cnf|\\.mylogin\\.cnf'), isOne: matches(/^\s*password\s*=\s*\S/m) },
  { what: 'a Vault token', end: named('\\.vault-token') },
  { what: 'password hashes', end: named('\\.htpasswd'), isOne: matches(/^[^:\s]+:\S+/m) },
  {
    what: 'storage credentials',
    end: named('\\.s3cfg|\\.boto|\\.passwd-s3fs|rclone\\.conf'),
    isOne: matches(/(?:secret_key|secret_access_key|pass|token)\s*=\s*\S|^\S+:\S{30,}/m),
  },
  { what: 'a mounted secret', end: /^run\/secrets\/[^/]+$/ },
  { what: 'Rails credentials key', end: named('config/(?:master|credentials/\\w+)\\.key') },
  {
    what: 'settings with secrets',
    end: /(?:^|\/)(?:secrets?|credentials?)\.(?:ya?ml|json|toml|ini|properties|env|txt)$/i,
    isOne: assignment,
  },
  {
    what: 'a service account key',
    end: /\.json$/i,
    isOne: matches(/"private_key"\s*:\s*"-----BEGIN [A-Z ]*PRIVATE KEY/),
  },
  {
    what: 'a file with a secret in it',
    end: /\.(?:ya?ml|toml|ini|cfg|conf|config|properties|env|sh|bash|zsh|txt|xml|js|ts|py|rb|php)$|_history$/i,
    isOne: (head) => secretIn(head) !== undefined,
  },
];

/** These tell nobody anything: packages that anybody can fetch, tests, examples, what a distribution comes with. */
const harmlessFolders =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|testdata|tests?|__tests__|specs?|fixtures?|examples?|samples?|docs?|\.git)\/|^usr\/(?:share|include|src|lib\/(?:python|ruby|node_modules|ssl|x86_64|aarch64))|^usr\/local\/(?:go|share|include|lib\/(?:python|ruby))|^etc\/(?:ssl\/certs|pki\/(?:ca-trust|tls\/certs))\/|^go\/pkg\/|\/gems\/|\/vendor\/(?!\.env|auth)|^(?:proc|sys|dev)\//i;
const template =
  /(?:^|[._-])(?:example|sample|template|tmpl|dist|defaults?|schema|test|ci|mock|dummy|pub|vault)(?=$|[._-])/i;

/** What a file may be by its path: to be looked into. */
export function suspicionOf(path: string, size: number): Suspicion | undefined {
  if (size === 0) return undefined;
  const kind = kinds.find(({ end }) => end.test(path));
  if (kind === undefined) return undefined;
  if (harmlessFolders.test(path) || path.endsWith('ssl-cert-snakeoil.key')) return undefined;
  if (template.test(path.slice(path.lastIndexOf('/') + 1))) return undefined;
  return size > largestConfig && kind.isOne !== undefined && kind.what !== 'Terraform state' ? undefined : kind;
}

function named(names: string): RegExp {
  return new RegExp(`(?:^|/)(?:${names})$`);
}

function matches(pattern: RegExp): (head: string) => boolean {
  return (head) => pattern.test(head);
}
