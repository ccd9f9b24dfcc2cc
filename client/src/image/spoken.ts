import type { LayerReport, LayerRow } from './report.ts';
import { shareText, sizeText } from './size.ts';

/** In words, for tooltips and screen readers. */
export function spokenDelta(delta: LayerRow['delta']): string | undefined {
  if (delta === undefined) return undefined;
  if (delta === 'new') return 'Not in the build before';
  if (delta === 0) return 'As much as in the build before';
  return `${sizeText(delta)} ${delta > 0 ? 'more' : 'less'} than in the build before`;
}

export function spokenRow(row: LayerRow, { layers, comparison }: LayerReport): string {
  const change = comparison && spokenDelta(row.delta);
  return [
    row.kind === 'base' ? `Base image, ${row.text}` : row.text,
    sizeText(row.bytes),
    `${shareText(row.bytes, layers.total)} of the image`,
    ...(row.kind === 'unknown' && layers.source ? ['not from an instruction that is known'] : []),
    ...(change === undefined ? [] : [change.charAt(0).toLowerCase() + change.slice(1)]),
  ].join(', ');
}
