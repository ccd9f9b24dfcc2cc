import type { Command, WorkspaceEdit } from 'vscode-languageserver';
import { folderOf, resolvePath } from '../engine/uri.ts';
import type { Deed } from '../features/code-actions.ts';
import { configTurningOff, turnOffInConfig } from '../features/turn-off-rule.ts';
import { linesOf } from '../text/lines.ts';
import type { Analysis } from './analyses.ts';
import type { ClientFeatures } from './client-features.ts';
import { creation, toTextEdits, toWorkspaceEdit } from './convert.ts';
import type { ClientFiles } from './files.ts';
import { isConfigFile } from './language.ts';
import { openRuleCommand, turnOffRuleCommand } from './protocol.ts';

export interface EditContext {
  readonly files: ClientFiles;
  readonly client: ClientFeatures;
  /** The version of a document the client has open. */
  readonly versionOf: (uri: string) => number | undefined;
}

/** What choosing a code action does: an edit, or a command of the client's where only that can. */
export type Effect = { readonly edit: WorkspaceEdit } | { readonly command: Command };

/** `undefined` when it would change nothing, or this client cannot do it. */
export async function effectOf(context: EditContext, analysis: Analysis, deed: Deed): Promise<Effect | undefined> {
  switch (deed.kind) {
    case 'change': {
      const change = deed.change();
      if (change.edits.length === 0 && (change.newFiles ?? []).length === 0) return undefined;
      const edit = toWorkspaceEdit(analysis, change, context.client);
      return edit && { edit };
    }
    case 'open-page': {
      if (context.client.options.commands !== true) return undefined;
      return { command: { title: 'Open the page of the rule', command: openRuleCommand, arguments: [deed.rule] } };
    }
    case 'turn-off':
      return turnOff(context, analysis, deed.rule);
  }
}

/** In the config file in force, which would win over settings; else in the settings; else in a new config file. */
async function turnOff(context: EditContext, analysis: Analysis, rule: string): Promise<Effect | undefined> {
  const { files, client, versionOf } = context;
  const config = await configFileOf(files, analysis);
  if (config !== undefined) {
    const edits = toTextEdits(linesOf(config.text), turnOffInConfig(config.text, rule));
    if (!client.documentChanges) return { edit: { changes: { [config.uri]: edits } } };
    const version = versionOf(config.uri) ?? null;
    return { edit: { documentChanges: [{ textDocument: { uri: config.uri, version }, edits }] } };
  }
  if (client.options.commands === true) {
    return { command: { title: 'Turn off the rule', command: turnOffRuleCommand, arguments: [rule, analysis.uri] } };
  }
  const folder = folderOf(analysis.uri);
  if (!client.createsFiles || folder === undefined) return undefined;
  return { edit: { documentChanges: creation(resolvePath(folder, '.shipshape.yaml'), configTurningOff(rule)) } };
}

async function configFileOf(
  files: ClientFiles,
  { linted }: Analysis,
): Promise<{ readonly uri: string; readonly text: string } | undefined> {
  for (const uri of linted?.settings.sources.filter(isConfigFile) ?? []) {
    const text = await files.read(uri);
    if (text !== undefined) return { uri, text };
  }
  return undefined;
}
