import type { Work } from '../step.ts';
import { waitForAnswer } from '../after/wait-for-answer.ts';
import type { Context, Ran } from './context.ts';

/** Asking again costs nothing: an app that answered yesterday may not answer today. */
export async function runAnswer(work: Extract<Work, { do: 'answer' }>, context: Context): Promise<Ran> {
  const { world, filler, signal, onWait, onLog, answered } = context;
  const url = (await filler.text(work.url)).replace(/\/+$/, '');
  const path = work.path.startsWith('/') ? work.path : `/${work.path}`;
  const wait = { url: `${url}${path}`, seconds: work.seconds, app: work.app, world, signal, onWait, onLog };
  try {
    if ((await waitForAnswer(wait)) !== undefined) answered(url);
  } catch (error) {
    // Known even if it does not answer: that is where to look.
    answered(url);
    throw error;
  }
  return 'done';
}
