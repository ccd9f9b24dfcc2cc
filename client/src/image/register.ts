import { commands, languages, Range, Uri, window, workspace, type TreeView } from 'vscode';
import { imageToUse } from '../build/ask-for-image.ts';
import type { FinishedBuild } from '../build/build-records.ts';
import type { Parts } from '../programs.ts';
import { listImages, readImages } from '../tools/container/images.ts';
import { UserError } from '../ui/user-error.ts';
import { layerHints } from './hints.ts';
import { LayerRecords } from './layer-records.ts';
import type { ImageLayers } from './layers.ts';
import { layerPanel } from './panel.ts';
import { readLayers } from './read-layers.ts';
import { deltaText, sizeText } from './size.ts';
import { layerTree, type Node } from './tree.ts';
import { stillThere } from './unchanged.ts';

/** What an image weighs, and which instruction made it so. */
export function registerImage(parts: Parts): void {
  const { context, register, builds, output } = parts;
  const records = new LayerRecords(context.workspaceState);
  const hints = layerHints(records);
  const tree = layerTree(records);
  const view = window.createTreeView('shipshape.layers', { treeDataProvider: tree, showCollapseAll: true });
  const panel = layerPanel(context, records, {
    reveal: (instruction) => commands.executeCommand('shipshape.layers.reveal', instruction),
    openRule: (rule) => commands.executeCommand('shipshape.openRule', rule),
  });
  context.subscriptions.push(
    records,
    hints,
    tree,
    view,
    languages.registerInlayHintsProvider({ language: 'dockerfile' }, hints),
    records.onDidChange(() => tell(view, records)),
    // In the background: the build has had its say already, and nobody waits for this.
    builds.onDidFinish((build) => {
      readBuilt(parts, records, build).catch((error: unknown) => {
        output.warn(`Layers: ${error instanceof Error ? error.message : String(error)}`);
      });
    }),
  );
  register('shipshape.showLayers', async (uri, options) => {
    const layers = await wanted(parts, records, uriOf(uri), targetOf(options));
    if (layers === undefined) return;
    await records.show(layers);
    panel.open();
  });
  register('shipshape.layers.picture', () => panel.open());
  register('shipshape.layers.refresh', () => refresh(parts, records));
  register('shipshape.layers.compare', () => compareWith(parts, records));
  register('shipshape.layers.reveal', (instruction) => reveal(records, instruction));
  tell(view, records);
}

async function readBuilt(parts: Parts, records: LayerRecords, build: FinishedBuild): Promise<void> {
  const { uri, text, request, outcome } = build;
  if (outcome.kind !== 'built') return;
  const { id, tags } = outcome.image;
  const image = tags[0] ?? id;
  // For several platforms the builder may have kept the image to itself.
  if (image === undefined) return;
  await records.add(await readLayers(parts, { image, id }, { uri, text, request, at: Date.now() }));
}

/** The layers of the newest build, kept or read now; else those of an image that the user picks. */
async function wanted(
  parts: Parts,
  records: LayerRecords,
  given: Uri | undefined,
  target: string | undefined,
): Promise<ImageLayers | undefined> {
  const document = window.activeTextEditor?.document;
  const uri = given ?? (document?.languageId === 'dockerfile' ? document.uri : undefined);
  const known = uri && records.newest(uri.toString(), target);
  const newest =
    uri && parts.builds.of(uri.toString()).find(({ request }) => target === undefined || request.target === target);
  if (known && (newest?.id === undefined || newest.id === known.id)) return known;
  const found = await imageToUse(parts, uri, { target });
  if (found === undefined) return undefined;
  const { image, record } = found;
  const layers = await readLayers(parts, { image, id: record?.id }, record);
  // Built just now: it has been read, or is about to be.
  if (record) await records.add(layers);
  return layers;
}

async function refresh(parts: Parts, records: LayerRecords): Promise<void> {
  const shown = records.shown?.layers;
  if (shown === undefined) throw new UserError('There is no image to look at again: build one first');
  const record = shown.source && parts.builds.of(shown.source.uri).find(({ id }) => id === shown.id);
  const layers = await readLayers(parts, { image: shown.image, id: record ? shown.id : undefined }, record);
  if (record) await records.add(layers);
  else await records.show(layers);
}

async function compareWith(parts: Parts, records: LayerRecords): Promise<void> {
  const shown = records.shown?.layers;
  if (shown === undefined) throw new UserError('There is no image to compare: build one first');
  const { stdout } = await parts.run(listImages(await parts.tool()));
  const images = readImages(stdout).map(({ name, size, created }) => ({
    label: name,
    description: `${size}, ${created}`,
  }));
  const usual = { label: 'The build before', alwaysShow: true };
  const chosen = await window.showQuickPick(shown.source ? [usual, ...images] : images, {
    title: `Compare '${shown.image}' with`,
  });
  if (chosen === undefined) return;
  if (chosen === usual) await records.show(shown);
  else await records.show(shown, await readLayers(parts, { image: chosen.label }));
}

/** Shows an instruction of the image shown, where it stands now. */
async function reveal(records: LayerRecords, instruction: unknown): Promise<void> {
  const source = records.shown?.layers.source;
  if (source === undefined || typeof instruction !== 'number') return;
  const document = await workspace.openTextDocument(Uri.parse(source.uri));
  const found = stillThere(source.text, document.getText()).get(instruction);
  if (found === undefined) throw new UserError('This instruction has changed since the build: build again');
  const selection = new Range(document.positionAt(found.range.start), document.positionAt(found.range.end));
  const open = window.visibleTextEditors.find((editor) => editor.document === document);
  await window.showTextDocument(document, { selection, ...(open?.viewColumn && { viewColumn: open.viewColumn }) });
}

function tell(view: TreeView<Node>, { shown }: LayerRecords): void {
  void commands.executeCommand('setContext', 'shipshape.hasLayers', shown !== undefined);
  if (shown === undefined) return;
  const { layers, comparison } = shown;
  const change = comparison ? ` (${deltaText(layers.total - comparison.total)})` : '';
  view.description = `${sizeText(layers.total)}${change}`;
}

function uriOf(value: unknown): Uri | undefined {
  if (value instanceof Uri) return value;
  return typeof value === 'string' && value !== '' ? Uri.parse(value) : undefined;
}

function targetOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('target' in value)) return undefined;
  return typeof value.target === 'string' ? value.target : undefined;
}
