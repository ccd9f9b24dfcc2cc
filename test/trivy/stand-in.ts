import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the stand-in behaves; written to the variable TRIVY_STAND_IN or to `.trivy-stand-in.json` beside what is scanned. */
export interface TrivyScenario {
  readonly version?: string;
  /** One of `failures.mjs`. */
  readonly failure?: string;
  /** Names of images that are there; without it, Docker is asked. */
  readonly images?: readonly string[];
  /** The image has programs in Java. */
  readonly hasJava?: boolean;
  /** A report to give instead of its own, after the ignore files were obeyed. */
  readonly report?: string;
  /** A file whose bytes it writes as they are. */
  readonly raw?: string;
  /** Writes only so much of the report. */
  readonly cutAt?: number;
  readonly noReport?: boolean;
  /** Does not end as long as this file is there. */
  readonly slowWhile?: string;
  /** Where to write its process id once it scans. */
  readonly startedTo?: string;
  /** Where to write its arguments, a line of JSON for each start. */
  readonly argumentsTo?: string;
  readonly quiet?: boolean;
}

export interface StandIn {
  /** For `shipshape.trivy.path`. */
  readonly program: string;
  /** For PATH. */
  readonly folder: string;
  /** For TRIVY_CACHE_DIR. */
  readonly cache: string;
}

/** Puts a program `trivy` into a folder, which runs the stand-in with our Node, whatever PATH has. */
export function standInTrivy(parent = mkdtempSync(join(tmpdir(), 'shipshape-trivy-'))): StandIn {
  const folder = join(parent, 'bin');
  const cache = join(parent, 'cache');
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'trivy');
  const script = join(import.meta.dirname, 'trivy.mjs');
  const [node, standIn, usualCache] = [process.execPath, script, cache].map(
    (path) => `'${path.replaceAll("'", `'\\''`)}'`,
  );
  const lines = [
    '#!/bin/sh',
    `[ -n "$TRIVY_CACHE_DIR" ] || export TRIVY_CACHE_DIR=${usualCache}`,
    `exec ${node} ${standIn} "$@"`,
  ];
  writeFileSync(program, `${lines.join('\n')}\n`);
  chmodSync(program, 0o755);
  return { program, folder, cache };
}
