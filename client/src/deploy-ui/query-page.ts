import type { LogTable } from '../deploy/after/ask-logs.ts';
import type { LogQuery } from '../deploy/after/queries.ts';
import { htmlEscaped, htmlPage } from '../ui/html.ts';

export interface QueryPageParts {
  readonly nonce: string;
  /** Where the same can be asked with other words, if there is such a place. */
  readonly portal?: string;
  readonly when: (time: string) => string;
}

/** The answer to a question about logs. What an app has logged is text, and nothing else. */
export function queryResultPage(query: LogQuery, table: LogTable, { nonce, portal, when }: QueryPageParts): string {
  const { columns, rows, incomplete } = table;
  const cell = (text: string): string => htmlEscaped(time.test(text) ? when(text) : text);
  const main = `
<h1>${htmlEscaped(query.title)}</h1>
<p class="dim">The last 24 hours</p>
${incomplete === undefined ? '' : `<p class="note">Not everything is here: ${htmlEscaped(incomplete)}</p>\n`}<table>
<thead><tr>${columns.map((name) => `<th scope="col">${htmlEscaped(titleOf(name))}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map((text) => `<td${number.test(text) ? ' class="number"' : ''}>${cell(text)}</td>`).join('')}</tr>`).join('\n')}
</tbody>
</table>
<details><summary>The query</summary><pre tabindex="0">${htmlEscaped(query.kql)}</pre></details>
${portal === undefined ? '' : `<p><a href="${htmlEscaped(portal)}">Open in the portal</a></p>`}
`;
  return htmlPage({ title: query.title, nonce, style, main });
}

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const number = /^-?\d+(\.\d+)?$/;

/** `RevisionName_s` is `Revision name`; the letter at the end is the type that Log Analytics adds. */
function titleOf(column: string): string {
  const words = column.replace(/_[a-z]$/, '').replace(/([a-z])([A-Z])/g, '$1 $2');
  return words.charAt(0) + words.slice(1).toLowerCase();
}

const style = `
body { padding: 0 1.5rem 2rem; color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); line-height: 1.5; }
h1 { font-size: 1.5rem; font-weight: 600; line-height: 1.3; margin: 1.2rem 0 0.3rem; }
p { margin: 0.2rem 0; overflow-wrap: anywhere; }
a { color: var(--vscode-textLink-foreground); }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
.dim { color: var(--vscode-descriptionForeground); }
.note { border-left: 3px solid var(--vscode-editorWarning-foreground); padding: 0.1rem 0.7rem; margin: 0.6rem 0; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 1.5rem 0.35rem 0; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border)); overflow-wrap: anywhere; }
th { font-weight: 400; color: var(--vscode-descriptionForeground); }
.number { font-variant-numeric: tabular-nums; }
summary { cursor: pointer; width: fit-content; }
pre { padding: 0.75rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--vscode-textCodeBlock-background); font-family: var(--vscode-editor-font-family); }
`;
