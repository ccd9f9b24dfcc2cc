// A quiet reporter for node:test: one line a failed test with its reason, and the counts in the words everything else uses.
import { relative } from 'node:path';

export default async function* reporter(events) {
  const path = [];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const slow = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') path.splice(data.nesting, Infinity, data.name);
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details.type === 'suite') continue;
    if (data.skip !== undefined || data.todo !== undefined) {
      counts.skipped++;
      yield `skipped: ${data.name}${typeof data.skip === 'string' ? ` (${data.skip})` : ''}\n`;
    } else if (type === 'test:pass') {
      // A file none of whose tests was chosen passes as a test of its own.
      if (data.nesting === 0 && data.name.endsWith('.ts')) continue;
      counts.passed++;
      if (data.details.duration_ms > 1000) slow.push(`${data.name} ${(data.details.duration_ms / 1000).toFixed(1)} s`);
    } else {
      counts.failed++;
      yield failure([...path.slice(0, data.nesting), data.name], data);
    }
  }
  if (slow.length > 0) yield `slow: ${slow.join(', ')}\n`;
  yield `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}\n`;
}

function failure(path, { file, line, details }) {
  const cause = details.error?.cause ?? details.error;
  const reason = typeof cause === 'string' ? cause : (cause?.stack ?? cause?.message ?? String(cause));
  const place = file === undefined ? '' : ` (${relative(process.cwd(), file)}${line === undefined ? '' : `:${line}`})`;
  return `\nFAILED ${path.join(' > ')}${place}\n${reason.replace(/^/gm, '  ')}\n\n`;
}
