/** How many milliseconds of a processor something takes: the same on a busy machine, in contrast to the time until it is done. */
export function cpuTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
