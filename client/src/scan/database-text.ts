import type { DatabaseNote } from './store.ts';

const day = 24 * 60 * 60 * 1000;

/** How old what Trivy knows is, for over the tree; the more it matters the more is said. */
export function databaseText({ updatedAt, wasOffline }: DatabaseNote, now: number): string | undefined {
  const at = updatedAt === undefined ? Number.NaN : Date.parse(updatedAt);
  if (Number.isNaN(at)) return wasOffline ? 'Scanned offline: with what Trivy had downloaded before' : undefined;
  const date = new Date(at).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const days = Math.floor((now - at) / day);
  const age = days >= 3 ? `, ${days} days old` : '';
  return `Vulnerability database of ${date}${age}${wasOffline ? ', used offline' : ''}`;
}
