import { summaryLine, type ProofReport, type ReportedPromise } from './report.ts';
import { htmlEscaped, htmlPage } from '../ui/html.ts';

export interface PageParts {
  readonly nonce: string;
  /** What the webview itself may load from. */
  readonly when: string;
  /** Links to commands, by what they do. */
  readonly again: string;
  readonly copy: string;
  readonly reveal: (id: ReportedPromise['id']) => string;
  readonly isChanged: boolean;
}

const outcomes = {
  broken: { icon: '✗', word: 'Broken' },
  kept: { icon: '✓', word: 'Kept' },
  'not-applicable': { icon: '–', word: 'Not applicable' },
} as const;
const order: readonly ReportedPromise['outcome'][] = ['broken', 'kept', 'not-applicable'];

/** The page of a proof. */
export function proofPage(report: ProofReport, parts: PageParts): string {
  const { nonce, when, again, copy, isChanged } = parts;
  const promises = order.flatMap((outcome) => report.promises.filter((promise) => promise.outcome === outcome));
  const id = report.imageId.replace(/^sha256:/, '').slice(0, 12);
  const main = `
<header>
<h1>${htmlEscaped(report.image)}</h1>
<p class="dim"><code>${htmlEscaped(id)}</code> · proved ${htmlEscaped(when)} · ${report.seconds.toFixed(1)} s</p>
<p class="summary ${report.outcome}"><span aria-hidden="true">${outcomes[report.outcome].icon}</span> ${htmlEscaped(summaryLine(report))}</p>
${isChanged ? '<p class="note">The Dockerfile has changed since: build and prove it again</p>' : ''}
<p class="actions"><a class="button" role="button" href="${htmlEscaped(again)}">Prove again</a> <a class="button quiet" role="button" href="${htmlEscaped(copy)}">Copy as JSON</a></p>
</header>
<ul aria-label="Promises">
${promises.map((promise) => item(promise, parts)).join('\n')}
</ul>
`;
  return htmlPage({ title: `Proof of ${report.image}`, nonce, style, main });
}

function item(promise: ReportedPromise, { reveal }: PageParts): string {
  const { id, title, outcome, message, advice, details, place } = promise;
  const { icon, word } = outcomes[outcome];
  const parts = [
    `<h2><span class="icon" aria-hidden="true">${icon}</span> ${htmlEscaped(title)} <span class="word">${word}</span></h2>`,
    `<p>${htmlEscaped(message)}</p>`,
    ...(advice === undefined ? [] : [`<p class="advice">${htmlEscaped(advice)}</p>`]),
    ...(place
      ? [
          `<p><a href="${htmlEscaped(reveal(id))}">${htmlEscaped(place.file)}:${place.line} ${htmlEscaped(place.instruction)}</a></p>`,
        ]
      : []),
    ...(details.length === 0
      ? []
      : [
          `<details${outcome === 'broken' ? ' open' : ''}><summary>Details<span class="for-readers"> of ${htmlEscaped(title)}</span></summary><pre tabindex="0">${htmlEscaped(details.join('\n'))}</pre></details>`,
        ]),
  ];
  return `<li class="${outcome}">${parts.join('\n')}</li>`;
}

const style = `
body { font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); color: var(--vscode-foreground); line-height: 1.5; padding: 0 24px 32px; }
main { max-width: 820px; margin: 0 auto; }
h1 { font-size: 1.6em; font-weight: 600; margin: 24px 0 0; overflow-wrap: anywhere; }
h2 { font-size: 1.05em; font-weight: 600; margin: 0; }
p { margin: 4px 0; overflow-wrap: anywhere; }
code, pre { font-family: var(--vscode-editor-font-family); font-size: 0.95em; }
.dim { color: var(--vscode-descriptionForeground); }
.summary { font-size: 1.2em; margin: 16px 0 8px; }
.summary.broken > span, .broken .icon { color: var(--vscode-editorError-foreground); }
.summary.kept > span, .kept .icon { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
.note { border-left: 3px solid var(--vscode-editorWarning-foreground); padding-left: 8px; }
.actions { margin: 12px 0 20px; }
.button { display: inline-block; padding: 4px 12px; border-radius: 2px; text-decoration: none; border: 1px solid var(--vscode-button-border, transparent); color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
.button:hover { background: var(--vscode-button-hoverBackground); color: var(--vscode-button-foreground); }
.button.quiet { color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); }
.button.quiet:hover { background: var(--vscode-button-secondaryHoverBackground); color: var(--vscode-button-secondaryForeground); }
ul { list-style: none; margin: 0; padding: 0; }
li { border-top: 1px solid var(--vscode-widget-border, var(--vscode-panel-border)); padding: 12px 0 12px 28px; }
.icon { display: inline-block; width: 20px; margin-left: -28px; text-align: center; margin-right: 4px; }
.word { font-weight: normal; font-size: 0.85em; margin-left: 6px; padding: 1px 7px; border-radius: 10px; color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); }
.kept .word, .not-applicable .word { color: var(--vscode-descriptionForeground); background: transparent; padding: 0; }
.not-applicable { color: var(--vscode-descriptionForeground); }
.advice::before { content: "\\2192  "; content: "\\2192  " / ""; }
a { color: var(--vscode-textLink-foreground); }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
summary { cursor: pointer; color: var(--vscode-descriptionForeground); width: fit-content; margin-top: 4px; }
pre { margin: 4px 0 0; padding: 8px 12px; max-height: 260px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--vscode-textCodeBlock-background); }
.for-readers { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
