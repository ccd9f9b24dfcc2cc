import { firstSentence } from '../../azure/first-sentence.ts';
import { UserError } from '../../ui/user-error.ts';
import type { AppPlace } from '../step.ts';
import type { World } from '../world.ts';
import type { Look } from './look.ts';
import { lookAtContainerApp } from './look-at-container-app.ts';
import { lookAtContainerInstance } from './look-at-container-instance.ts';
import { lookAtSite, restartSite } from './look-at-site.ts';

export interface WaitOptions {
  /** The whole address that is asked. */
  readonly url: string;
  readonly seconds: number;
  readonly app: AppPlace;
  readonly world: Pick<World, 'arm' | 'ask' | 'clock'>;
  readonly signal: AbortSignal;
  readonly onWait: (message: string) => void;
  /** The container's last lines, when it does not answer. */
  readonly onLog: (text: string) => void;
}

/** The app was deployed, but does not answer: with the platform's reason, and the container's last lines. */
export class NoAnswer extends UserError {
  /** The platform's own words. */
  readonly because: string | undefined;
  readonly lines: readonly string[];

  constructor(message: string, because: string | undefined, lines: readonly string[]) {
    super(message);
    this.because = because;
    this.lines = lines;
  }
}

/** How often the platform is asked for its reason: first after a while in which most apps have started. */
const firstLook = 20_000;
const nextLook = 30_000;
/** Of starts: what failed twice fails again, and App Service would go on for ever. */
const enoughFailures = 2;

/** Polls until the app answers with anything below 500; the status it answers with, or none where it has run once, as it was to. */
export async function waitForAnswer(options: WaitOptions): Promise<number | undefined> {
  const { url, seconds, world, signal, onWait, onLog } = options;
  const started = world.clock.elapsed();
  let lookAt = started + firstLook;
  let restarted = false;
  /** Starts that had failed before, maybe of the version that is no more. */
  let before: ReadonlySet<string> | undefined;
  let last: number | undefined;
  for (let pause = 1_000; ; pause = Math.min(pause * 1.5, 10_000)) {
    signal.throwIfAborted();
    last = await world.ask(url, signal);
    signal.throwIfAborted();
    if (last !== undefined && last < 500) return last;
    const now = world.clock.elapsed();
    const passed = Math.round((now - started) / 1_000);
    if (passed >= seconds) break;
    before ??= new Set(options.app.kind === 'appService' ? (await lookAtApp(options)).failedStarts : []);
    if (now >= lookAt) {
      lookAt = now + nextLook;
      const look = await lookAtApp(options);
      const failures = (look.failedStarts ?? []).filter((line) => before?.has(line) === false);
      if (look.state === 'starting' && failures.length >= enoughFailures)
        throw noAnswer(options, { ...look, state: 'broken' }, last);
      if (look.state === 'broken') throw noAnswer(options, look, last);
      if (look.state === 'over') {
        for (const line of look.lines) onLog(`${line}\n`);
        onWait('It has run, and ended without an error');
        return undefined;
      }
      if (look.state === 'pull' && options.app.kind === 'appService' && !restarted) {
        // It would try again by itself, but only after many minutes.
        restarted = true;
        onWait('The image could not be pulled at first: restarting the app');
        await restartSite(options.app, world, signal);
      }
    }
    onWait(`${last === undefined ? 'No answer yet' : `Answers with ${last}`}, ${passed} of at most ${seconds} seconds`);
    await world.clock.wait(pause, signal);
  }
  throw noAnswer(options, await lookAtApp(options), last);
}

function noAnswer({ seconds, onLog }: WaitOptions, look: Look, last: number | undefined): NoAnswer {
  for (const line of look.lines) onLog(`${line}\n`);
  const what =
    look.state === 'broken'
      ? 'The app does not start'
      : last === undefined
        ? `The app has not answered for ${seconds} seconds`
        : `The app answers with ${last}`;
  const reason = look.reason === undefined ? lastWords(look.lines) : firstSentence(look.reason);
  return new NoAnswer(
    reason === undefined ? `${what}: look at its logs` : `${what}: ${reason}`,
    look.reason,
    look.lines,
  );
}

/** What an app says last, before it ends, is mostly why. */
function lastWords(lines: readonly string[]): string | undefined {
  const line = lines.findLast((text) => text.trim() !== '')?.trim();
  return line === undefined ? undefined : line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

/** Telling why must not hide that it does not answer: what cannot be read is left out. */
async function lookAtApp({ app, world, signal }: WaitOptions): Promise<Look> {
  try {
    switch (app.kind) {
      case 'appService':
        return await lookAtSite(app, world, signal);
      case 'containerApp':
        return await lookAtContainerApp(app, world, signal);
      case 'containerInstance':
        return await lookAtContainerInstance(app, world, signal);
    }
  } catch {
    signal.throwIfAborted();
    return { state: 'starting', lines: [] };
  }
}
