/** The release that we install, and run in a container. Bump all of it together. */
export const pinnedVersion = '0.74.0';

export interface Release {
  readonly version: string;
  readonly archive: string;
  readonly url: string;
  /** Lists the sums of all archives of the release. */
  readonly checksumsUrl: string;
  /** As published with the release. */
  readonly sha256: string;
  /** What to take from the archive. */
  readonly program: string;
}

const page = `https://github.com/aquasecurity/trivy/releases/download/v${pinnedVersion}`;

/** As in `trivy_0.74.0_checksums.txt` of the release. */
const archives: Readonly<Record<string, readonly [name: string, sha256: string]>> = {
  'linux x64': ['Linux-64bit.tar.gz', '2ae6fe3ee734b7fdf11335663e18c75ea12dccc76062f09f164a3b0f8be4371a'],
  'linux arm64': ['Linux-ARM64.tar.gz', 'b94ce1976bbf3c15b514b605ee88be7c6d94a29be2302847ff01cb794d47aad5'],
  'darwin x64': ['macOS-64bit.tar.gz', '472816f6888dda689d075c30254d4210b4d1035acf365aa72332f584c2f60485'],
  'darwin arm64': ['macOS-ARM64.tar.gz', '1caada5e0e2091909357c7525d3aa76f4b660b13821bc143b190c7483e31cc11'],
  'win32 x64': ['windows-64bit.zip', '94c40e0696e4b907a74b7b2e1438d5d72ebaca83115817407f568a002d520842'],
};

/** `undefined` where no release is made for this machine. Windows on ARM runs the one for Intel. */
export function releaseFor(platform: string, processor: string): Release | undefined {
  const [name, sha256] =
    archives[`${platform} ${processor}`] ?? archives[`${platform} ${platform === 'win32' ? 'x64' : ''}`] ?? [];
  if (name === undefined || sha256 === undefined) return undefined;
  const archive = `trivy_${pinnedVersion}_${name}`;
  return {
    version: pinnedVersion,
    archive,
    url: `${page}/${archive}`,
    checksumsUrl: `${page}/trivy_${pinnedVersion}_checksums.txt`,
    sha256,
    program: platform === 'win32' ? 'trivy.exe' : 'trivy',
  };
}

/** The sum of an archive in the published list, which has a line `sum  name` for each. */
export function sumIn(list: string, archive: string): string | undefined {
  for (const line of list.split('\n')) {
    const [sum, name] = line.trim().split(/\s+\*?/);
    if (name === archive && sum !== undefined && /^[0-9a-f]{64}$/i.test(sum)) return sum.toLowerCase();
  }
  return undefined;
}
