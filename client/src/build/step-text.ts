import type { Step } from './build.ts';

const longest = 80;

/** `build 3/7 RUN npm ci`; the builder's own words for what is no instruction. */
export function stepText(step: Step): string {
  const { place } = step;
  if (!place) return oneLine(step.name.replace(/^\[internal\]\s*/, ''));
  const { stage, index, count, instruction, platform } = place;
  // A stage without a name is called by its number by the builder alone.
  const name = stage === undefined || /^stage-\d+$/.test(stage) ? '' : stage;
  const where = [platform ?? '', name].filter((part) => part !== '').join(' ');
  return oneLine(`${where === '' ? '' : `${where} `}${index}${count > 0 ? `/${count}` : ''} ${instruction}`);
}

/** The step to show when there is room for one: the instruction that started last, else whatever goes on. */
export function runningStep(steps: Iterable<Step>): Step | undefined {
  const running = [...steps].filter(({ state }) => state === 'running');
  return running.findLast(({ place }) => place !== undefined) ?? running.at(-1);
}

/** Of the instructions that do something: FROM is only ever looked up. */
export function cachedOf(steps: readonly Step[]): { readonly cached: number; readonly all: number } {
  const instructions = steps.filter(({ place }) => place !== undefined && !/^FROM\b/i.test(place.instruction));
  return { cached: instructions.filter(({ state }) => state === 'cached').length, all: instructions.length };
}

/** `0.4 s`, `12 s`, `3 min 5 s`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `182 MB`, in units of 1,000 as the tools count. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? ''}`;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
