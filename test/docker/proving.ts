// Proves the image it is given and does nothing else: a process that a test can kill.
import { prove } from '../../client/src/prove/execute.ts';
import { usualProveSettings } from '../../client/src/prove/promise.ts';
import { meansOf } from './prove-images.ts';

const [, , image = ''] = process.argv;
await prove(image, usualProveSettings, await meansOf());
