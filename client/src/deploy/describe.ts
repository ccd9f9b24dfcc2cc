import type { Plan } from './plan.ts';
import type { Change, Cost, Step } from './step.ts';

/** A plan for reading, as plain data: the page, the terminal and pipelines show the same. */
export interface PlanDescription {
  /** `Deploy 'shop:1a2b3c4' to the web app 'shop'`. */
  readonly title: string;
  /** One sentence: where, and how much of it is new. */
  readonly summary: string;
  readonly image: string;
  /** `1a2b3c4…, with uncommitted changes`. */
  readonly commit?: string;
  readonly blockers: readonly string[];
  readonly warnings: readonly string[];
  /** Not empty, in the order create, change, run, leave; a step's number is its place in the whole. */
  readonly groups: readonly StepGroup[];
  /** Each billable resource that is made, then their sum. */
  readonly costs: readonly CostLine[];
}

export interface StepGroup {
  readonly effect: Step['effect'];
  /** `Create`. */
  readonly title: string;
  readonly steps: readonly StepDescription[];
}

export interface StepDescription {
  readonly number: number;
  readonly id: string;
  readonly title: string;
  readonly because?: string;
  readonly changes: readonly Change[];
  readonly cost?: CostLine;
  /** Failing here does not end the deployment. */
  readonly isOptional: boolean;
}

export interface CostLine {
  readonly what: string;
  /** `$12.41 a month`, `costs by use`. */
  readonly price: string;
  readonly asOf?: string;
}

/** Of what costs, but not known here how much. */
export const unknownPrice = 'see its pricing page';

const effects = { create: 'Create', change: 'Change', run: 'Do', leave: 'Leave as it is' } as const;
const marks = { create: '+', change: '~', run: '>', leave: '=' } as const;

export function describePlan(plan: Plan): PlanDescription {
  const steps = plan.steps.map((step, index) => ({ effect: step.effect, description: describeStep(step, index + 1) }));
  const groups = (['create', 'change', 'run', 'leave'] as const).map((effect) => ({
    effect,
    title: effects[effect],
    steps: steps.filter((step) => step.effect === effect).map(({ description }) => description),
  }));
  return {
    title: titleOf(plan),
    summary: summaryOf(plan),
    image: plan.image,
    ...(plan.commit === undefined ? {} : { commit: commitText(plan.commit) }),
    blockers: plan.blockers,
    warnings: plan.warnings,
    groups: groups.filter((group) => group.steps.length > 0),
    costs: costsOf(plan),
  };
}

/** For terminals and the logs of pipelines: no colours, nothing wider than its own lines. */
export function planText(plan: Plan): string {
  const { title, summary, image, commit, blockers, warnings, costs } = describePlan(plan);
  const section = (head: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', head, ...lines.map((line) => `  ${line}`)];
  const width = `${plan.steps.length}`.length;
  const steps = plan.steps.flatMap((step, index) => {
    const [first = '', ...rest] = stepLines(step);
    const number = `${index + 1}`.padStart(width);
    return [`${number} ${marks[step.effect]} ${first}`, ...rest.map((line) => `${' '.repeat(width + 3)}${line}`)];
  });
  return [
    title,
    `  ${summary}`,
    ...(image === '' ? [] : [`  Image: ${image}`]),
    ...(commit === undefined ? [] : [`  Commit: ${commit}`]),
    ...section('This cannot begin:', blockers),
    ...section('Worth knowing:', warnings),
    ...section('Steps (+ create, ~ change, > do, = leave):', steps.length === 0 ? ['Nothing to do'] : steps),
    ...section('Costs:', costs.map(costText)),
    '',
  ].join('\n');
}

export function titleOf(plan: Plan): string {
  if (plan.title !== undefined) return plan.title;
  const { app } = plan.target;
  const kinds = { appService: 'web app', containerApp: 'container app', containerInstance: 'container group' };
  const slot = app.kind === 'appService' && app.slot !== undefined ? `slot '${app.slot}' of the ` : '';
  return `Deploy '${plan.image.slice(plan.image.lastIndexOf('/') + 1)}' to the ${slot}${kinds[app.kind]} '${app.name}'`;
}

function summaryOf({ target, steps }: Plan): string {
  const count = (effect: Step['effect']): number => steps.filter((step) => step.effect === effect).length;
  const parts = [
    ['creates', count('create')],
    ['changes', count('change')],
    ['leaves', count('leave')],
  ] as const;
  const counts = parts.filter(([, number]) => number > 0).map(([does, number]) => `${does} ${number}`);
  const where = `Resource group '${target.resourceGroup}', ${target.location}`;
  return counts.length === 0 ? where : `${where}: ${counts.join(', ')}`;
}

function describeStep(step: Step, number: number): StepDescription {
  const { id, title, because, changes = [], cost, optional } = step;
  return {
    number,
    id,
    title,
    ...(because === undefined ? {} : { because }),
    changes,
    ...(cost === undefined ? {} : { cost: costLine(cost) }),
    isOptional: optional === true,
  };
}

function stepLines({ title, because, changes = [], cost, optional }: Step): readonly string[] {
  return [
    `${title}${optional === true ? ' (optional: goes on if it fails)' : ''}`,
    ...changes.map(({ what, from, to }) => `${what}: ${from === undefined ? to : `${from} -> ${to}`}`),
    ...(because === undefined ? [] : [because]),
    ...(cost === undefined ? [] : [`costs: ${costLine(cost).price}`]),
  ];
}

function costsOf({ steps }: Plan): readonly CostLine[] {
  const costs = steps.flatMap(({ cost, effect }) => (cost === undefined || effect === 'leave' ? [] : [cost]));
  if (costs.length < 2) return costs.map(costLine);
  const known = costs.filter(({ monthly }) => monthly !== undefined);
  const sum = known.reduce((all, { monthly = 0 }) => all + monthly, 0);
  const price = `${dollars(sum)} a month${known.length < costs.length ? ', and what goes by use or is not known here' : ''}`;
  return [...costs.map(costLine), ...(known.length === 0 ? [] : [{ what: 'Together', price }])];
}

function costLine({ what, monthly, terms, asOf }: Cost): CostLine {
  const price =
    monthly === undefined ? (terms ?? unknownPrice) : monthly === 0 ? 'free' : `${dollars(monthly)} a month`;
  return { what, price, ...(asOf === undefined ? {} : { asOf }) };
}

function costText({ what, price, asOf }: CostLine): string {
  return `${what}: ${price}${asOf === undefined ? '' : ` (${asOf})`}`;
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

function commitText({ full, isDirty }: { readonly full: string; readonly isDirty: boolean }): string {
  return isDirty ? `${full}, with uncommitted changes` : full;
}
