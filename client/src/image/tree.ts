import { EventEmitter, ThemeIcon, TreeItem, TreeItemCollapsibleState, type TreeDataProvider } from 'vscode';
import type { Advice } from './advice.ts';
import type { LayerRecords } from './layer-records.ts';
import type { LayerReport, LayerRow } from './report.ts';
import { spokenRow } from './spoken.ts';
import { deltaText, isWorthSaying, shareText, sizeText } from './size.ts';

export type Node =
  | { readonly kind: 'total'; readonly report: LayerReport }
  | { readonly kind: 'row'; readonly row: LayerRow; readonly report: LayerReport }
  | { readonly kind: 'stage'; readonly name: string; readonly rows: readonly LayerRow[]; readonly report: LayerReport }
  | { readonly kind: 'advice'; readonly advice: Advice }
  | { readonly kind: 'note'; readonly text: string; readonly size?: string; readonly icon?: string };

/** The image shown last: its base, then what each instruction added, stage by stage. */
export function layerTree(records: LayerRecords): TreeDataProvider<Node> & { dispose(): void } {
  const changed = new EventEmitter<undefined>();
  const listener = records.onDidChange(() => changed.fire(undefined));
  return {
    onDidChangeTreeData: changed.event,
    getChildren: (node) => (node ? childrenOf(node) : rootsOf(records.shown)),
    getTreeItem: itemOf,
    dispose: () => {
      listener.dispose();
      changed.dispose();
    },
  };
}

function rootsOf(report: LayerReport | undefined): Node[] {
  if (report === undefined) return [];
  const stages = [...new Set(report.rows.flatMap(({ stage }) => stage ?? []))];
  const rows = report.rows.map((row): Node => ({ kind: 'row', row, report }));
  const grouped = stages.map((name): Node => {
    return { kind: 'stage', name, rows: report.rows.filter(({ stage }) => stage === name), report };
  });
  const loose = rows.filter((node) => node.kind === 'row' && node.row.stage === undefined);
  const gone = (report.comparison?.gone ?? []).map(({ text, bytes }): Node => {
    return { kind: 'note', text, size: deltaText(-bytes), icon: 'trash' };
  });
  const { emptyCount } = report;
  const empty: Node = {
    kind: 'note',
    text: `${emptyCount} ${emptyCount === 1 ? 'instruction adds' : 'instructions add'} no files`,
  };
  return [
    { kind: 'total', report },
    ...(stages.length > 1 ? [...loose, ...grouped] : rows),
    ...gone,
    ...(emptyCount > 0 ? [empty] : []),
  ];
}

function childrenOf(node: Node): Node[] {
  if (node.kind === 'stage') return node.rows.map((row) => ({ kind: 'row', row, report: node.report }));
  if (node.kind !== 'row') return [];
  const { row, report } = node;
  const own = row.advice.map((advice): Node => ({ kind: 'advice', advice }));
  if (row.kind !== 'base') return own;
  return report.baseLayers.map(({ text, bytes }): Node => {
    return {
      kind: 'note',
      text: text === '' ? 'Made outside of a Dockerfile' : text,
      size: sizeText(bytes),
      icon: 'layers',
    };
  });
}

function itemOf(node: Node): TreeItem {
  switch (node.kind) {
    case 'total':
      return totalItem(node.report);
    case 'row':
      return rowItem(node.row, node.report);
    case 'stage': {
      const item = new TreeItem(node.name, TreeItemCollapsibleState.Expanded);
      item.description = sizeText(node.rows.reduce((sum, { bytes }) => sum + bytes, 0));
      item.iconPath = new ThemeIcon('list-tree');
      return item;
    }
    case 'advice': {
      const { message, rule, instruction } = node.advice;
      const item = new TreeItem(message);
      item.iconPath = new ThemeIcon('lightbulb');
      item.tooltip = rule === undefined ? message : `${message}\n\nRule '${rule}'`;
      item.command =
        rule === undefined
          ? { command: 'shipshape.layers.reveal', title: 'Show the instruction', arguments: [instruction] }
          : { command: 'shipshape.openRule', title: 'Open the page of the rule', arguments: [rule] };
      return item;
    }
    case 'note': {
      const item = new TreeItem(node.size ?? node.text);
      item.tooltip = node.text;
      if (node.size !== undefined) item.description = node.text;
      if (node.icon !== undefined) item.iconPath = new ThemeIcon(node.icon);
      return item;
    }
  }
}

function totalItem({ layers, comparison }: LayerReport): TreeItem {
  const item = new TreeItem(sizeText(layers.total));
  const change = comparison && `${deltaText(layers.total - comparison.total)} `;
  item.description = `${change ?? ''}${layers.image}`;
  item.iconPath = new ThemeIcon('package');
  item.tooltip = comparison
    ? `${layers.image}\n${sizeText(layers.total)}, before ${sizeText(comparison.total)} (${comparison.image})`
    : `${layers.image}\n${sizeText(layers.total)}`;
  item.command = { command: 'shipshape.layers.picture', title: 'Show as a picture' };
  return item;
}

const icons: Readonly<Record<string, string>> = {
  FROM: 'layers',
  RUN: 'terminal',
  COPY: 'files',
  ADD: 'file-zip',
  WORKDIR: 'folder',
};

function rowItem(row: LayerRow, report: LayerReport): TreeItem {
  const hasChildren = row.kind === 'base' ? report.baseLayers.length > 1 : row.advice.length > 0;
  const collapsed = row.kind === 'base' ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded;
  const delta = row.delta === 'new' ? 'new' : isWorthSaying(row.delta) ? deltaText(row.delta) : '';
  // The size first: instructions are long, and what follows them would be cut off.
  const label = [sizeText(row.bytes), delta].filter((part) => part !== '').join('  ');
  const item = new TreeItem(label, hasChildren ? collapsed : TreeItemCollapsibleState.None);
  item.description = row.text;
  item.iconPath = new ThemeIcon(icons[row.keyword] ?? 'question');
  item.tooltip = `${row.text}\n${sizeText(row.bytes)}, ${shareText(row.bytes, report.layers.total)} of the image`;
  item.accessibilityInformation = { label: spokenRow(row, report) };
  if (row.instruction !== undefined) {
    item.command = { command: 'shipshape.layers.reveal', title: 'Show the instruction', arguments: [row.instruction] };
  }
  return item;
}
