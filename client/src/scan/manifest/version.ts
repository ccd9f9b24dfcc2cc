/** Below zero when `a` is the older one. Enough for picking among fixed versions; no ecosystem's full rules. */
export function compareVersions(a: string, b: string): number {
  const left = partsOf(a);
  const right = partsOf(b);
  for (let i = 0; i < Math.max(left.numbers.length, right.numbers.length); i++) {
    const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  // `1.0.0-rc.1` comes before `1.0.0`.
  if (left.rest === right.rest) return 0;
  if (left.rest === '') return 1;
  if (right.rest === '') return -1;
  return left.rest.localeCompare(right.rest, 'en', { numeric: true });
}

/**
 * The version to go to: the smallest newer one of the same major version, else the smallest newer one.
 * `undefined` when none is newer.
 */
export function nearestFix(installed: string, fixed: readonly string[]): string | undefined {
  const newer = fixed
    .map((version) => version.trim())
    .filter((version) => /^v?\d/.test(version) && compareVersions(version, installed) > 0)
    .sort(compareVersions);
  const major = partsOf(installed).numbers[0];
  return newer.find((version) => partsOf(version).numbers[0] === major) ?? newer[0];
}

/** How many numbers a version has: 2 for `1.4`. */
export function precisionOf(version: string): number {
  return partsOf(version).numbers.length;
}

interface Parts {
  readonly numbers: readonly number[];
  readonly rest: string;
}

function partsOf(version: string): Parts {
  const [, numbers = '', rest = ''] = /^v?(\d+(?:\.\d+)*)(.*)$/.exec(version.trim()) ?? [];
  // Build metadata does not count, Go's `+incompatible` neither.
  const tail = rest.replace(/\+.*$/, '').replace(/^\.(?:RELEASE|Final|GA)$/i, '');
  return { numbers: numbers === '' ? [] : numbers.split('.').map(Number), rest: tail };
}
