import type { Change, Step } from '../deploy/step.ts';
import type { Plan } from '../deploy/plan.ts';
import { describePlan } from '../deploy/describe.ts';
import { htmlEscaped, htmlPage } from '../ui/html.ts';

export interface PlanPageParts {
  readonly nonce: string;
  readonly stage: 'asked' | 'running' | 'ended';
  /** How each step stands, by its id. */
  readonly progress: ReadonlyMap<string, StepProgress>;
  /** What the end was, in a sentence. */
  readonly outcome?: { readonly message: string; readonly isGood: boolean };
  /** Links to commands, by what they do. */
  readonly confirm: string;
  readonly cancel: string;
  readonly copyJson: string;
  readonly copyScript: string;
}

export interface StepProgress {
  readonly state: 'running' | 'done' | 'already' | 'failed';
  readonly message?: string;
}

const effects = {
  create: { icon: '+', word: 'Create' },
  change: { icon: '~', word: 'Change' },
  run: { icon: '›', word: 'Do' },
  leave: { icon: '=', word: 'Leave' },
} as const;

/** The page of a plan: read and confirmed first, then followed. */
export function planPage(plan: Plan, parts: PlanPageParts): string {
  const { nonce, stage, outcome } = parts;
  const { title, summary, costs, groups } = describePlan(plan);
  const prices = new Map(groups.flatMap(({ steps }) => steps).map(({ id, cost }) => [id, cost?.price]));
  const [todo, left] = [plan.steps.filter(isToDo), plan.steps.filter((step) => !isToDo(step))];
  const main = `
<header>
<h1>${htmlEscaped(title)}</h1>
${plan.image === '' ? '' : `<p class="dim"><code>${htmlEscaped(plan.image)}</code></p>\n`}<p>${htmlEscaped(summary)}</p>
${notes('blocker', plan.blockers)}${notes('note', plan.warnings)}
${outcome ? `<p class="outcome ${outcome.isGood ? 'good' : 'bad'}" role="status">${htmlEscaped(outcome.message)}</p>` : ''}
<p class="actions">${stage === 'asked' ? asked(plan, parts) : ''}<a class="button quiet" role="button" href="${htmlEscaped(parts.copyJson)}">Copy as JSON</a> <a class="button quiet" role="button" href="${htmlEscaped(parts.copyScript)}">Copy as az script</a></p>
</header>
<h2>What happens</h2>
${todo.length === 0 ? '<p>Nothing: all is as it should be</p>' : `<ol>\n${todo.map((step) => item(step, parts, prices.get(step.id))).join('\n')}\n</ol>`}
${left.length === 0 ? '' : `<details><summary>Stays as it is (${left.length})</summary><ul>${left.map((step) => `<li>${htmlEscaped(step.title)}</li>`).join('')}</ul></details>`}
${costs.length === 0 ? '' : `<h2>What it costs</h2>\n<table><tbody>${costs.map((cost) => `<tr><th scope="row">${htmlEscaped(cost.what)}</th><td>${htmlEscaped(cost.price)}</td><td class="dim">${htmlEscaped(cost.asOf ?? '')}</td></tr>`).join('')}</tbody></table>`}
`;
  return htmlPage({ title, nonce, style, main });
}

function asked({ blockers }: Plan, { confirm, cancel }: PlanPageParts): string {
  const deploy =
    blockers.length > 0
      ? '<span class="button off" role="button" aria-disabled="true">Deploy</span>'
      : `<a class="button" role="button" href="${htmlEscaped(confirm)}">Deploy</a>`;
  return `${deploy} <a class="button quiet" role="button" href="${htmlEscaped(cancel)}">Cancel</a> `;
}

function notes(kind: string, texts: readonly string[]): string {
  return texts.map((text) => `<p class="${kind}">${htmlEscaped(text)}</p>\n`).join('');
}

function isToDo({ effect }: Step): boolean {
  return effect !== 'leave';
}

function item(step: Step, { progress }: PlanPageParts, price: string | undefined): string {
  const { id, title, effect, because, changes = [] } = step;
  const { icon, word } = effects[effect];
  const now = progress.get(id);
  return [
    `<li class="${effect} ${now?.state ?? ''}">`,
    `<p><span class="icon" aria-hidden="true">${icon}</span><span class="for-readers">${word}: </span><strong>${htmlEscaped(title)}</strong>${stateOf(now)}</p>`,
    ...(because === undefined ? [] : [`<p class="dim">${htmlEscaped(because)}</p>`]),
    ...(changes.length === 0 ? [] : [`<table><tbody>${changes.map(row).join('')}</tbody></table>`]),
    ...(price === undefined ? [] : [`<p class="dim">Costs: ${htmlEscaped(price)}</p>`]),
    '</li>',
  ].join('');
}

const states = { running: '…', done: '✓ done', already: '✓ was done already', failed: '✗ failed' } as const;

function stateOf(now: StepProgress | undefined): string {
  if (now === undefined) return '';
  const message = now.message === undefined ? '' : `: ${htmlEscaped(now.message)}`;
  return ` <span class="state">${states[now.state]}${message}</span>`;
}

function row({ what, from, to }: Change): string {
  const old = from === undefined ? '' : `<del>${htmlEscaped(from)}</del> → `;
  return `<tr><th scope="row">${htmlEscaped(what)}</th><td>${old}<ins>${htmlEscaped(to)}</ins></td></tr>`;
}

const style = `
body { padding: 0 1.5rem 2rem; color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); line-height: 1.5; }
main { max-width: 56rem; }
h1 { font-size: 1.5rem; font-weight: 600; margin: 1.2rem 0 0.2rem; }
h2 { font-size: 1.1rem; font-weight: 600; margin: 1.6rem 0 0.4rem; }
p { margin: 0.3rem 0; }
.dim { color: var(--vscode-descriptionForeground); }
code { font-family: var(--vscode-editor-font-family); overflow-wrap: anywhere; }
.blocker, .note, .outcome { border-left: 3px solid var(--vscode-editorWarning-foreground); padding: 0.1rem 0.7rem; margin: 0.6rem 0; }
.blocker, .outcome.bad { border-color: var(--vscode-editorError-foreground); }
.outcome.good { border-color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
.actions { margin: 1rem 0; }
.button { display: inline-block; padding: 0.3rem 0.9rem; border-radius: 2px; text-decoration: none; background: var(--vscode-button-background); color: var(--vscode-button-foreground); }
.button:hover { background: var(--vscode-button-hoverBackground); }
.button.quiet { background: var(--vscode-button-secondaryBackground); color: var(--vscode-button-secondaryForeground); }
.button.off { opacity: 0.5; }
ol { padding-left: 2rem; }
li { margin: 0.5rem 0; }
.icon { display: inline-block; width: 1.2em; font-family: var(--vscode-editor-font-family); font-weight: 700; }
.create .icon, ins { color: var(--vscode-gitDecoration-addedResourceForeground); }
.change .icon { color: var(--vscode-gitDecoration-modifiedResourceForeground); }
del { color: var(--vscode-gitDecoration-deletedResourceForeground); }
ins { text-decoration: none; }
.state { color: var(--vscode-descriptionForeground); }
.failed .state { color: var(--vscode-editorError-foreground); }
table { border-collapse: collapse; margin: 0.2rem 0 0.2rem 1.2em; }
th { text-align: left; font-weight: 400; color: var(--vscode-descriptionForeground); padding-right: 1.5em; vertical-align: top; }
td { overflow-wrap: anywhere; padding-right: 1.5em; }
summary { cursor: pointer; margin-top: 1rem; }
.for-readers { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
