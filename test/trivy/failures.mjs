// Ways in which Trivy fails, in its words.

const scan = 'run error: image scan error: scan error:';

export const failures = {
  'too-many-requests': {
    when: 'start',
    lines: [
      ['INFO', '[vulndb] Need to update DB'],
      ['INFO', '[vulndb] Downloading artifact...\trepo="mirror.gcr.io/aquasec/trivy-db:2"'],
      [
        'ERROR',
        '[vulndb] Failed to download artifact\trepo="mirror.gcr.io/aquasec/trivy-db:2" err="OCI repository error: 1 error occurred"',
      ],
    ],
    message:
      'run error: init error: DB error: failed to download vulnerability DB: OCI artifact error: failed to download vulnerability DB: GET https://ghcr.io/v2/aquasecurity/trivy-db/manifests/2: TOOMANYREQUESTS: retry-after: 127.702µs, allowed: 44000/minute',
  },
  'no-network': {
    when: 'start',
    lines: [['INFO', '[vulndb] Need to update DB']],
    message:
      'run error: init error: DB error: failed to download vulnerability DB: OCI artifact error: failed to download vulnerability DB: OCI repository error: 1 error occurred:\n\t* Get "https://mirror.gcr.io/v2/": dial tcp: lookup mirror.gcr.io: no such host\n\n',
  },
  'new-schema': {
    when: 'start',
    lines: [['ERROR', '[vulndb] Trivy version is old. Update to the latest version.\tversion="0.50.0"']],
    message:
      "run error: init error: DB error: database error: the version of DB schema doesn't match. Local DB: 3, Expected: 2",
  },
  'java-database': {
    message: `${scan} failed analysis: post analysis error: Unable to initialize the Java DB: Java DB update failed: failed to download Java DB: GET https://mirror.gcr.io/v2/aquasec/trivy-java-db/manifests/1: dial tcp: lookup mirror.gcr.io: no such host`,
  },
  locked: {
    lines: [
      [
        'ERROR',
        'Failed to acquire cache or database lock, see https://trivy.dev/docs/latest/references/troubleshooting/',
      ],
    ],
    message: `${scan} unable to initialize cache: unable to initialize fs cache: cache may be in use by another process: timeout`,
  },
  timeout: {
    lines: [['WARN', 'Provide a higher timeout value, see https://trivy.dev/docs/latest/references/troubleshooting/']],
    message: `${scan} scan failed: failed analysis: analyze error: pipeline error: failed to analyze layer: context deadline exceeded`,
  },
  space: {
    message: `${scan} unable to initialize a scan service: failed to copy the image: write /tmp/fanal-3323732142: no space left on device`,
  },
  'no-daemon': {
    message: `${scan} unable to initialize a scan service: unable to find the specified image "TARGET" in ["docker"]: 1 error occurred:\n\t* docker error: unable to inspect the image (TARGET): Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n\n`,
  },
  killed: { signal: 'SIGKILL' },
  silent: { code: 2 },
};
