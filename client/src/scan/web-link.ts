/** A link from a report, if it is one for a browser: anything else is never opened. */
export function webLink(link: string | undefined): string | undefined {
  if (link === undefined) return undefined;
  try {
    const url = new URL(link);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** The page about a finding: the one that Trivy names, else its first reference. */
export function advisoryOf(finding: {
  readonly link?: string;
  readonly references: readonly string[];
}): string | undefined {
  return webLink(finding.link) ?? finding.references.map(webLink).find((link) => link !== undefined);
}
