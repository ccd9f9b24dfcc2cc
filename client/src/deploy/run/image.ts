import type { ImageWork } from '../step.ts';
import type { Context, Ran } from './context.ts';

export async function runImage(work: ImageWork, context: Context): Promise<Ran> {
  const { world, filler, signal, digest, before, onLog, onWait, delivered } = context;
  const events = { signal, onLog, onProgress: onWait };
  const { do: _, loginServer, secretArguments = [], ...rest } = work;
  const image = { ...rest, loginServer: await filler.text(loginServer) };
  // The tag alone says nothing: of uncommitted states, or moved by somebody, it can be on another image.
  if (digest !== undefined) {
    const found = await world.images.digest(image.loginServer, image.repository, image.tag, signal);
    if (found === digest) {
      // It was built, and then held up.
      if (before?.state !== 'done') await world.images.admit?.(image, digest, events);
      return 'already';
    }
  }
  const secrets: Record<string, string> = {};
  for (const name of secretArguments) secrets[name] = await filler.text({ $secret: name });
  const withSecrets = secretArguments.length === 0 ? image : { ...image, secretArguments: secrets };
  const built = await world.images.deliver(withSecrets, events);
  await delivered(built);
  await world.images.admit?.(image, built, events);
  return 'done';
}
