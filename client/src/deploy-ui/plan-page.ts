import type { Change, Step } from '../deploy/step.ts';
import type { Plan } from '../deploy/plan.ts';
import { describePlan, unknownPrice, type CostLine } from '../deploy/describe.ts';
import { htmlEscaped, htmlPage } from '../ui/html.ts';

export interface PlanPageParts {
  readonly nonce: string;
  readonly stage: 'asked' | 'running' | 'ended';
  /** How each step stands, by its id. */
  readonly progress: ReadonlyMap<string, StepProgress>;
  /** How it ended. */
  readonly outcome?: PlanOutcome;
  /** Links to commands, by what they do. */
  readonly confirm: string;
  readonly cancel: string;
  readonly copyJson: string;
  readonly copyScript: string;
  readonly resume: string;
  readonly cleanUp: string;
}

export interface PlanOutcome {
  readonly message: string;
  readonly isGood: boolean;
  /** It was begun, so that it can be resumed or given up. */
  readonly isUnfinished?: true;
  /** Where the app answers. */
  readonly url?: string;
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
  const { title, summary, costs, groups } = describePlan(plan);
  const prices = new Map(groups.flatMap(({ steps }) => steps).map(({ id, cost }) => [id, cost?.price]));
  const [todo, left] = [plan.steps.filter(isToDo), plan.steps.filter((step) => !isToDo(step))];
  const main = `
<header>
<h1>${htmlEscaped(title)}</h1>
${plan.image === '' ? '' : `<p class="dim"><code>${htmlEscaped(plan.image)}</code></p>\n`}<p>${htmlEscaped(summary)}</p>
${notes('blocker', plan.blockers)}${notes('note', plan.warnings)}${outcomeOf(parts)}
<p class="actions">${actionsOf(plan, parts).join('\n')}</p>
</header>
<h2>What happens</h2>
${todo.length === 0 ? '<p>Nothing: all is as it should be</p>' : `<ol>\n${todo.map((step) => item(step, parts, prices.get(step.id))).join('\n')}\n</ol>`}
${left.length === 0 ? '' : `<details><summary>Stays as it is (${left.length})</summary><ul>${left.map((step) => `<li>${htmlEscaped(step.title)}</li>`).join('')}</ul></details>`}
${costs.length === 0 ? '' : costTable(costs)}
`;
  return htmlPage({ title, nonce: parts.nonce, style, main });
}

function actionsOf(plan: Plan, parts: PlanPageParts): readonly string[] {
  const copies = [button('Copy as JSON', parts.copyJson), button('Copy as az script', parts.copyScript)];
  switch (parts.stage) {
    case 'asked': {
      const word = plan.title === undefined ? 'Deploy' : 'Confirm';
      const confirm =
        plan.blockers.length > 0
          ? `<span class="button off" role="button" aria-disabled="true">${word}</span>`
          : button(word, parts.confirm, 'first');
      return [confirm, button('Cancel', parts.cancel), ...copies];
    }
    case 'running':
      return copies;
    case 'ended':
      return parts.outcome?.isUnfinished === true
        ? [button('Resume', parts.resume, 'first'), button('Clean up …', parts.cleanUp), ...copies]
        : copies;
  }
}

function button(title: string, link: string, kind: 'first' | 'quiet' = 'quiet'): string {
  return `<a class="button ${kind}" role="button" href="${htmlEscaped(link)}">${title}</a>`;
}

function outcomeOf({ outcome }: PlanPageParts): string {
  if (outcome === undefined) return '';
  const { message, url, isGood } = outcome;
  const address = url === undefined ? '' : `: <a href="${htmlEscaped(url)}">${htmlEscaped(url)}</a>`;
  return `<p class="outcome ${isGood ? 'good' : 'bad'}" role="status">${htmlEscaped(message)}${address}</p>`;
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
    ...(price === undefined || price === unknownPrice ? [] : [`<p class="dim">Costs ${htmlEscaped(price)}</p>`]),
    '</li>',
  ].join('');
}

function stateOf(now: StepProgress | undefined): string {
  if (now === undefined) return '';
  return ` <span class="state">${htmlEscaped(stateText(now))}</span>`;
}

function stateText({ state, message }: StepProgress): string {
  switch (state) {
    case 'running':
      return `${message ?? 'Under way'} …`;
    case 'done':
      return '✓ Done';
    case 'already':
      return '✓ Was done already';
    case 'failed':
      return `✗ ${message ?? 'Failed'}`;
  }
}

function row({ what, from, to }: Change): string {
  const old = from === undefined ? '' : `<del>${htmlEscaped(from)}</del> → `;
  return `<tr><th scope="row">${htmlEscaped(what)}</th><td>${old}<ins>${htmlEscaped(to)}</ins></td></tr>`;
}

function costTable(costs: readonly CostLine[]): string {
  const rows = costs.map(
    ({ what, price, asOf }) =>
      `<tr><th scope="row">${htmlEscaped(what)}</th><td>${htmlEscaped(price)}${asOf === undefined ? '' : ` <span class="dim">${htmlEscaped(asOf)}</span>`}</td></tr>`,
  );
  return `<h2>What it costs</h2>
<table class="costs"><tbody>${rows.join('')}</tbody></table>
<p class="dim">For orientation: <a href="https://azure.microsoft.com/pricing/calculator/">Azure’s pricing calculator</a> knows your region</p>`;
}

const style = `
body { padding: 0 1.5rem 2rem; color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); line-height: 1.5; }
main { max-width: 56rem; }
h1 { font-size: 1.5rem; font-weight: 600; line-height: 1.3; margin: 1.2rem 0 0.3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; font-weight: 600; margin: 1.8rem 0 0.5rem; }
p { margin: 0.2rem 0; overflow-wrap: anywhere; }
a { color: var(--vscode-textLink-foreground); }
a:focus-visible, summary:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
.dim, .state { color: var(--vscode-descriptionForeground); }
code { font-family: var(--vscode-editor-font-family); overflow-wrap: anywhere; }
.blocker, .note, .outcome { border-left: 3px solid var(--vscode-editorWarning-foreground); padding: 0.1rem 0.7rem; margin: 0.6rem 0; }
.blocker, .outcome.bad { border-color: var(--vscode-editorError-foreground); }
.outcome.good { border-color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
.actions { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 1rem 0; }
.button { padding: 0.3rem 0.9rem; border: 1px solid var(--vscode-button-border, transparent); border-radius: 2px; text-decoration: none; background: var(--vscode-button-background); color: var(--vscode-button-foreground); }
.button:hover { background: var(--vscode-button-hoverBackground); color: var(--vscode-button-foreground); }
.button.quiet { border-color: var(--vscode-button-secondaryBorder, var(--vscode-button-border, var(--vscode-widget-border, transparent))); background: var(--vscode-button-secondaryBackground); color: var(--vscode-button-secondaryForeground); }
.button.quiet:hover { background: var(--vscode-button-secondaryHoverBackground); color: var(--vscode-button-secondaryForeground); }
.button.off { opacity: 0.5; }
ol { margin: 0; padding-left: 2rem; }
ol > li { margin: 0.7rem 0; padding-left: 1.5rem; }
.icon { display: inline-block; width: 1.5rem; margin-left: -1.5rem; text-align: center; font-family: var(--vscode-editor-font-family); font-weight: 700; }
.create .icon, ins { color: var(--vscode-gitDecoration-addedResourceForeground); }
.change .icon { color: var(--vscode-gitDecoration-modifiedResourceForeground); }
del { color: var(--vscode-gitDecoration-deletedResourceForeground); }
ins { text-decoration: none; }
.done .state, .already .state { color: var(--vscode-gitDecoration-addedResourceForeground); }
.failed .state { color: var(--vscode-editorError-foreground); }
table { border-collapse: collapse; margin: 0.2rem 0; }
th { text-align: left; font-weight: 400; color: var(--vscode-descriptionForeground); padding: 0 1.5em 0 0; vertical-align: top; }
th::first-letter { text-transform: uppercase; }
td { overflow-wrap: anywhere; padding: 0; vertical-align: top; }
summary { cursor: pointer; margin-top: 1rem; width: fit-content; }
.for-readers { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 32rem) { body { padding: 0 1rem 2rem; } ol { padding-left: 1.5rem; } th, td { display: block; } td { padding-bottom: 0.2rem; } }
`;
