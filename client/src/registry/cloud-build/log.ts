import { StringDecoder } from 'node:string_decoder';
import { Cancelled } from '../../tools/command.ts';
import type { Http } from '../http.ts';
import { storageError } from './upload.ts';

export interface LogOptions {
  readonly http: Http;
  readonly signal: AbortSignal;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly onText: (text: string) => void;
  /** A fresh address, for when this one's time is over. */
  readonly renew: () => Promise<string>;
  /** Whether the run has ended, asked now and then: one that never began has no log. */
  readonly isOver: () => Promise<boolean>;
}

const version = '2022-11-02';
const mostAtOnce = 4 * 1024 * 1024;
const shortestPause = 1000;
const longestPause = 15_000;

/**
 * Follows a log that grows by appending to a blob: how long it is, then what is new of it, until its metadata say that it is complete and
 * all of it is read. Gives that word: `successful`, `failed`, `internalerror`, `timedout`, `canceled`.
 */
export async function followLog(first: string, options: LogOptions): Promise<string> {
  const { http, signal, wait, onText, renew, isOver } = options;
  const decoder = new StringDecoder('utf8');
  let address = first;
  let read = 0;
  let pause = shortestPause;
  let mayRenew = true;
  let quiet = 0;
  let isLast = false;
  for (;;) {
    if (signal.aborted) throw new Cancelled();
    const head = await http.send({ method: 'HEAD', url: address, headers: { 'x-ms-version': version }, signal });
    // Not there before its first byte.
    const isThere = head.status === 200;
    if (!isThere && head.status !== 404) {
      if (head.status !== 403 || !mayRenew) throw storageError(head, 'HEAD the log of the build');
      mayRenew = false;
      address = await renew();
      continue;
    }
    mayRenew = true;
    const length = isThere ? Number(head.header('content-length') ?? 0) : 0;
    if (length > read) {
      read += await readPart(http, address, read, Math.min(length, read + mostAtOnce), signal, decoder, onText);
      pause = shortestPause;
      quiet = 0;
      continue;
    }
    const complete = isThere ? head.header('x-ms-meta-complete') : undefined;
    if (complete !== undefined || isLast) {
      const rest = decoder.end();
      if (rest !== '') onText(rest);
      return complete?.toLowerCase() ?? 'unknown';
    }
    quiet++;
    if (quiet % 4 === 0 && (await isOver())) {
      isLast = true;
      continue;
    }
    // Everybody who waits asks at another moment.
    await wait(pause + Math.random() * 0.2 * pause, signal);
    pause = Math.min(pause * 1.5, longestPause);
  }
}

async function readPart(
  http: Http,
  url: string,
  start: number,
  end: number,
  signal: AbortSignal,
  decoder: StringDecoder,
  onText: (text: string) => void,
): Promise<number> {
  const headers = { 'x-ms-version': version, 'x-ms-range': `bytes=${start}-${end - 1}` };
  const answer = await http.send({ method: 'GET', url, headers, signal });
  if (answer.status !== 206 && answer.status !== 200) throw storageError(answer, 'GET the log of the build');
  const bytes = answer.status === 200 ? answer.bytes.subarray(start, end) : answer.bytes;
  const text = decoder.write(Buffer.from(bytes));
  if (text !== '') onText(text);
  return bytes.length;
}
