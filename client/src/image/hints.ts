import {
  EventEmitter,
  InlayHint,
  InlayHintLabelPart,
  MarkdownString,
  workspace,
  type InlayHintsProvider,
  type TextDocument,
} from 'vscode';
import type { LayerRecords } from './layer-records.ts';
import type { LayerReport, LayerRow } from './report.ts';
import { spokenDelta } from './spoken.ts';
import { deltaText, isWorthSaying, shareText, sizeText } from './size.ts';
import { stillThere } from './unchanged.ts';

const setting = 'shipshape.layers.hints';
/** What is not worth a look: `notable` keeps silent about it. */
const notable = 1_000_000;

/** What each instruction weighs, at the end of its first line; gone as soon as the instruction is edited. */
export function layerHints(records: LayerRecords): InlayHintsProvider & { dispose(): void } {
  const changed = new EventEmitter<void>();
  const listeners = [
    changed,
    records.onDidChange(() => changed.fire()),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(setting)) changed.fire();
    }),
  ];
  return {
    onDidChangeInlayHints: changed.event,
    provideInlayHints(document, range) {
      const which = workspace.getConfiguration('shipshape.layers', document).get<string>('hints', 'notable');
      const report = which === 'off' ? undefined : records.of(document.uri.toString());
      if (report?.layers.source === undefined) return [];
      const places = stillThere(report.layers.source.text, document.getText());
      return report.rows
        .filter((row) => which === 'all' || isNotable(row))
        .flatMap((row) => {
          const instruction = row.instruction === undefined ? undefined : places.get(row.instruction);
          if (instruction === undefined) return [];
          const position = document.lineAt(document.positionAt(instruction.range.start)).range.end;
          return range.contains(position) ? [hintOf(row, report, position, document)] : [];
        });
    },
    dispose: () => listeners.forEach((each) => void each.dispose()),
  };
}

function isNotable({ bytes, delta }: LayerRow): boolean {
  return bytes >= notable || (typeof delta === 'number' && Math.abs(delta) >= notable);
}

function hintOf(
  row: LayerRow,
  report: LayerReport,
  position: InlayHint['position'],
  document: TextDocument,
): InlayHint {
  const size = new InlayHintLabelPart(sizeText(row.bytes));
  size.tooltip = new MarkdownString(tooltip(row, report));
  size.command = { command: 'shipshape.showLayers', title: 'Show image layers', arguments: [document.uri] };
  const parts = [size];
  if (isWorthSaying(row.delta)) {
    const delta = new InlayHintLabelPart(`  ${deltaText(row.delta)}`);
    delta.tooltip = size.tooltip;
    parts.push(delta);
  }
  const hint = new InlayHint(position, parts);
  hint.paddingLeft = true;
  return hint;
}

function tooltip(row: LayerRow, { layers, comparison }: LayerReport): string {
  const what = row.kind === 'base' ? 'The base image' : 'What this instruction adds';
  const change = comparison ? spokenDelta(row.delta) : undefined;
  const lines = [
    `${what} weighs **${sizeText(row.bytes)}**, ${shareText(row.bytes, layers.total)} of ${sizeText(layers.total)}`,
    ...(change === undefined ? [] : [change]),
    ...row.advice.map(({ message }) => escapeMarkdown(message)),
  ];
  return lines.join('  \n');
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!<>|~]/g, '\\$&');
}
