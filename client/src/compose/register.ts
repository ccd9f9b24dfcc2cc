import { languages } from 'vscode';
import type { Parts } from '../programs.ts';
import { composeActions } from '../tools/container/compose.ts';
import { runCompose } from './command.ts';
import { composeLenses } from './lens.ts';
import { composeTitles } from './titles.ts';

export function registerCompose(parts: Parts): void {
  for (const action of composeActions) {
    parts.register(composeTitles[action].id, (uri, given) => runCompose(parts, action, uri, given));
  }
  const files = { language: 'dockercompose', scheme: 'file' };
  parts.context.subscriptions.push(languages.registerCodeLensProvider(files, composeLenses()));
}
