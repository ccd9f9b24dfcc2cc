import type { Finding, Misconfiguration, ScanReport, Secret, Vulnerability } from '../../../client/src/scan/finding.ts';

/** Findings as tests want them, with everything they do not care about filled in. */
export function vulnerability(
  given: Partial<Vulnerability> & Pick<Vulnerability, 'id' | 'packageName' | 'installedVersion'>,
): Vulnerability {
  return {
    kind: 'vulnerability',
    severity: 'HIGH',
    title: `${given.packageName}: something is wrong`,
    target: 'app:1 (debian 12.5)',
    references: [],
    fixedVersions: [],
    resultClass: 'os-pkgs',
    resultType: 'debian',
    ...given,
  };
}

export function misconfiguration(given: Partial<Misconfiguration> & Pick<Misconfiguration, 'id'>): Misconfiguration {
  return {
    kind: 'misconfiguration',
    severity: 'HIGH',
    title: 'Something is set up badly',
    message: `Do better than ${given.id}`,
    target: 'Dockerfile',
    references: [],
    aliases: [],
    ...given,
  };
}

export function secret(given: Partial<Secret> = {}): Secret {
  return {
    kind: 'secret',
    id: 'aws-access-key-id',
    severity: 'CRITICAL',
    title: 'AWS Access Key ID',
    category: 'AWS',
    match: 'key = "****************"',
    target: 'config.env',
    references: [],
    ...given,
  };
}

export function report(findings: readonly Finding[], given: Partial<ScanReport> = {}): ScanReport {
  return {
    artifactName: 'app:1',
    artifactType: 'container_image',
    repoTags: [],
    diffIds: [],
    history: [],
    skipped: {},
    suppressed: 0,
    findings,
    ...given,
  };
}
