import type { Comparison } from './compare.ts';
import { deltaText, shareText, sizeText } from './size.ts';
import { spokenDelta, spokenRow } from './spoken.ts';
import type { LayerReport, LayerRow } from './report.ts';
import { htmlEscaped, htmlPage, type PageFiles } from '../ui/html.ts';

/** What the page is given by the one who shows it. */
export interface PageFrame {
  readonly nonce: string;
  readonly files: PageFiles;
  readonly when: (at: number) => string;
}

/** The picture of an image: a bar of its layers, and the same as a table. Every text in it is escaped, nothing in it is remote. */
export function layerPage(report: LayerReport | undefined, frame: PageFrame): string {
  const main = report ? content(report, frame) : '<p>No image to show: build a Dockerfile first</p>';
  return htmlPage({
    title: 'Image layers',
    style: report ? widths(report) : '',
    main,
    nonce: frame.nonce,
    files: frame.files,
  });
}

function content(report: LayerReport, { when }: PageFrame): string {
  const { layers, comparison } = report;
  const change = comparison && layers.total - comparison.total;
  const before = comparison && `<p class="before">${comparisonText(comparison, change ?? 0, when)}</p>`;
  return `
<header>
<div>
<h1>${htmlEscaped(layers.image)}</h1>
<p class="when">${htmlEscaped(layers.source ? `Built ${when(layers.at)}` : 'Not built from a Dockerfile of this workspace')}${targetText(report)}</p>
</div>
<div class="total">
<p class="size">${htmlEscaped(sizeText(layers.total))}</p>
${before ?? ''}
</div>
</header>
${bar(report)}
${legend(report)}
<p id="said" class="said" aria-live="polite"></p>
${adviceList(report)}
${table(report)}
${gone(report)}`;
}

function comparisonText({ image, total, at }: Comparison, change: number, when: PageFrame['when']): string {
  const delta = `<span class="delta ${directionOf(change)}">${htmlEscaped(deltaText(change))}</span>`;
  const which =
    at === undefined ? `of <code>${htmlEscaped(image)}</code>` : `in the build before, ${htmlEscaped(when(at))}`;
  return `${delta} against ${htmlEscaped(sizeText(total))} ${which}`;
}

function targetText({ layers }: LayerReport): string {
  return layers.source?.target === undefined ? '' : `, stage <code>${htmlEscaped(layers.source.target)}</code>`;
}

function bar(report: LayerReport): string {
  const { rows } = report;
  const segments = rows.map((row, index) => {
    const spoken = htmlEscaped(spokenRow(row, report));
    const label = row.kind === 'base' ? 'Base' : row.keyword || '?';
    return `<button type="button" class="segment ${hueOf(row)} w${index}" id="segment-${index}" data-row="${index}"
 tabindex="${index === 0 ? 0 : -1}" aria-label="${spoken}" title="${spoken}"><span>${htmlEscaped(label)}</span><span>${htmlEscaped(sizeText(row.bytes))}</span></button>`;
  });
  const label = 'Layers, from the base image up. Arrow keys move, Enter shows the instruction';
  return `<div class="bar" role="toolbar" aria-orientation="horizontal" aria-label="${label}">${segments.join('')}</div>`;
}

const legendTexts = {
  base: 'Base image',
  run: 'RUN',
  copy: 'COPY and ADD',
  other: 'Other instructions',
  unknown: 'Of no known instruction',
} as const;
type Hue = keyof typeof legendTexts;

function legend({ rows }: LayerReport): string {
  const hues = new Set(rows.map(hueOf));
  const items = (Object.keys(legendTexts) as Hue[])
    .filter((hue) => hues.has(hue))
    .map((hue) => `<li class="${hue}"><span class="swatch"></span>${legendTexts[hue]}</li>`);
  return `<ul class="legend" aria-label="Colours">${items.join('')}</ul>`;
}

function hueOf({ kind, keyword }: LayerRow): Hue {
  if (kind === 'base') return 'base';
  if (keyword === 'RUN') return 'run';
  if (keyword === 'COPY' || keyword === 'ADD') return 'copy';
  return kind === 'unknown' ? 'unknown' : 'other';
}

function adviceList({ advice }: LayerReport): string {
  if (advice.length === 0) return '';
  const items = advice.map(({ message, bytes, rule, instruction }) => {
    const more =
      rule === undefined
        ? ''
        : ` <button type="button" class="link" data-rule="${htmlEscaped(rule)}">Rule ${htmlEscaped(rule)}</button>`;
    return `<li><button type="button" class="link size" data-instruction="${instruction}">${htmlEscaped(sizeText(bytes))}</button>
<span>${htmlEscaped(message)}${more}</span></li>`;
  });
  return `<section aria-labelledby="smaller"><h2 id="smaller">What would make it smaller</h2><ul class="advice">${items.join('')}</ul></section>`;
}

function table(report: LayerReport): string {
  const { rows, comparison, layers, emptyCount } = report;
  const lines = rows.map((row, index) => {
    const name =
      row.instruction === undefined
        ? `<code>${htmlEscaped(row.text)}</code>`
        : `<button type="button" class="link" data-instruction="${row.instruction}"><code>${htmlEscaped(row.text)}</code></button>`;
    const stage = row.stage === undefined ? '' : ` <span class="stage">${htmlEscaped(row.stage)}</span>`;
    const unknown =
      row.kind === 'unknown' && layers.source
        ? ' <span class="stage">not from an instruction that is known</span>'
        : '';
    const change = comparison
      ? `<td class="number change"><span class="delta ${directionOf(row.delta)}" title="${htmlEscaped(spokenDelta(row.delta) ?? '')}">${htmlEscaped(changeText(row.delta))}</span></td>`
      : '';
    return `<tr data-line="${index}"><th scope="row">${name}${stage}${unknown}</th>
<td class="share"><span class="track ${hueOf(row)}"><span class="part s${index}"></span></span><span class="percent">${htmlEscaped(shareText(row.bytes, layers.total).replace('under ', '<'))}</span></td>
<td class="number">${htmlEscaped(sizeText(row.bytes))}</td>${change}</tr>`;
  });
  const note =
    emptyCount > 0
      ? `<p class="note">${emptyCount} ${emptyCount === 1 ? 'more instruction adds' : 'more instructions add'} no files</p>`
      : '';
  return `<section aria-labelledby="layers"><h2 id="layers">Layers</h2><table>
<thead><tr><th scope="col">Instruction</th><th scope="col" class="share">Share</th><th scope="col" class="number">Size</th>${comparison ? '<th scope="col" class="number change">Change</th>' : ''}</tr></thead>
<tbody>${lines.join('')}</tbody></table>${note}</section>`;
}

function gone({ comparison }: LayerReport): string {
  if (comparison === undefined || comparison.gone.length === 0) return '';
  const items = comparison.gone.map(
    ({ text, bytes }) =>
      `<li><span class="size">${htmlEscaped(deltaText(-bytes))}</span><code>${htmlEscaped(text)}</code></li>`,
  );
  return `<section aria-labelledby="gone"><h2 id="gone">No longer there</h2><ul class="advice">${items.join('')}</ul></section>`;
}

function changeText(delta: LayerRow['delta']): string {
  if (delta === undefined || delta === 0) return '';
  return delta === 'new' ? 'new' : deltaText(delta);
}

function directionOf(delta: LayerRow['delta']): string {
  if (delta === 'new') return 'new';
  if (delta === undefined || delta === 0) return 'same';
  return delta > 0 ? 'more' : 'less';
}

/** Numbers only: no text of an image gets into a style sheet. */
function widths({ rows, layers }: LayerReport): string {
  const heaviest = Math.max(1, ...rows.map(({ bytes }) => bytes));
  return rows
    .map(({ bytes }, index) => {
      const grow = ((1000 * bytes) / Math.max(1, layers.total)).toFixed(3);
      return `.w${index}{flex-grow:${grow}}.s${index}{inline-size:${((100 * bytes) / heaviest).toFixed(2)}%}`;
    })
    .join('');
}
