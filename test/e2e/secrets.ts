import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** What apps get as a secret from a variable of whoever runs VS Code; found nowhere, it was shown and kept nowhere. */
export const marked = 'mark3d-s3cret-of-the-shop';

const token = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./;

/** Logs, settings and whatever else is kept, the workspace, and all that is on the screen. */
export async function assertNoSecrets(
  page: Page,
  folders: readonly string[],
  secrets: readonly string[],
): Promise<void> {
  const isSecret = (text: string): boolean => token.test(text) || secrets.some((secret) => text.includes(secret));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  assert.deepEqual(
    files.filter((file) => isSecret(readFileSync(file, 'latin1'))),
    [],
    'secrets are in these files',
  );
  const shown = await Promise.all(page.frames().map((frame) => frame.content().catch(() => '')));
  assert.ok(!shown.some(isSecret), 'a secret is on the screen');
}
