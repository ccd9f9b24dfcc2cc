import type { Arm } from '../azure/arm.ts';
import { repositories, tags } from './catalogue.ts';
import type { RegistryCalls } from './manifest.ts';
import { listRegistries, readRegistry, type Registry } from './registry.ts';
import type { TypedImage } from './typed-image.ts';

/** What may be typed next, the likeliest first. */
export interface Offer {
  readonly name: string;
  readonly digest?: string;
  /** ISO 8601. */
  readonly updatedAt?: string;
}

/** One sign-in, what is known to be reachable with it, and how. It must never ask the user for anything. */
export interface Reach {
  readonly arm: Arm;
  readonly calls: RegistryCalls;
  /** Resource ids of registries; they may have any address. */
  readonly registries: readonly string[];
  /** Whose registries with an address of Azure's own are looked through as well. */
  readonly subscriptions: readonly string[];
}

export interface Offers {
  readonly of: (typed: Pick<TypedImage, 'host' | 'repository' | 'isTag'>) => Promise<readonly Offer[]>;
}

/** Asks each thing once, also when there was no answer: nobody waits for what is offered while they type. */
export function createOffers(reach: () => Promise<readonly Reach[]>, onFailure: (error: unknown) => void): Offers {
  const known = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, ask: () => Promise<T>, otherwise: T): Promise<T> => {
    const found = known.get(key) as Promise<T> | undefined;
    if (found) return found;
    const asked = ask().catch((error: unknown) => {
      onFailure(error);
      return otherwise;
    });
    known.set(key, asked);
    return asked;
  };
  const places = (): Promise<readonly Reach[]> => once('', reach, []);

  const find = async (
    host: string,
  ): Promise<{ readonly registry: Registry; readonly calls: RegistryCalls } | undefined> => {
    for (const { arm, calls, registries } of await places()) {
      for (const id of registries) {
        const registry = await once(`id ${id}`, () => readRegistry(arm, id), undefined);
        if (registry?.loginServer === host) return { registry, calls };
      }
    }
    if (!isAzures(host)) return undefined;
    for (const { arm, calls, subscriptions } of await places()) {
      for (const id of subscriptions) {
        const all = await once(`in ${id}`, () => listRegistries(arm, id), []);
        const registry = all.find(({ loginServer }) => loginServer === host);
        if (registry) return { registry, calls };
      }
    }
    return undefined;
  };

  return {
    of: async ({ host, repository, isTag }) => {
      const found = await find(host);
      if (found === undefined) return [];
      const { registry, calls } = found;
      if (isTag) return once(`${host}/${repository}`, () => tags(calls, registry, repository), []);
      return once(`${host}/`, async () => (await repositories(calls, registry)).map((name) => ({ name })), []);
    },
  };
}

/** In one of Azure's public clouds. */
function isAzures(host: string): boolean {
  return /^[a-z0-9-]+(\.[a-z0-9]+)*\.azurecr\.(io|us|cn)$/.test(host);
}
