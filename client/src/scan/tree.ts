import {
  commands,
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  type Disposable,
  type Memento,
  type TreeDataProvider,
  type TreeView,
} from 'vscode';
import { countText, kindText } from './counts.ts';
import { databaseText } from './database-text.ts';
import type { Severity } from './finding.ts';
import type { ScanView, ScanViews } from './store-views.ts';
import { groupsOf, type Group, type Grouping, type Item } from './tree-nodes.ts';
import { advisoryOf } from './web-link.ts';

export type Node =
  | { readonly kind: 'scan'; readonly view: ScanView }
  | { readonly kind: 'group'; readonly view: ScanView; readonly group: Group }
  | { readonly kind: 'finding'; readonly view: ScanView; readonly item: Item };

interface Shape {
  readonly by: Grouping;
  readonly onlyFixable: boolean;
}
const shapeKey = 'shipshape.findings.shape';

/** The view `shipshape.findings`. */
export class FindingsTree implements TreeDataProvider<Node>, Disposable {
  readonly #views: ScanViews;
  readonly #memento: Memento;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #tree: TreeView<Node>;
  readonly #listening: Disposable;

  constructor(views: ScanViews, memento: Memento) {
    this.#views = views;
    this.#memento = memento;
    this.#tree = window.createTreeView('shipshape.findings', { treeDataProvider: this, showCollapseAll: true });
    this.#listening = views.onDidChange(() => this.#show());
    this.#show();
  }

  get shape(): Shape {
    return { by: 'severity', onlyFixable: false, ...this.#memento.get<Partial<Shape>>(shapeKey) };
  }

  async reshape(change: Partial<Shape>): Promise<void> {
    await this.#memento.update(shapeKey, { ...this.shape, ...change });
    this.#show();
  }

  /** Brings the view to the front and leaves the cursor where it is. */
  async reveal(key: string): Promise<void> {
    const view = this.#views.all.find(({ scan }) => scan.key === key);
    if (view) await this.#tree.reveal({ kind: 'scan', view }, { focus: false, select: false });
  }

  getParent(node: Node): Node | undefined {
    if (node.kind === 'scan') return undefined;
    const { view } = node;
    if (node.kind === 'group') return { kind: 'scan', view };
    const group = this.#groupsOf(view).find(({ items }) => items.some(({ placed }) => placed === node.item.placed));
    return group && { kind: 'group', view, group };
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) return this.#views.all.map((view) => ({ kind: 'scan', view }));
    const { view } = node;
    if (node.kind === 'scan') return this.#groupsOf(view).map((group) => ({ kind: 'group', view, group }));
    return node.kind === 'group' ? node.group.items.map((item) => ({ kind: 'finding', view, item })) : [];
  }

  getTreeItem(node: Node): TreeItem {
    switch (node.kind) {
      case 'scan':
        return scanItem(node.view, this.#groupsOf(node.view), this.shape.onlyFixable);
      case 'group':
        return groupItem(node, node.group.isCovered === true || this.#isLong(node.group));
      case 'finding':
        return findingItem(node);
    }
  }

  dispose(): void {
    this.#listening.dispose();
    this.#tree.dispose();
    this.#changed.dispose();
  }

  #groupsOf({ placed, covered }: ScanView): readonly Group[] {
    return groupsOf(placed, { ...this.shape, covered });
  }

  /** Long lists are opened by who wants them. */
  #isLong(group: Group): boolean {
    return this.shape.by === 'severity' && group.severity !== 'CRITICAL' && group.severity !== 'HIGH';
  }

  #show(): void {
    const [newest] = this.#views.all;
    const { by, onlyFixable } = this.shape;
    void commands.executeCommand('setContext', 'shipshape.hasFindings', newest !== undefined);
    void commands.executeCommand('setContext', 'shipshape.findings.by', by);
    void commands.executeCommand('setContext', 'shipshape.findings.onlyFixable', onlyFixable);
    this.#tree.message = (newest && databaseText(newest.scan.database, Date.now())) ?? '';
    this.#tree.description = onlyFixable ? 'only fixable' : '';
    this.#changed.fire();
  }
}

function scanItem(view: ScanView, groups: readonly Group[], onlyFixable: boolean): TreeItem {
  const { scan, isStale, placed, covered } = view;
  const findings = placed.map(({ finding }) => finding).filter((finding) => !covered.has(finding));
  const state = groups.length === 0 ? TreeItemCollapsibleState.None : TreeItemCollapsibleState.Expanded;
  const item = new TreeItem(scan.label, state);
  const count = findings.length === 0 ? 'nothing found' : countText(findings);
  const hidden = groups.length === 0 && findings.length > 0 && onlyFixable ? 'nothing that can be fixed' : count;
  item.id = scan.key;
  item.description = isStale ? `${hidden} · before your last change` : hidden;
  item.iconPath = new ThemeIcon(icons[scan.subject.kind], isStale ? faded : undefined);
  item.contextValue = 'scan';
  const when = new Date(scan.at).toLocaleString();
  const skipped = Object.entries(scan.report.skipped).map(([name, times]) => `${name} (${times})`);
  item.tooltip = [
    `${scan.label}: ${findings.length === 0 ? 'nothing found' : kindText(findings)}`,
    `Scanned ${when} with Trivy ${scan.report.trivyVersion ?? ''}`.trimEnd(),
    ...(scan.report.suppressed > 0 ? [`${scan.report.suppressed} left out by the ignore file or a policy`] : []),
    ...(scan.report.incomplete === undefined ? [] : [`The report is not whole: ${scan.report.incomplete}`]),
    ...(skipped.length > 0 ? [`Not understood in the report: ${skipped.join(', ')}`] : []),
  ].join('\n');
  return item;
}

function groupItem({ view, group }: Node & { kind: 'group' }, isClosed: boolean): TreeItem {
  const state = isClosed ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded;
  const item = new TreeItem(group.label, state);
  item.id = JSON.stringify([view.scan.key, group.id]);
  item.description = group.description;
  item.iconPath = group.isCovered ? new ThemeIcon('check-all', faded) : severityIcon(group.severity, view.isStale);
  item.contextValue = 'group';
  return item;
}

function findingItem({ view, item: { placed, label, description, coveredBy } }: Node & { kind: 'finding' }): TreeItem {
  const { finding, place } = placed;
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  item.description = description;
  item.tooltip = [finding.title || finding.id, place?.label ?? finding.target].join('\n');
  item.iconPath =
    coveredBy === undefined ? severityIcon(finding.severity, view.isStale) : new ThemeIcon('check', faded);
  item.contextValue = [
    'finding',
    place ? 'placed' : '',
    advisoryOf(finding) === undefined ? '' : 'linked',
    coveredBy === undefined ? 'own' : '',
  ].join(' ');
  item.accessibilityInformation = { label: `${finding.severity.toLowerCase()}, ${label}, ${description}` };
  item.command = {
    command: 'shipshape.findings.show',
    title: 'Show details',
    arguments: [{ kind: 'finding', view, item: { placed } }],
  };
  return item;
}

function severityIcon(severity: Severity, isStale: boolean): ThemeIcon {
  const [icon, color] = severityIcons[severity];
  return new ThemeIcon(icon, isStale ? faded : new ThemeColor(color));
}

const faded = new ThemeColor('disabledForeground');
const severityIcons: Readonly<Record<Severity, readonly [icon: string, color: string]>> = {
  CRITICAL: ['flame', 'list.errorForeground'],
  HIGH: ['circle-filled', 'list.errorForeground'],
  MEDIUM: ['circle-filled', 'list.warningForeground'],
  LOW: ['circle-outline', 'editorInfo.foreground'],
  UNKNOWN: ['question', 'disabledForeground'],
};
const icons = { image: 'package', workspace: 'root-folder', dockerfile: 'file-code', secrets: 'key' } as const;
