import { shownCreatedBy } from '../../image/created-by.ts';
import { redacted } from './secret-text.ts';

/** `/app/.env`, on one line whatever is in the name. */
export function shownPath(path: string): string {
  return `/${printable(path)}`;
}

/** Control characters could move the cursor or start a line of their own; so could what turns the direction of writing. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd]/gu, (character) =>
    character === '\n' ? '\\n' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The instruction that made a layer, in one line and without secrets. */
export function shownStep(createdBy: string): string {
  const text = printable(redacted(shownCreatedBy(createdBy)));
  if (text === '') return 'an unnamed step';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** Megabytes of 1,000,000 bytes, as sizes of images are counted. */
export function shownBytes(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}
