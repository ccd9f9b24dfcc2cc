import { CodeActionKind, type CodeAction, type CodeActionParams } from 'vscode-languageserver';
import type { Document } from '../engine/document.ts';
import { fixAll } from '../engine/fix-all.ts';
import { reparse } from '../engine/open.ts';
import { ignoreHere } from '../engine/suppress.ts';
import { editsOf } from '../engine/text-edits.ts';
import { quickFixes, sourceFixes, type Action, type Changes } from '../features/code-actions.ts';
import { trimEdits } from '../features/trim-edits.ts';
import type { Range } from '../text/range.ts';
import type { Analyses, Analysis, Linted } from './analyses.ts';
import { toDiagnostic, toOffsets } from './convert.ts';
import { effectOf, type EditContext } from './edits.ts';
import { fixAllKind } from './protocol.ts';

export interface CodeActionContext extends EditContext {
  readonly analyses: Analyses;
}

/** What comes back with an action that is chosen: enough to find it again in the document as it is then. */
interface ActionData {
  readonly uri: string;
  readonly version: number;
  readonly range: Range;
  readonly id: string;
}

/** Worked out anew from the document each time: nothing is remembered of what was reported before. */
export async function codeActionsFor(
  context: CodeActionContext,
  { textDocument, range, context: { only } }: CodeActionParams,
): Promise<CodeAction[]> {
  const analysis = await context.analyses.of(textDocument.uri);
  if (analysis === undefined) return [];
  const offsets = toOffsets(analysis.lines, range);
  const wanted = actionsAt(analysis, offsets).filter(({ kind }) => isWanted(protocolKinds[kind], only));
  const converted = await Promise.all(wanted.map((action) => toCodeAction(context, analysis, action, offsets)));
  return converted.filter((action) => action !== undefined);
}

/** Adds the edit to an action that was sent without. */
export async function resolveCodeAction(context: CodeActionContext, action: CodeAction): Promise<CodeAction> {
  const data = action.data as ActionData | undefined;
  if (data === undefined) return action;
  const analysis = await context.analyses.of(data.uri);
  // Edits of an older version would end up in the wrong place.
  if (analysis?.version !== data.version) return action;
  const chosen = actionsAt(analysis, data.range).find(({ id }) => id === data.id);
  return { ...action, ...(chosen && (await effectOf(context, analysis, chosen.does))) };
}

function actionsAt({ text, findings, linted }: Analysis, range: Range): readonly Action[] {
  const changes = linted === undefined ? undefined : changesTo(text, linted);
  return [...quickFixes(findings, range, changes), ...sourceFixes(findings, changes)];
}

function changesTo(text: string, { document, settings, shell }: Linted): Changes {
  return {
    ignoreHere: (finding) => ignoreHere(document, finding),
    fixAll(rule) {
      const open = (changed: string): Document => (changed === text ? document : reparse(document, changed, shell));
      const include = rule === undefined ? 'safe' : 'all';
      const fixed = fixAll({
        text,
        open,
        settings,
        include,
        allowsNewFiles: false,
        ...(rule !== undefined && { rule }),
      });
      return trimEdits(text, editsOf(text, fixed.text));
    },
  };
}

const protocolKinds: Readonly<Record<Action['kind'], string>> = {
  quickfix: CodeActionKind.QuickFix,
  fixAll: fixAllKind,
};

/** Who names no kinds asks for the light bulb: what a save does has no place there. */
function isWanted(kind: string, only: readonly string[] | undefined): boolean {
  if (only === undefined) return kind === CodeActionKind.QuickFix;
  return only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));
}

async function toCodeAction(
  context: CodeActionContext,
  analysis: Analysis,
  { id, title, kind, findings, isPreferred, isCostly, does }: Action,
  range: Range,
): Promise<CodeAction | undefined> {
  const base: CodeAction = {
    title,
    kind: protocolKinds[kind],
    ...(findings.length > 0 && {
      diagnostics: findings.map((finding) => toDiagnostic(analysis, finding, context.client)),
    }),
    ...(isPreferred === true && { isPreferred }),
  };
  if (isCostly === true && context.client.resolvesCodeActions) {
    const data: ActionData = { uri: analysis.uri, version: analysis.version, range, id };
    return { ...base, data };
  }
  const effect = await effectOf(context, analysis, does);
  // VS Code asks for the edit of an action that has none, and may have forgotten the command when the answer comes.
  return effect && { edit: {}, ...base, ...effect };
}
