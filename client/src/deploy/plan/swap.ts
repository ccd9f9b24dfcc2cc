import { apiVersions } from '../../azure/api-versions.ts';
import { at, textAt } from '../../azure/json.ts';
import type { Target } from '../choices.ts';
import type { Facts } from '../facts.ts';
import type { Plan } from '../plan.ts';
import type { PostWork, Step } from '../step.ts';
import { answer } from './answer.ts';
import { block, found, type Pieces, type Scene, shown, warn } from './scene.ts';
import { sceneOf, smallPlan } from './small-plan.ts';
import { mountsOf, namesBound } from './site-copy.ts';

export type SwapWish =
  /** Also completes one that was previewed. */
  | { readonly do: 'swap' }
  /** Gives the slot production's settings, so that it can be looked at, and waits. */
  | { readonly do: 'preview' }
  | { readonly do: 'cancelPreview' }
  /** Swaps back: what was in production before is in the slot now. */
  | { readonly do: 'rollBack' };

/** Of a target with a slot. Facts are those of a deployment to it. */
export function planSwap(target: Target, facts: Facts, wish: SwapWish): Plan {
  const scene = sceneOf(target, facts);
  const { app } = target;
  const between = app.kind === 'appService' ? `the slot '${app.slot ?? ''}' of '${app.name}'` : '';
  const titles: Readonly<Record<SwapWish['do'], string>> = {
    swap: `Swap ${between} with production`,
    preview: `Preview the swap of ${between} with production`,
    cancelPreview: `Cancel the preview of the swap of ${between}`,
    rollBack: `Roll back: swap ${between} with production again`,
  };
  return smallPlan(scene, titles[wish.do], [...pieces(scene, wish)]);
}

function* pieces(scene: Scene, wish: SwapWish): Pieces {
  const { app } = scene.target;
  if (app.kind !== 'appService') {
    yield block(`'${app.name}' has no slots: only web apps do`);
    return;
  }
  if (app.slot === undefined || found(scene, scene.ids.app) === undefined) {
    yield block(`'${app.name}' has no slot to swap: deploy into one first, with 'slot' in the target`);
    return;
  }
  const site = scene.ids.site ?? '';
  // Told by the slot that is being swapped, not by production.
  const isPreviewed = textAt(found(scene, scene.ids.app), 'properties.targetSwapSlot') !== undefined;
  const body = { targetSlot: 'production', preserveVnet: true };
  const base = { effect: 'run', resource: scene.ids.app, do: 'post', apiVersion: apiVersions.web } as const;
  switch (wish.do) {
    case 'preview':
      if (isPreviewed) yield block('There is a preview already: complete the swap or cancel it');
      yield* unlike(scene);
      yield {
        ...base,
        id: 'swap:preview',
        title: `Give the slot '${app.slot}' the settings of production`,
        because: 'It restarts with them and can be looked at; production stays as it is until the swap',
        path: `${scene.ids.app}/applySlotConfig`,
        body,
      };
      yield* answer(scene);
      return;
    case 'cancelPreview':
      // Both sides, as `az webapp deployment slot swap --action reset` does.
      yield {
        ...base,
        id: 'swap:reset:production',
        title: `Give '${app.name}' its settings back`,
        path: `${site}/resetSlotConfig`,
      };
      yield {
        ...base,
        id: 'swap:reset',
        title: `Give the slot '${app.slot}' its own settings back`,
        path: `${scene.ids.app}/resetSlotConfig`,
      };
      return;
    case 'swap':
    case 'rollBack':
      if (!isPreviewed) yield* unlike(scene);
      yield swapStep(scene, app.slot, body);
      yield* answer({ ...scene, target: { ...scene.target, app: withoutSlot(app) }, ids: { ...scene.ids, app: site } });
  }
}

/** Twice would be not at all, so that it must show whether it has happened: in the images, or in what Azure writes down. */
function swapStep(scene: Scene, slot: string, body: PostWork['body'] & object): Step {
  const site = scene.ids.site ?? '';
  const image = (path: string): string | undefined =>
    textAt(found(scene, `${path}/config/web`), 'properties.linuxFxVersion');
  const [inSlot, inProduction] = [image(scene.ids.app), image(site)];
  const plain = (text: string | undefined): string => (text ?? 'unknown').replace(/^DOCKER\|/, '');
  const doneWhen: PostWork['doneWhen'] =
    inSlot !== undefined && inProduction !== undefined && inSlot !== inProduction
      ? [
          { path: `${site}/config/web`, apiVersion: apiVersions.web, at: 'properties.linuxFxVersion', is: inSlot },
          {
            path: `${scene.ids.app}/config/web`,
            apiVersion: apiVersions.web,
            at: 'properties.linuxFxVersion',
            is: inProduction,
          },
        ]
      : [
          {
            path: site,
            apiVersion: apiVersions.web,
            at: 'properties.slotSwapStatus.timestampUtc',
            isNot: at(found(scene, site), 'properties.slotSwapStatus.timestampUtc') ?? null,
          },
        ];
  return {
    id: 'swap',
    title: `Swap the slot '${slot}' with production`,
    effect: 'change',
    resource: site,
    changes: [
      { what: 'image in production', from: plain(inProduction), to: plain(inSlot) },
      { what: `image in '${slot}'`, from: plain(inSlot), to: plain(inProduction) },
    ],
    because: 'Azure warms the slot up first, so that nobody waits',
    do: 'post',
    path: `${scene.ids.app}/slotsswap`,
    apiVersion: apiVersions.web,
    body,
    doneWhen,
  };
}

/** Settings go with the swap: what only production has would be gone. */
function* unlike(scene: Scene): Pieces {
  const site = scene.ids.site ?? '';
  const { settings, connectionStrings } = scene.facts;
  const lost = only(settings, 'appSettingNames');
  if (lost.length > 0)
    yield warn(`Only production has these settings, and the swap takes them from it: ${lost.join(', ')}`);
  const strings = only(connectionStrings, 'connectionStringNames');
  if (strings.length > 0) {
    yield warn(`Only production has these connection strings, and the swap takes them from it: ${strings.join(', ')}`);
  }
  const own = mountsOf(scene, scene.ids.app);
  const mounts = Object.keys(mountsOf(scene, site)).filter((name) => !Object.hasOwn(own, name));
  if (mounts.length > 0)
    yield warn(`Only production has these mounts, and the swap takes them from it: ${mounts.join(', ')}`);
  if (scene.ids.identity === undefined) return;
  const pulls = shown(at(found(scene, site), 'identity'));
  if (pulls.toLowerCase().includes(scene.ids.identity.toLowerCase())) return;
  yield block(`'${scene.target.app.name}' lacks the identity that pulls the image: deploy to the slot again first`);

  function only(values: Facts['settings'], kind: 'appSettingNames' | 'connectionStringNames'): readonly string[] {
    const bound = namesBound(scene, site, kind);
    const inSlot = values.get(scene.ids.app.toLowerCase()) ?? {};
    const inProduction = Object.keys(values.get(site.toLowerCase()) ?? {});
    return inProduction.filter((name) => !bound.has(name) && !Object.hasOwn(inSlot, name));
  }
}

function withoutSlot<Choices extends { readonly slot?: string }>({ slot: _, ...rest }: Choices): Omit<Choices, 'slot'> {
  return rest;
}
