import {
  CompletionItemKind,
  type CompletionItem,
  type CompletionParams,
  type TextDocuments,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { configKeys } from '../engine/config-file.ts';
import { engineRules } from '../engine/engine-rules.ts';
import { completeConfig, completeSuppression, type Completion, type Vocabulary } from '../features/complete-config.ts';
import { completeDeployFile } from '../features/complete-deploy-file.ts';
import { allRules } from '../rules/index.ts';
import { linesOf } from '../text/lines.ts';
import type { ClientFeatures } from './client-features.ts';
import { toOffset, toRange } from './convert.ts';
import { languageOf, type Language } from './language.ts';

/** Goes by the text as it is: while something is typed there is no use in what was parsed. */
export function completionsFor(
  documents: TextDocuments<TextDocument>,
  client: ClientFeatures,
  { textDocument, position }: CompletionParams,
): Promise<CompletionItem[]> {
  const document = documents.get(textDocument.uri);
  const language = document && languageOf(document.uri, document.languageId);
  if (document === undefined || language === undefined) return Promise.resolve([]);
  const isConfig = language === 'config' || language === 'deploy';
  if (isConfig && client.options.completesConfig === true) return Promise.resolve([]);
  const text = document.getText();
  const lines = linesOf(text);
  const items = complete(language, text, toOffset(lines, position)).map(({ label, detail, range, text: newText }) => ({
    label,
    kind: CompletionItemKind.Value,
    documentation: detail,
    textEdit: { range: toRange(lines, range), newText },
  }));
  return Promise.resolve(items);
}

function complete(language: Language, text: string, offset: number): readonly Completion[] {
  if (language === 'deploy') return completeDeployFile(text, offset);
  return language === 'config'
    ? completeConfig(text, offset, vocabulary())
    : completeSuppression(text, offset, vocabulary());
}

function vocabulary(): Vocabulary {
  return {
    keys: configKeys,
    presets: {
      recommended: 'Problems nearly every project wants to hear of.',
      strict: 'Adds rules that ask for more care, such as pinning and hardening.',
      all: 'Every rule.',
    },
    severities: {
      off: 'Not checked.',
      hint: 'Shown as a few dots.',
      info: 'Shown in blue.',
      warning: 'Shown in yellow.',
      error: 'Shown in red, and fails the command line.',
    },
    rules: Object.fromEntries([...allRules, ...engineRules].map(({ id, summary }) => [id, summary])),
  };
}
