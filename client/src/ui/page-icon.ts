import { Uri } from 'vscode';

/** Our ship for the tab of a page. Unlike in the activity bar, the editor does not colour it there. */
export function pageIcon(extension: Uri): { readonly light: Uri; readonly dark: Uri } {
  const media = (name: string): Uri => Uri.joinPath(extension, 'media', name);
  return { light: media('view.svg'), dark: media('view-dark.svg') };
}
