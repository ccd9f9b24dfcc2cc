// Delivers one image to a local Azure over https, as the command line would, to be killed in the middle.
import { join } from 'node:path';
import { connect } from '../../../client/src/azure/connect.ts';
import { publicCloud } from '../../../client/src/azure/cloud.ts';
import { findTool } from '../../../client/src/container/find-tool.ts';
import { createKeeper } from '../../../client/src/process/keep.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { createImages } from '../../../client/src/registry/images.ts';
import { listener, workFor } from './registry-lab.ts';

const [url = '', token = '', registry = '', loginServer = '', folder = ''] = process.argv.slice(2);
const keeper = createKeeper(join(import.meta.dirname, '../../../client/src/process/keeper.ts'));
const run = createRun(keeper);
const images = createImages({
  arm: connect({
    cloud: { ...publicCloud, name: 'custom', resourceManager: url },
    credential: { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
  }),
  folder,
  run,
  keeper,
  tool: (signal) => findTool(run, { kind: 'docker' }, signal),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
});
await images.deliver(workFor(registry, loginServer), listener());
