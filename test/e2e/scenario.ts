import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { LocalAzure } from '../azure/local-azure.ts';
import { assertNoSecrets } from './secrets.ts';
import type { Server, Settings } from './server.ts';
import { VsCode } from './vs-code.ts';

/** A test in a window of its own, on a fresh copy of a folder of `workspace/`. */
export type Scenario = (title: string, given: Given, steps: (code: VsCode) => Promise<void>) => void;

export interface Given {
  /** A folder of `test/e2e/workspace`. */
  readonly folder: string;
  readonly settings?: Settings;
  readonly window?: BrowserContextOptions;
  /** The local Azure is the user's private cloud. */
  readonly azure?: true;
  /** In minutes; four unless told. */
  readonly patience?: number;
}

export interface World {
  readonly home: string;
  readonly server: Server;
  readonly browser: Browser;
  readonly azure: LocalAzure;
  /** What VS Code knows and must tell nobody. */
  readonly secrets: readonly string[];
}

const most = 3;

export const scenariosIn =
  (world: () => World, filter: string): Scenario =>
  (title, given, steps) => {
    if (!title.includes(filter)) return;
    test(title, { timeout: (given.patience ?? 4) * 60_000 }, async () => {
      for (let tries = 1; ; tries++) {
        try {
          await play(world(), title, given, steps);
          return;
        } catch (error) {
          // A window on a busy machine may lose a key or a click. What is wrong with the extension is wrong in the next ones, too.
          if (tries === most) throw error;
          console.error(
            `'${title}' failed, trying once more: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
      }
    });
  };

async function play(
  { home, server, browser, azure, secrets }: World,
  title: string,
  given: Given,
  steps: (code: VsCode) => Promise<void>,
): Promise<void> {
  const settings = { ...given.settings, ...(given.azure === true && cloudOf(azure)) };
  const folder = join(mkdtempSync(join(home, 'workspace-')), given.folder);
  cpSync(join(import.meta.dirname, 'workspace', given.folder), folder, { recursive: true });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...given.window });
  const page = await context.newPage();
  try {
    const code = new VsCode(page, server, folder);
    await code.open(settings);
    await steps(code);
    if (given.azure === true) await assertNoSecrets(page, [join(home, 'user-data'), folder], secrets);
  } catch (error) {
    const evidence = mkdtempSync(join(tmpdir(), 'shipshape-e2e-failed-'));
    await page.screenshot({ path: join(evidence, 'window.png') }).catch(() => undefined);
    cpSync(server.logs, join(evidence, 'logs'), { recursive: true });
    console.error(`'${title}' failed: see ${evidence} for its window and the logs of VS Code`);
    throw error;
  } finally {
    await context.close();
  }
}

function cloudOf({ url }: LocalAzure): Settings {
  return { 'shipshape.azure.cloud': 'custom', 'shipshape.azure.endpoint': url };
}
