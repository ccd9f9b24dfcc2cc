import {
  CancellationTokenSource,
  InputBoxValidationSeverity,
  QuickPickItemKind,
  window,
  type QuickPickItem,
} from 'vscode';
import { Cancelled } from '../tools/command.ts';

export interface Choice<T> extends QuickPickItem {
  readonly value: T;
}

export interface Question {
  readonly title: string;
  readonly placeholder: string;
  /** Which of how many questions this is. */
  readonly step?: readonly [number, number];
}

/** Shows the list at once, fills it when Azure has answered, and throws `Cancelled` when the user goes away. */
export async function pick<T>(
  { title, placeholder, step }: Question,
  load: (signal: AbortSignal) => Promise<readonly (Choice<T> | Separator)[]>,
): Promise<T> {
  const list = window.createQuickPick<Choice<T> | Separator>();
  const abort = new AbortController();
  list.title = title;
  list.placeholder = placeholder;
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.ignoreFocusOut = true;
  list.busy = true;
  if (step) [list.step, list.totalSteps] = step;
  list.show();
  try {
    return await new Promise<T>((resolve, reject) => {
      list.onDidAccept(() => {
        const [chosen] = list.selectedItems;
        if (chosen && !isSeparator(chosen)) resolve(chosen.value);
      });
      list.onDidHide(() => reject(new Cancelled()));
      load(abort.signal).then((items) => {
        list.items = items;
        list.busy = false;
      }, reject);
    });
  } finally {
    abort.abort();
    list.dispose();
  }
}

export type Separator = QuickPickItem & { readonly kind: QuickPickItemKind.Separator };

export function separator(label: string): Separator {
  return { label, kind: QuickPickItemKind.Separator };
}

function isSeparator<T>(item: Choice<T> | Separator): item is Separator {
  return item.kind === QuickPickItemKind.Separator;
}

/** A name or another short text; `check` says what is wrong with it. */
export async function enter(
  { title, placeholder, step }: Question,
  proposal: string,
  check: (text: string) => string | undefined | Promise<string | undefined>,
): Promise<string> {
  const source = new CancellationTokenSource();
  try {
    const counted = step === undefined ? title : `${title} (${step[0]}/${step[1]})`;
    const text = await window.showInputBox(
      {
        title: counted,
        prompt: placeholder,
        value: proposal,
        ignoreFocusOut: true,
        validateInput: async (value) => {
          const message = await check(value.trim());
          return message === undefined ? undefined : { message, severity: InputBoxValidationSeverity.Error };
        },
      },
      source.token,
    );
    if (text === undefined) throw new Cancelled();
    return text.trim();
  } finally {
    source.dispose();
  }
}
