/** What a line of Trivy's log tells of how far it is; `undefined` when nothing. */
export function stepOf(line: string): string | undefined {
  return steps.find(([pattern]) => pattern.test(line))?.[1];
}

/** The first that fits; Trivy's log is not a contract, so a phrase that is gone costs a step and nothing else. */
const steps: readonly (readonly [RegExp, string])[] = [
  [/Unable to find image .* locally|: Pulling from |Trying to pull/, 'Pulling the image of Trivy'],
  [/Downloading (?:the )?Java DB/i, 'Downloading the Java database'],
  [/(?:Downloading|Need to update) (?:the )?(?:vulnerability )?DB/i, 'Downloading the vulnerability database'],
  [
    /\[(?:checks|misconfig)[^\]]*\].*(?:Need to update|Downloading) (?:the )?(?:built-in )?(?:checks|polic)/i,
    'Downloading the checks',
  ],
  [/Detecting vulnerabilities|Detecting .*vulnerabilities/i, 'Looking for vulnerabilities'],
  [/Detected config files/i, 'Checking configuration files'],
  [/(?:Vulnerability|Secret|Misconfiguration) scanning is enabled/i, 'Reading files'],
  [/Detected OS/i, 'Reading packages'],
];
