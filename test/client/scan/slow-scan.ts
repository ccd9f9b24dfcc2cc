// Scans until it is killed, as an editor that crashes would: `node slow-scan.ts TRIVY FOLDER`.
import { join } from 'node:path';
import { createKeeper } from '../../../client/src/process/keep.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { scan } from '../../../client/src/scan/execute.ts';

const [program = '', folder = ''] = process.argv.slice(2);
const keeper = createKeeper(join(import.meta.dirname, '../../../client/src/process/keeper.ts'));
const trivy = { kind: 'installed', program, version: '0.74.0', databases: {} } as const;
await scan({ kind: 'secrets', folder }, {}, { run: createRun(keeper), keeper, trivy });
