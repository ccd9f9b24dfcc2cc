/** Milliseconds. */
export interface Taken {
  readonly wall: number;
  /** Of the main thread alone: what a quiet machine's clock would show, whatever else this one is doing. */
  readonly cpu: number;
}

export async function take(work: () => unknown): Promise<Taken> {
  const cpu = process.threadCpuUsage();
  const started = performance.now();
  await work();
  const wall = performance.now() - started;
  const { user, system } = process.threadCpuUsage(cpu);
  return { wall, cpu: (user + system) / 1000 };
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export function medianOf(all: readonly Taken[]): Taken {
  return { wall: median(all.map(({ wall }) => wall)), cpu: median(all.map(({ cpu }) => cpu)) };
}
