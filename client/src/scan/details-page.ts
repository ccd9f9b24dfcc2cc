import { shownCreatedBy } from '../image/created-by.ts';
import type { Finding } from './finding.ts';
import { advisoryOf, webLink } from './web-link.ts';
import { htmlEscaped, htmlPage } from '../ui/html.ts';

export interface DetailsPage {
  readonly finding: Finding;
  /** Where it was put, as `package.json`, line 12. */
  readonly place?: string;
  /** What the scan was of. */
  readonly subject: string;
  readonly isStale: boolean;
  /** Our rule that says the same. */
  readonly coveredBy?: string;
  readonly canIgnore: boolean;
  /** Goes into the policy by which only our own style is applied. */
  readonly nonce: string;
}

/** Everything about one finding: what a report says is text, never markup. */
export function detailsPage(page: DetailsPage): string {
  const { finding, nonce } = page;
  const link = advisoryOf(finding);
  const severity = finding.severity.toLowerCase();
  const references = [...new Set(finding.references.map(webLink).filter((each) => each !== undefined))];
  const main = `
<header>
<p class="kicker"><span class="severity ${severity}">${htmlEscaped(severity)}</span> ${htmlEscaped(kindNames[finding.kind])}${page.isStale ? ' · before your last change' : ''}</p>
<h1>${htmlEscaped(finding.id)}</h1>
<p class="title">${htmlEscaped(finding.title)}</p>
<nav aria-label="Actions">
${link === undefined ? '' : `<a class="button" href="${htmlEscaped(link)}">Open the advisory</a>`}
${page.canIgnore ? '<a class="button quiet" href="command:shipshape.findings.ignoreShown">Ignore …</a>' : ''}
${page.place === undefined ? '' : '<a class="button quiet" href="command:shipshape.findings.goToShown">Go to its place</a>'}
</nav>
</header>
<dl>
${factsOf(page)
  .map(([name, value]) => `<div><dt>${htmlEscaped(name)}</dt><dd>${htmlEscaped(value)}</dd></div>`)
  .join('\n')}
</dl>
${finding.kind === 'misconfiguration' && finding.resolution ? section('What to do', paragraphs(finding.resolution)) : ''}
${finding.kind === 'secret' ? section('What to do', paragraphs('Take it out of the file, make it useless where it is used, and hand it over at run time or as a build secret. It stays in the image’s layers and in the history of the repository until these are made anew.')) : ''}
${finding.kind === 'secret' && finding.match ? section('What matched', `<pre>${htmlEscaped(finding.match)}</pre>`) : ''}
${finding.description ? section('What it is', paragraphs(finding.description)) : ''}
${
  references.length === 0
    ? ''
    : section(
        'References',
        `<ul>${references.map((each) => `<li><a href="${htmlEscaped(each)}">${htmlEscaped(each)}</a></li>`).join('\n')}</ul>`,
      )
}
`;
  return htmlPage({ title: finding.id, nonce, style, main });
}

function factsOf({ finding, place, subject, coveredBy }: DetailsPage): readonly (readonly [string, string])[] {
  const facts: (readonly [string, string | undefined])[] = [];
  if (finding.kind === 'vulnerability') {
    facts.push(
      ['Package', `${finding.packageName} ${finding.installedVersion}`],
      ['Fixed in', finding.fixedVersions.join(', ') || 'nothing yet'],
      ['Status', finding.status],
    );
  }
  if (finding.kind === 'license') facts.push(['Package', finding.packageName]);
  if (finding.kind === 'misconfiguration') facts.push(['Found', finding.message]);
  facts.push(
    ['Acted on in', place],
    ['In', finding.kind === 'vulnerability' ? (finding.packagePath ?? finding.target) : finding.target],
    ['Layer', finding.layer?.createdBy === undefined ? undefined : shownCreatedBy(finding.layer.createdBy)],
    ['Scanned', subject],
    ['Also reported as', coveredBy === undefined ? undefined : `Shipshape's rule ${coveredBy}`],
  );
  return facts.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}

function section(title: string, body: string): string {
  return `<section><h2>${htmlEscaped(title)}</h2>${body}</section>`;
}

/** Blank lines make paragraphs; headings of Markdown, which Trivy's descriptions have, become bold lines. */
function paragraphs(text: string): string {
  return text
    .split(/\r?\n\s*\r?\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) =>
      /^#{1,6}\s+[^\n]+$/.test(part)
        ? `<p><strong>${htmlEscaped(part.replace(/^#+\s+/, ''))}</strong></p>`
        : `<p>${htmlEscaped(part).replaceAll('\n', '<br>')}</p>`,
    )
    .join('\n');
}

const kindNames: Readonly<Record<Finding['kind'], string>> = {
  vulnerability: 'vulnerability',
  misconfiguration: 'misconfiguration',
  secret: 'secret',
  license: 'licence',
};

const style = `
body { padding: 0; color: var(--vscode-foreground); font: var(--vscode-font-size)/1.55 var(--vscode-font-family); }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1.75rem 3rem; }
h1 { margin: .25rem 0 0; font-size: 1.7em; font-weight: 600; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 .5rem; font-size: 1em; font-weight: 600; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
.title { margin-top: .35rem; font-size: 1.1em; color: var(--vscode-descriptionForeground); }
.kicker { margin: 0; color: var(--vscode-descriptionForeground); }
.severity { display: inline-block; margin-right: .35rem; padding: 0 .5em; border: 1px solid currentColor; border-radius: .7em; font-size: .88em; }
.severity.critical, .severity.high { color: var(--vscode-editorError-foreground, var(--vscode-errorForeground)); }
.severity.medium { color: var(--vscode-editorWarning-foreground); }
.severity.low, .severity.unknown { color: var(--vscode-editorInfo-foreground); }
nav { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1.1rem 0 0; }
.button { padding: .3rem .8rem; border: 1px solid var(--vscode-button-border, transparent); border-radius: 2px; color: var(--vscode-button-foreground); background: var(--vscode-button-background); text-decoration: none; }
.button:hover { background: var(--vscode-button-hoverBackground); }
.button.quiet { color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); }
.button.quiet:hover { background: var(--vscode-button-secondaryHoverBackground); }
a { color: var(--vscode-textLink-foreground); overflow-wrap: anywhere; }
a:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
dl { margin: 1.75rem 0 0; border-top: 1px solid var(--vscode-widget-border, var(--vscode-panel-border)); }
dl div { display: grid; grid-template-columns: 9rem 1fr; gap: 1rem; padding: .45rem 0; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border)); }
dt { color: var(--vscode-descriptionForeground); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { padding: .75rem 1rem; overflow: auto; background: var(--vscode-textCodeBlock-background); font-family: var(--vscode-editor-font-family); }
ul { margin: 0; padding-left: 1.2rem; }
@media (max-width: 30rem) { dl div { grid-template-columns: 1fr; gap: 0; } }
`;
