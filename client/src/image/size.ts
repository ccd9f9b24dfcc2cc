const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** As container tools write it: `12.4 MB`, in thousands. */
export function sizeText(bytes: number): string {
  let amount = Math.abs(bytes);
  let unit = 0;
  // What would be written as 1000 is one of the next unit.
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1000;
    unit++;
  }
  const digits = unit === 0 || amount >= 99.95 ? amount.toFixed(0) : amount.toFixed(1);
  return `${digits} ${units[unit] ?? ''}`;
}

/** `+3.1 MB`, with a real minus sign. */
export function deltaText(bytes: number): string {
  return bytes === 0 ? '±0 B' : `${bytes < 0 ? '−' : '+'}${sizeText(bytes)}`;
}

/** Small changes are noise: clocks and caches differ from build to build. */
export function isWorthSaying(delta: number | string | undefined): delta is number {
  return typeof delta === 'number' && Math.abs(delta) >= 1000;
}

export function shareText(part: number, total: number): string {
  if (total <= 0) return '0%';
  const share = (100 * part) / total;
  return share > 0 && share < 1 ? 'under 1%' : `${Math.round(share)}%`;
}
