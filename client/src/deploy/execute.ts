import { Cancelled } from '../tools/command.ts';
import { explain } from '../azure/explain.ts';
import { UserError } from '../ui/user-error.ts';
import { createFiller } from './fill.ts';
import { JournalError } from './journal.ts';
import type { Plan } from './plan.ts';
import type { Context } from './run/context.ts';
import { lastLines } from './run/last-lines.ts';
import { runStep } from './run/run-step.ts';
import { createScrubber, type Scrubber } from './run/scrub.ts';
import type { Step } from './step.ts';
import type { DeployEvent, JournalRecord, Outcome, StepRecord, World } from './world.ts';

export interface ExecuteOptions {
  /** Ends as soon as possible, also in the middle of a step; what Azure has begun goes on. */
  readonly signal?: AbortSignal;
  /** Ends at the next boundary between steps. */
  readonly stop?: AbortSignal;
  readonly onEvent?: (event: DeployEvent) => void;
}

/**
 * Executes a plan: each step first finds out whether it is done already, so that a deployment which was killed anywhere goes on when the same
 * plan is executed again with the same journal. Throws only when there is nothing to execute, or no journal to be written.
 */
export async function execute(plan: Plan, world: World, options: ExecuteOptions = {}): Promise<Outcome> {
  const [blocker] = plan.blockers;
  if (blocker !== undefined) throw new UserError(blocker);
  const scrubber = createScrubber();
  const run = new Run(plan, world, options, scrubber, begun(plan, await world.journal.read(), world));
  return await run.all();
}

/** The journal's record to go on with: the same plan's if it had not ended, else a new one. */
function begun(plan: Plan, known: JournalRecord | undefined, world: World): JournalRecord {
  const { folder } = world;
  const isUnfinished = known !== undefined && known.endedAt === undefined;
  if (isUnfinished && known.plan.id === plan.id) return { ...known, ...(folder !== undefined && { folder }) };
  const earlier = isUnfinished ? [...(known.earlier ?? []), ...createdIn(known)] : [];
  return {
    plan,
    startedAt: timeOf(world),
    ...(folder !== undefined && { folder }),
    steps: {},
    ...(earlier.length > 0 && { earlier: [...new Set(earlier)] }),
  };
}

/** In the order of the plan. */
export function createdIn({ plan, steps }: JournalRecord): readonly string[] {
  return plan.steps.flatMap((step) => steps[step.id]?.created ?? []);
}

/** One execution: what it has come to know while it goes on. */
class Run {
  private readonly warnings: string[] = [];
  private url: string | undefined;
  private readonly signal: AbortSignal;
  private readonly plan: Plan;
  private readonly world: World;
  private readonly options: ExecuteOptions;
  private readonly scrubber: Scrubber;
  private record: JournalRecord;

  constructor(plan: Plan, world: World, options: ExecuteOptions, scrubber: Scrubber, record: JournalRecord) {
    this.plan = plan;
    this.world = world;
    this.options = options;
    this.scrubber = scrubber;
    this.record = record;
    this.signal = options.signal ?? new AbortController().signal;
  }

  async all(): Promise<Outcome> {
    for (const step of this.plan.steps) {
      if (step.effect === 'leave' || step.do === 'nothing') continue;
      if (this.options.stop?.aborted === true || this.signal.aborted) return { kind: 'stopped', next: step.id };
      const outcome = await this.one(step);
      if (outcome !== undefined) return outcome;
    }
    // It runs, whatever cannot be noted of it.
    await this.write({ ...this.record, endedAt: timeOf(this.world) }).catch((error: unknown) =>
      this.warnings.push(explain(error).message),
    );
    const { digest } = this.record;
    return {
      kind: 'deployed',
      ...(this.url !== undefined && { url: this.url }),
      ...(digest !== undefined && { digest }),
      warnings: this.warnings,
    };
  }

  /** The end of everything, or nothing when it goes on. */
  private async one(step: Step): Promise<Outcome | undefined> {
    const before = this.record.steps[step.id];
    this.tell({ kind: 'begin', step: step.id });
    const log = logLines((text) => this.tell({ kind: 'log', step: step.id, text }));
    try {
      // What is known to be done stays known while it is looked at again.
      if (before?.state !== 'done') {
        await this.note(step, { state: 'begun', ...(before?.created !== undefined && { created: before.created }) });
      }
      const ran = await runStep(step, this.contextOf(step, before, log.add));
      log.end();
      const already = ran === 'already';
      const created = this.record.steps[step.id]?.created;
      await this.note(step, {
        state: 'done',
        ...(created !== undefined && { created }),
        // One that an earlier life began may have been done by it.
        ...(already && (before === undefined || before.already === true) && { already }),
        ...(already && before?.state === 'done' && { at: before.at }),
      });
      this.tell({ kind: 'done', step: step.id, already });
      return undefined;
    } catch (error) {
      log.end();
      return await this.failed(step, error);
    }
  }

  private async failed(step: Step, error: unknown): Promise<Outcome | undefined> {
    if (this.signal.aborted || error instanceof Cancelled) {
      this.tell({ kind: 'wait', step: step.id, message: 'Stopped waiting; what Azure has begun goes on' });
      return { kind: 'stopped', next: step.id, goesOn: true };
    }
    const clean = this.scrubber.cleanError(error);
    const message = this.scrubber.clean(explain(clean).message);
    const created = this.record.steps[step.id]?.created;
    // Where that cannot be noted it is known as begun, which is as good.
    await this.note(step, { state: 'failed', message, ...(created !== undefined && { created }) }).catch(
      () => undefined,
    );
    const { plan, world, signal } = this;
    const lines = await lastLines(step, clean, { plan, world, signal });
    for (const line of lines) this.tell({ kind: 'log', step: step.id, text: `${line}\n` });
    this.tell({ kind: 'failed', step: step.id, message });
    if (step.optional !== true || error instanceof JournalError) return { kind: 'failed', step: step.id, error: clean };
    this.warnings.push(`${step.title}: ${message}`);
    return undefined;
  }

  private contextOf(step: Step, before: StepRecord | undefined, onLog: (text: string) => void): Context {
    const { plan, world, scrubber, signal } = this;
    const onWait = (message: string): void => this.tell({ kind: 'wait', step: step.id, message });
    return {
      plan,
      step,
      world,
      scrubber,
      signal,
      before,
      filler: createFiller({ world, scrubber, signal, onWait }),
      recordOf: (id) => this.record.steps[id],
      digest: this.record.digest,
      earlier: this.record.earlier ?? [],
      onWait,
      onLog,
      creates: (id) => this.note(step, { state: 'begun', ...(id !== undefined && { created: id }) }),
      delivered: (digest) => this.write({ ...this.record, digest }),
      answered: (url) => (this.url = url),
    };
  }

  private async note(step: Step, record: Omit<StepRecord, 'at'> & { readonly at?: string }): Promise<void> {
    const { steps } = this.record;
    await this.write({ ...this.record, steps: { ...steps, [step.id]: { at: timeOf(this.world), ...record } } });
  }

  private async write(record: JournalRecord): Promise<void> {
    this.record = record;
    await this.world.journal.write(record);
  }

  private tell(event: DeployEvent): void {
    const clean = this.scrubber.clean;
    if ('message' in event) this.options.onEvent?.({ ...event, message: clean(event.message) });
    else if ('text' in event) this.options.onEvent?.({ ...event, text: clean(event.text) });
    else this.options.onEvent?.(event);
  }
}

/** Whole lines, so that no secret is cut in two and told in halves. */
function logLines(tell: (text: string) => void): { readonly add: (text: string) => void; readonly end: () => void } {
  let rest = '';
  return {
    add: (text) => {
      const whole = rest + text;
      const end = Math.max(whole.lastIndexOf('\n'), whole.lastIndexOf('\r')) + 1;
      rest = whole.slice(end);
      if (end > 0) tell(whole.slice(0, end));
    },
    end: () => {
      if (rest !== '') tell(rest);
      rest = '';
    },
  };
}

function timeOf(world: World): string {
  return new Date(world.clock.now()).toISOString();
}
