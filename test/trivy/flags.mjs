// The flags of Trivy 0.50 to 0.74 as its reference lists them: https://trivy.dev/docs/latest/references/configuration/cli/trivy/
// `name -short type >=first <=last`; without a type it is a switch.

const global = `
  cacert string >=0.68; cache-dir string; config -c string; debug -d; generate-default-config; insecure; quiet -q;
  timeout duration; version -v
`;

const everyScan = `
  ansible-extra-vars strings >=0.69; ansible-inventory strings >=0.69; ansible-playbook strings >=0.69; cache-backend string;
  cache-ttl duration; check-namespaces strings >=0.51; checks-bundle-repository string >=0.51; clear-cache <=0.52;
  compliance string; config-check strings >=0.51; config-data strings; config-file-schemas strings >=0.55;
  config-policy strings <=0.50; enable-modules strings; exit-code int; file-patterns strings; format -f string;
  helm-api-versions strings >=0.51; helm-kube-version string >=0.51; helm-set strings; helm-set-file strings;
  helm-set-string strings; helm-values strings; help -h; ignore-policy string; ignorefile string; include-deprecated-checks >=0.52;
  include-non-failures; misconfig-scanners strings; module-dir string; output -o string; output-plugin-arg string;
  password strings; password-stdin >=0.57; policy-bundle-repository string <=0.50; policy-namespaces strings <=0.50;
  raw-config-scanners strings >=0.63; redis-ca string; redis-cert string; redis-key string; redis-tls; registry-token string;
  rego-error-limit int >=0.68; render-cause strings >=0.60; report string; reset-checks-bundle >=0.51 <=0.52;
  reset-policy-bundle <=0.50; severity -s strings; skip-check-update >=0.51; skip-dirs strings; skip-files strings;
  skip-policy-update <=0.50; table-mode strings >=0.60; template -t string; tf-exclude-downloaded-modules; trace <=0.64;
  trace-rego >=0.65; username strings
`;

const imageAndFiles = `
  custom-headers strings; db-repository string; dependency-tree; detection-priority string >=0.55; disable-telemetry >=0.63;
  distro string >=0.59; download-db-only; download-java-db-only; ignore-status strings; ignore-unfixed; ignored-licenses strings;
  java-db-repository string; license-confidence-level float; license-full; list-all-pkgs; no-progress; offline-scan; parallel int;
  pkg-relationships strings >=0.54; pkg-types strings >=0.54; rekor-url string; reset <=0.52; sbom-sources strings;
  scanners strings; secret-config string; server string; show-suppressed; skip-db-update; skip-java-db-update;
  skip-version-check >=0.63; skip-vex-repo-update >=0.54; token string; token-header string; vex string;
  vuln-severity-source strings >=0.60; vuln-type strings <=0.53
`;

const imageOnly = `
  docker-host string; exit-on-eol int; image-config-scanners strings; image-src strings; input string;
  max-image-size string >=0.59; platform string; podman-host string; removed-pkgs
`;

const filesOnly = `
  cf-params strings; include-dev-deps; tf-vars strings
`;

const configOnly = `
  cf-params strings; disable-telemetry >=0.64; k8s-version string; skip-version-check >=0.64; tf-vars strings
`;

const versionOnly = `
  format -f string; help -h
`;

const lists = {
  image: [global, everyScan, imageAndFiles, imageOnly],
  filesystem: [global, everyScan, imageAndFiles, filesOnly],
  config: [global, everyScan, configOnly],
  version: [global, versionOnly],
};

/** The flags that a command has in a version: by their long and short names. */
export function flagsOf(command, version) {
  const flags = new Map();
  for (const entry of lists[command].join(';').split(';')) {
    const [name, ...rest] = entry.trim().split(/\s+/);
    if (name === undefined || name === '') continue;
    const flag = { name, type: 'bool' };
    let isKnown = true;
    let short;
    for (const word of rest) {
      if (word.startsWith('>=')) isKnown &&= minor(version) >= minor(word.slice(2));
      else if (word.startsWith('<=')) isKnown &&= minor(version) <= minor(word.slice(2));
      else if (word.startsWith('-')) short = word;
      else flag.type = word;
    }
    if (!isKnown) continue;
    flags.set(`--${name}`, flag);
    if (short !== undefined) flags.set(short, flag);
  }
  return flags;
}

function minor(version) {
  return Number(version.split('.')[1]);
}

/** The values that a flag takes, where Trivy refuses all others. */
export const allowed = {
  format: 'table json template sarif cyclonedx spdx spdx-json github cosign-vuln'.split(' '),
  severity: 'UNKNOWN LOW MEDIUM HIGH CRITICAL'.split(' '),
  scanners: 'vuln misconfig secret license'.split(' '),
  'image-src': 'docker containerd podman remote'.split(' '),
  'image-config-scanners': 'misconfig secret'.split(' '),
  'pkg-types': 'os library'.split(' '),
  'misconfig-scanners':
    'azure-arm cloudformation dockerfile helm kubernetes terraform terraformplan-json terraformplan-snapshot ansible'.split(
      ' ',
    ),
  'ignore-status':
    'unknown not_affected affected fixed under_investigation will_not_fix fix_deferred end_of_life'.split(' '),
};
