/**
 * Flags that take the next word as their value, as one must know to tell operands from values. From the programs' manuals; only flags that
 * are used in image builds.
 */
const flagsWithValue: Readonly<Record<string, readonly string[]>> = {
  apk: words(
    'p root X repository t virtual keys-dir repositories-file cache-dir cache-max-age wait arch progress-fd timeout',
  ),
  apt: words('o option c config-file t target-release default-release a host-architecture'),
  aptitude: words('o t target-release default-release w width F display-format O sort'),
  bundle: words('jobs j path without with gemfile retry'),
  bun: words('cwd config c registry backend'),
  cargo: words(
    'C Z config color manifest-path target target-dir p package features F j jobs profile bin example test root version git branch tag rev path index registry',
  ),
  composer: words('d working-dir ignore-platform-req prefer-install apcu-autoloader-prefix'),
  conda: words('n name p prefix c channel f file solver'),
  curl: words(
    'o output H header X request d data data-raw data-binary u user A user-agent e referer x proxy b cookie c cookie-jar F form T upload-file m max-time connect-timeout retry retry-delay retry-max-time cacert cert key w write-out r range K config E C limit-rate resolve output-dir proto ciphers',
  ),
  dnf: words(
    'c config enablerepo disablerepo repo repoid installroot releasever setopt x exclude forcearch d debuglevel e errorlevel',
  ),
  docker: words('H host c context config l log-level'),
  dotnet: words(
    'c configuration f framework o output r runtime v verbosity s source a arch os version-suffix packages configfile project p add-source tool-path version',
  ),
  gem: words('v version i install-dir n bindir P trust-policy s source p http-proxy platform config-file'),
  git: words(
    'C c git-dir work-tree namespace b branch depth o origin u upload-pack reference separate-git-dir j jobs config m message exec-path',
  ),
  go: words('C o mod modfile ldflags gcflags asmflags tags p overlay pgo buildmode'),
  helm: words('n namespace kube-context kubeconfig registry-config repository-config version f values set'),
  kubectl: words('n namespace context kubeconfig cluster user s server o output f filename'),
  microdnf: words('c config enablerepo disablerepo installroot releasever setopt'),
  npm: words(
    'prefix C w workspace registry userconfig globalconfig cache loglevel tag otp omit include only fetch-retries fetch-timeout depth',
  ),
  pip: words(
    'r requirement c constraint e editable i index-url extra-index-url f find-links t target prefix root src platform python-version implementation abi log proxy retries timeout trusted-host cert client-cert cache-dir d dest upgrade-strategy no-binary only-binary python w wheel-dir config-settings progress-bar',
  ),
  pipenv: words('python i index pypi-mirror r requirements e editable'),
  pipx: words('python i index-url pip-args suffix'),
  pnpm: words('C dir filter F w reporter loglevel registry store-dir'),
  poetry: words('C directory P project with without only E extras G group'),
  tar: words(
    'f file C directory T files-from X exclude-from b blocking-factor I use-compress-program exclude strip-components transform owner group mode',
  ),
  tdnf: words('c config enablerepo disablerepo installroot releasever setopt'),
  useradd: words(
    'b base-dir c comment d home-dir e expiredate f inactive g gid G groups k skel K key p password s shell u uid',
  ),
  uv: words(
    'p python directory project config-file cache-dir index index-url default-index extra-index-url r requirement c constraint e editable target prefix',
  ),
  wget: words(
    'O output-document P directory-prefix o output-file a append-output e execute t tries T timeout w wait U user-agent header user password post-data method Q i input-file R A D X I ca-certificate',
  ),
  yarn: words('cwd modules-folder cache-folder registry network-timeout mutex'),
  yum: words('c config enablerepo disablerepo installroot releasever setopt x exclude d debuglevel e errorlevel'),
  zypper: words('R root C D reposd-dir p plus-repo plus-content t type r repo from'),
};

const sameAs: Readonly<Record<string, string>> = {
  'apt-get': 'apt',
  pip2: 'pip',
  pip3: 'pip',
  mamba: 'conda',
  micromamba: 'conda',
  podman: 'docker',
  'docker-compose': 'docker',
};

export function flagsWithValueOf(program: string | undefined): readonly string[] {
  if (program === undefined) return [];
  const name = Object.hasOwn(sameAs, program)
    ? (sameAs[program] ?? program)
    : /^pip3?\.\d+$/.test(program)
      ? 'pip'
      : program;
  return Object.hasOwn(flagsWithValue, name) ? (flagsWithValue[name] ?? []) : [];
}

function words(text: string): readonly string[] {
  return text.split(' ');
}
