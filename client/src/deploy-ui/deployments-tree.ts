import { MarkdownString, ThemeIcon, TreeItem, TreeItemCollapsibleState, workspace, type WorkspaceFolder } from 'vscode';
import { explain } from '../azure/explain.ts';
import type { Target } from '../deploy/choices.ts';
import { readState, type TargetState, type Version } from '../deploy/after/state.ts';
import { choicesOf } from './choices-file.ts';
import { kindTitles } from './choose-target.ts';
import type { DeploymentRecord } from './records.ts';
import type { Deploying } from './deploying.ts';

export type Node = TargetNode | VersionNode | PastNode | MessageNode;

export interface TargetNode {
  readonly kind: 'target';
  readonly folder: WorkspaceFolder;
  readonly name: string;
  readonly of: Target;
  /** What commands from the view are given. */
  readonly target: string;
}

export interface VersionNode {
  readonly kind: 'version';
  readonly folder: WorkspaceFolder;
  readonly of: Target;
  readonly target: string;
  readonly version: Version;
  readonly state: TargetState;
  /** From here, as far as it is known. */
  readonly record: DeploymentRecord | undefined;
}

export interface PastNode {
  readonly kind: 'past';
  readonly record: DeploymentRecord;
}

export interface MessageNode {
  readonly kind: 'message';
  readonly text: string;
}

/** Targets of the workspace, what runs of each, and what ran before. Azure is asked when a target is opened, and never by itself. */
export async function childrenOf(deploying: Deploying, node: Node | undefined): Promise<readonly Node[]> {
  if (node === undefined) return await targetNodes();
  if (node.kind !== 'target') return [];
  const { folder, of, target } = node;
  const records = deploying.records.of(target);
  let state: TargetState | undefined;
  try {
    state = await readState(await deploying.session.arm(of.tenant), of);
  } catch (error) {
    return [{ kind: 'message', text: explain(error).message }, ...records.map(past)];
  }
  if (state === undefined) return [{ kind: 'message', text: 'Not there yet' }];
  const found = state;
  return found.versions.map((version) => ({
    kind: 'version',
    folder,
    of,
    target,
    version,
    state: found,
    record: records.find(({ image }) => image === version.image),
  }));
}

async function targetNodes(): Promise<readonly TargetNode[]> {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const all = await Promise.all(
    folders.map(async (folder) =>
      (await choicesOf(folder)).targets.map((of): TargetNode => ({
        kind: 'target',
        folder,
        of,
        name: of.name,
        target: of.name,
      })),
    ),
  );
  return all.flat();
}

function past(record: DeploymentRecord): PastNode {
  return { kind: 'past', record };
}

export function itemOf(node: Node): TreeItem {
  switch (node.kind) {
    case 'target':
      return targetItem(node);
    case 'version':
      return versionItem(node);
    case 'past': {
      const item = new TreeItem(tagOf(node.record.image));
      item.description = new Date(node.record.at).toLocaleString();
      item.iconPath = new ThemeIcon('history');
      return item;
    }
    case 'message': {
      const item = new TreeItem(node.text);
      item.iconPath = new ThemeIcon('info');
      return item;
    }
  }
}

function targetItem({ of }: TargetNode): TreeItem {
  const { app } = of;
  const item = new TreeItem(of.name, TreeItemCollapsibleState.Collapsed);
  item.description = `${kindTitles[app.kind]} ${app.name}`;
  item.tooltip = `${app.name} in ${of.resourceGroup}`;
  item.iconPath = new ThemeIcon('cloud');
  item.contextValue = [
    'target logs portal back',
    ...(app.kind === 'appService' ? ['slots'] : []),
    ...(app.kind === 'containerApp' ? ['traffic'] : []),
    'queries',
  ].join(' ');
  return item;
}

function versionItem({ version, record, state: { isMultiple } }: VersionNode): TreeItem {
  const { kind, name, image, state, isActive, weight, replicas, labels, url, changedAt } = version;
  const item = new TreeItem(kind === 'revision' ? (name.split('--').at(-1) ?? name) : name);
  item.description = [
    image === undefined ? undefined : tagOf(image),
    weight === undefined ? undefined : `${weight} %`,
    labels?.map((label) => label.name).join(', '),
    state,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ');
  item.iconPath = new ThemeIcon(isActive ? (isBad(state) ? 'warning' : 'pass') : 'circle-outline');
  item.contextValue = [
    kind,
    isActive ? 'active' : 'inactive',
    'logs portal',
    ...(isMultiple === true ? ['several'] : []),
    ...(url === undefined ? [] : ['address']),
  ].join(' ');
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Image', image],
    ['Digest', record?.digest],
    [
      'Commit',
      record?.commit === undefined ? undefined : `${record.commit}${record.isDirty === true ? ' and more' : ''}`,
    ],
    ['Deployed', record === undefined ? changedAt : new Date(record.at).toLocaleString()],
    ['By', record?.by ?? version.changedBy],
    ['State', state],
    ['Why', version.reason],
    ['Replicas', replicas?.toString()],
    ['Address', url],
    ...(labels ?? []).map((label) => [`Label ${label.name}`, label.url] as const),
  ];
  const tooltip = new MarkdownString();
  for (const [what, value] of rows) {
    if (value === undefined) continue;
    tooltip.appendText(`${what}: ${value}`);
    tooltip.appendMarkdown('  \n');
  }
  item.tooltip = tooltip;
  return item;
}

function isBad(state: string): boolean {
  return /fail|unhealthy|degraded|stopped|error|invalid/i.test(state);
}

/** `shop:1a2b3c4`, without the registry. */
function tagOf(image: string): string {
  return image.split('/').slice(1).join('/') || image;
}
