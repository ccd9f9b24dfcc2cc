import {
  CodeAction,
  CodeActionKind,
  languages,
  Range,
  WorkspaceEdit,
  type CodeActionProvider,
  type Disposable,
  type TextDocument,
} from 'vscode';
import { linesOf, positionAt } from '../../../server/src/text/lines.ts';
import type { Range as Offsets } from '../../../server/src/text/range.ts';
import type { FindingDiagnostics, ShownMark } from './diagnostics.ts';
import type { Vulnerability } from './finding.ts';
import { commandFor } from './manifest/advice.ts';
import { raisedVersion } from './manifest/raise.ts';
import { nearestFix } from './manifest/version.ts';
import { fixForAll, newerTagAt } from './place/marks.ts';
import { advisoryOf } from './web-link.ts';

/** The light bulb of what Trivy found. */
export function provideActions(diagnostics: FindingDiagnostics): Disposable {
  const provider: CodeActionProvider = {
    provideCodeActions(document, range) {
      return diagnostics
        .in(document.uri)
        .filter(({ diagnostic }) => diagnostic.range.intersection(range) !== undefined)
        .flatMap((shown) => actionsFor(document, shown));
    },
  };
  const metadata = { providedCodeActionKinds: [CodeActionKind.QuickFix] };
  return languages.registerCodeActionsProvider([{ scheme: 'file' }, { scheme: 'vscode-remote' }], provider, metadata);
}

function actionsFor(document: TextDocument, shown: ShownMark): readonly CodeAction[] {
  const { mark, view, diagnostic } = shown;
  const { findings } = mark;
  const actions = [...raising(document, shown), ...newerBase(document, shown)];
  const [first] = findings;
  if (first) {
    const only = findings.length === 1;
    const one = `'${first.id}'`;
    actions.push(
      command(only ? `Show details of ${one}` : `Show details of ${one}, the worst of ${findings.length}`, 'show', [
        { view, item: { placed: { finding: first, place: mark.place } } },
      ]),
    );
    const link = advisoryOf(first);
    if (link !== undefined) actions.push(command(`Open the advisory of ${one}`, 'openAdvisory', [link]));
    if (view.scan.root !== undefined) {
      const title = only ? `Ignore ${one} with a reason …` : `Ignore some of these ${findings.length} with a reason …`;
      actions.push(command(title, 'ignore', [{ key: view.scan.key, findings }]));
    }
    if (only && first.kind === 'misconfiguration' && first.lines && isDockerfile(document)) {
      actions.push(command(`Ignore ${one} here by a comment …`, 'ignoreInline', [document.uri, first]));
    }
  }
  for (const action of actions) action.diagnostics = [diagnostic];
  return actions;
}

/** The version in the manifest, where it can be raised without thinking; else the command that does it. */
function raising(document: TextDocument, { mark }: ShownMark): readonly CodeAction[] {
  const { entry, manifest } = mark.place;
  const found = mark.findings.flatMap((finding) => (finding.kind === 'vulnerability' ? [finding] : []));
  const targets = fixesOf(found);
  return targets.flatMap(({ target, count, finding }, i) => {
    const raised = entry && manifest && raisedVersion(manifest, entry, target);
    const what = `'${finding.packageName}'`;
    const fixes =
      found.length === 1 ? '' : ` (fixes ${count === found.length ? `all ${count}` : `${count} of ${found.length}`})`;
    if (raised === undefined || !entry?.versionRange) {
      const advised = commandFor(finding, target);
      return advised === undefined || i > 0
        ? []
        : [command(`Copy '${advised}', which raises ${what}`, 'copyCommand', [advised])];
    }
    const action = edit(document, entry.versionRange, raised, `Raise ${what} to ${raised.replaceAll("'", '')}${fixes}`);
    action.isPreferred = i === 0;
    return [action];
  });
}

/** The version that fixes all first, then the smallest that fixes any. */
function fixesOf(found: readonly Vulnerability[]): readonly {
  readonly target: string;
  readonly count: number;
  readonly finding: Vulnerability;
}[] {
  const fixable = found.filter(({ installedVersion, fixedVersions }) => nearestFix(installedVersion, fixedVersions));
  const [finding] = fixable;
  const target = fixForAll(fixable);
  // One package in several packages' place, as on a COPY, has no one version.
  if (!finding || target === undefined || fixable.some((each) => each.packageName !== finding.packageName)) return [];
  return [{ target, count: fixable.length, finding }];
}

function newerBase(document: TextDocument, { mark }: ShownMark): readonly CodeAction[] {
  if (mark.place.kind !== 'base') return [];
  const newer = newerTagAt(document.getText(), mark.place);
  return newer === undefined ? [] : [edit(document, mark.place.range, newer, `Change the base image to '${newer}'`)];
}

function edit(document: TextDocument, { start, end }: Offsets, text: string, title: string): CodeAction {
  const lines = linesOf(document.getText());
  const [from, to] = [positionAt(lines, start), positionAt(lines, end)];
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.edit = new WorkspaceEdit();
  action.edit.replace(document.uri, new Range(from.line, from.column, to.line, to.column), text);
  return action;
}

function command(title: string, name: string, parameters: readonly unknown[]): CodeAction {
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.command = { command: `shipshape.findings.${name}`, title, arguments: [...parameters] };
  return action;
}

function isDockerfile({ languageId }: TextDocument): boolean {
  return languageId === 'dockerfile';
}
