// What Trivy tells of an image: its layers and history as they are, and findings spread over them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Fatal } from './options.mjs';
import { askRegistry } from './registry.mjs';

/** Metadata of the image that an engine has; with `images` in the scenario no engine is asked. */
export async function imageOf(name, source, { images }, login) {
  assertName(name);
  if (images) {
    if (!images.includes(name))
      throw notFound(
        source,
        `docker error: unable to inspect the image (${name}): Error response from daemon: No such image: ${name}`,
        name,
      );
    return metadataOf(name, [layerOf('base'), layerOf('packages'), layerOf('app')], inventedHistory);
  }
  if (source === 'podman')
    throw notFound(
      source,
      'podman error: unable to initialize Podman client: no podman socket found: stat podman/podman.sock: no such file or directory',
      name,
    );
  if (source === 'containerd')
    throw notFound(source, 'containerd error: containerd socket not found: /run/containerd/containerd.sock', name);
  if (source === 'remote') {
    const { image, errors = [] } = await askRegistry(name, login);
    if (image) return metadataOf(name, image.config.rootfs.diff_ids, image.config.history ?? [], image.id);
    const all = errors.map((error) => `\n\t* ${error}`).join('');
    throw notFound(source, `remote error: ${errors.length} errors occurred:${all}`, name);
  }
  const inspected = spawnSync('docker', ['image', 'inspect', '--', name], { encoding: 'utf8' });
  if (inspected.status !== 0) {
    const reason = /No such image/.test(inspected.stderr ?? '')
      ? `docker error: unable to inspect the image (${name}): Error response from daemon: No such image: ${name}`
      : 'docker error: unable to inspect the image: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
    throw notFound(source, reason, name);
  }
  const [image] = JSON.parse(inspected.stdout);
  const history = spawnSync('docker', ['image', 'history', '--no-trunc', '--format', '{{json .}}', '--', name], {
    encoding: 'utf8',
  });
  const steps = history.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .reverse();
  const layers = image.RootFS.Layers ?? [];
  return metadataOf(name, layers, historyOf(steps, layers.length), image.Id);
}

/** The image in a file that `docker save` wrote. */
export function archiveOf(file) {
  if (!existsSync(file))
    throw new Fatal(
      `image scan error: scan error: unable to initialize a scan service: unable to open ${file} as a Docker image: open ${file}: no such file or directory`,
    );
  const entries = new Map(tarEntries(readFileSync(file)));
  const manifest = entries.get('manifest.json');
  if (!manifest)
    throw new Fatal(
      `image scan error: scan error: unable to initialize a scan service: 2 errors occurred:\n\t* unable to open ${file} as a Docker image: file manifest.json not found in tar\n\t* unable to open ${file} as an OCI Image`,
    );
  const [{ Config: config, RepoTags: tags }] = JSON.parse(manifest.toString());
  const bytes = entries.get(config);
  const { rootfs, history } = JSON.parse(bytes.toString());
  const id = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { ...metadataOf(file, rootfs.diff_ids, history, id), RepoTags: tags ?? [] };
}

function* tarEntries(bytes) {
  const text = (at, length) =>
    bytes
      .subarray(at, at + length)
      .toString()
      .replace(/\0.*$/s, '');
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0;) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    yield [text(at, 100), bytes.subarray(at + 512, at + 512 + size)];
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

/** The engine does not say which steps made no layer: those of no size, as long as there are too many. */
function historyOf(steps, layers) {
  let surplus = steps.length - layers;
  return steps.map(({ CreatedBy: createdBy, Size: size }) => {
    const isEmpty = surplus > 0 && size === '0B' && !/^(RUN|COPY|ADD|WORKDIR)\b/.test(createdBy);
    if (isEmpty) surplus--;
    return { created_by: createdBy, ...(isEmpty && { empty_layer: true }) };
  });
}

const inventedHistory = [
  { created_by: '/bin/sh -c #(nop) ADD file:base in / ' },
  { created_by: '/bin/sh -c #(nop)  CMD ["bash"]', empty_layer: true },
  { created_by: 'RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit' },
  { created_by: 'COPY . /app # buildkit' },
];

function layerOf(name) {
  return `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

function metadataOf(name, layers, history, id = layerOf(name)) {
  return {
    OS: { Family: 'debian', Name: '12.5' },
    ImageID: id,
    DiffIDs: layers,
    RepoTags: [name],
    ImageConfig: {
      architecture: 'amd64',
      os: 'linux',
      history,
      rootfs: { type: 'layers', diff_ids: layers },
      config: {},
    },
    Layers: layers.map((layer) => ({ Size: 1024, DiffID: layer })),
  };
}

function assertName(name) {
  const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
  const valid = new RegExp(
    `^(?:[A-Za-z0-9.-]+(?::\\d+)?/)?${part}(?:/${part})*(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
  );
  if (!valid.test(name))
    throw new Fatal(
      `image scan error: scan error: unable to initialize a scan service: failed to parse the image name: could not parse reference: ${name}`,
    );
}

function notFound(source, reason, name) {
  return new Fatal(
    `image scan error: scan error: unable to initialize a scan service: unable to initialize an image scan service: unable to find the specified image "${name}" in ["${source}"]: 1 error occurred:\n\t* ${reason}\n\n`,
  );
}

/** OS packages of the first layer and of the first that installs some; a package of the app in the last. */
export function resultsFor(name, metadata, { scanners, withPackages }) {
  const { DiffIDs: layers, ImageConfig: config } = metadata;
  const steps = config.history.filter(({ empty_layer: isEmpty }) => isEmpty !== true);
  const installing = steps.findIndex(({ created_by: by }) => /apt-get install|apk add|dnf install/.test(by ?? ''));
  const base = { DiffID: layers[0] };
  const packages = { DiffID: layers[installing < 0 ? 0 : installing] ?? layers[0] };
  const app = { DiffID: layers.at(-1) };
  const results = [];
  if (scanners.includes('vuln')) {
    results.push(
      {
        Target: `${name} (debian 12.5)`,
        Class: 'os-pkgs',
        Type: 'debian',
        ...(withPackages && { Packages: [{ ID: 'curl@7.88.1-10', Name: 'curl', Version: '7.88.1', Layer: packages }] }),
        Vulnerabilities: [
          osVulnerability(
            'CVE-2023-38545',
            'curl',
            '7.88.1-10',
            '7.88.1-10+deb12u4',
            'CRITICAL',
            packages,
            'curl: heap based buffer overflow in the SOCKS5 proxy handshake',
          ),
          osVulnerability(
            'CVE-2023-4911',
            'libc6',
            '2.36-9',
            '2.36-9+deb12u3',
            'HIGH',
            base,
            'glibc: buffer overflow in ld.so leading to privilege escalation',
          ),
          osVulnerability(
            'CVE-2011-3374',
            'apt',
            '2.6.1',
            undefined,
            'LOW',
            base,
            'It was found that apt-key in apt does not correctly validate keys',
          ),
        ],
      },
      {
        Target: 'Node.js',
        Class: 'lang-pkgs',
        Type: 'node-pkg',
        Vulnerabilities: [
          {
            ...osVulnerability(
              'CVE-2021-23337',
              'lodash',
              '4.17.20',
              '4.17.21',
              'HIGH',
              app,
              'nodejs-lodash: command injection via template',
            ),
            PkgIdentifier: { PURL: 'pkg:npm/lodash@4.17.20', UID: 'b0d1' },
            PkgPath: 'app/node_modules/lodash/package.json',
          },
        ],
      },
    );
  }
  if (scanners.includes('secret')) {
    const match = 'AWS_ACCESS_KEY_ID=********************';
    const secret = {
      RuleID: 'aws-access-key-id',
      Category: 'AWS',
      Severity: 'CRITICAL',
      Title: 'AWS Access Key ID',
      StartLine: 3,
      EndLine: 3,
      Match: match,
      Layer: app,
    };
    results.push({ Target: '/app/.env', Class: 'secret', Secrets: [secret] });
  }
  return results;
}

function osVulnerability(id, name, version, fixed, severity, layer, title) {
  return {
    VulnerabilityID: id,
    PkgID: `${name}@${version}`,
    PkgName: name,
    PkgIdentifier: {
      PURL: `pkg:deb/debian/${name}@${version}?arch=amd64&distro=debian-12.5`,
      UID: createHash('sha256').update(name).digest('hex').slice(0, 16),
    },
    InstalledVersion: version,
    ...(fixed !== undefined && { FixedVersion: fixed }),
    Status: fixed === undefined ? 'affected' : 'fixed',
    Layer: layer,
    SeveritySource: 'nvd',
    PrimaryURL: `https://avd.aquasec.com/nvd/${id.toLowerCase()}`,
    DataSource: {
      ID: 'debian',
      Name: 'Debian Security Tracker',
      URL: 'https://salsa.debian.org/security-tracker-team/security-tracker',
    },
    Title: title,
    Description: `${title}.`,
    Severity: severity,
    References: [`https://nvd.nist.gov/vuln/detail/${id}`],
    PublishedDate: '2023-10-18T04:15:00Z',
  };
}
