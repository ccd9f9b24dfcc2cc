import {
  CompletionItem,
  CompletionItemKind,
  languages,
  Range,
  type CompletionItemProvider,
  type Disposable,
} from 'vscode';
import type { Offer } from '../registry/offers.ts';
import { typedImage, type TypedImage } from '../registry/typed-image.ts';

/**
 * Offers repositories and tags where an image of a registry is typed. `offers` is not there before an Azure command was used in this
 * window: typing asks nobody to sign in, and loads nothing.
 */
export function registerImageCompletion(
  offers: () => ((typed: TypedImage) => Promise<readonly Offer[]>) | undefined,
): Disposable {
  const provider: CompletionItemProvider = {
    provideCompletionItems: async (document, { line, character }, token) => {
      const ask = offers();
      const typed = ask && typedImage(document.lineAt(line).text, character);
      if (typed === undefined) return undefined;
      const range = new Range(line, typed.start, line, typed.end);
      const found = await ask?.(typed);
      return token.isCancellationRequested
        ? undefined
        : found?.map((offer, index) => itemOf(offer, index, typed, range));
    },
  };
  return languages.registerCompletionItemProvider({ language: 'dockerfile' }, provider, '/', ':');
}

function itemOf(
  { name, digest, updatedAt }: Offer,
  index: number,
  { isTag }: TypedImage,
  range: Range,
): CompletionItem {
  const item = new CompletionItem(name, isTag ? CompletionItemKind.Constant : CompletionItemKind.Module);
  item.range = range;
  // The editor would sort by name; the newest tag is the likeliest.
  item.sortText = String(index).padStart(5, '0');
  const date = updatedAt === undefined || updatedAt === '' ? undefined : new Date(updatedAt).toLocaleString();
  item.detail = [date, digest?.slice(0, 19)].filter((part) => part !== undefined).join(' · ');
  return item;
}
