import type { BuildArgument, BuildRequest, BuildSecret } from './build.ts';
import type { BuildContext, BuildFacts, BuildTarget, DeclaredSecret } from './facts.ts';
import { defaultTags, requestFrom } from './plan.ts';
import type { RememberedBuild } from './remembered.ts';

/** What whoever asks for the build says of it: a lens, a Compose service, a task. */
export interface GivenBuild {
  /** A stage's name or number. */
  readonly target?: string;
  /** A service of a Compose file, by its name. */
  readonly service?: string;
  /** Absolute. */
  readonly context?: string;
  readonly platforms?: readonly string[];
  readonly arguments?: readonly BuildArgument[];
  readonly secrets?: readonly BuildSecret[];
  readonly tags?: readonly string[];
  readonly pull?: boolean;
  readonly useCache?: boolean;
}

export type Choice<T> =
  | { readonly kind: 'known'; readonly value: T }
  /** Several are as good as each other, or none is good. */
  | { readonly kind: 'ask'; readonly candidates: readonly T[] };

/** The stage to build. `''` stands for the last one. */
export function chooseTarget(facts: BuildFacts, given: GivenBuild, remembered: string | undefined): Choice<string> {
  const ofService = given.service === undefined ? undefined : serviceContext(facts, given.service);
  const wanted = given.target ?? (ofService ? (ofService.service?.target ?? '') : remembered);
  if (wanted !== undefined) return { kind: 'known', value: targetKey(facts, wanted) };
  const targets = facts.contexts.flatMap(({ service }) => (service ? [targetKey(facts, service.target ?? '')] : []));
  const distinct = [...new Set(targets)];
  // All services build the same stage: that is the one.
  if (distinct.length <= 1) return { kind: 'known', value: distinct[0] ?? '' };
  return { kind: 'ask', candidates: [...new Set(['', ...distinct])] };
}

/** Stages are found without regard to case, as the builder does; what is not there is left for the builder to refuse. */
function targetKey(facts: BuildFacts, wanted: string): string {
  const found = targetOf(facts, wanted);
  return found ? (found.isFinal ? '' : found.name) : wanted;
}

export function targetOf({ targets }: BuildFacts, key: string): BuildTarget | undefined {
  if (key === '') return targets.find(({ isFinal }) => isFinal);
  return (
    targets.find(({ name }) => name.toLowerCase() === key.toLowerCase()) ??
    (/^\d+$/.test(key) ? targets[Number(key)] : undefined)
  );
}

export function chooseContext(
  facts: BuildFacts,
  target: string,
  given: GivenBuild,
  remembered: string | undefined,
): Choice<BuildContext> {
  const { contexts } = facts;
  const wanted = given.context ?? remembered;
  if (given.service !== undefined) {
    const found = serviceContext(facts, given.service);
    if (found) return { kind: 'known', value: found };
  }
  if (wanted !== undefined) {
    const found = contexts.filter(({ folder }) => folder === wanted);
    const best = found.find((context) => buildsTarget(facts, context, target)) ?? found[0];
    return { kind: 'known', value: best ?? { folder: wanted, missing: [] } };
  }
  const ofServices = contexts.filter(({ service }) => service !== undefined);
  const matching = ofServices.filter((context) => buildsTarget(facts, context, target));
  const candidates = matching.length > 0 ? matching : ofServices.length > 0 ? ofServices : contexts;
  const [first] = candidates;
  if (!first) return { kind: 'known', value: { folder: '', missing: [] } };
  const folders = new Set(candidates.map(({ folder }) => folder));
  const isClear = folders.size === 1 || (first.service === undefined && first.missing.length === 0);
  return isClear ? { kind: 'known', value: first } : { kind: 'ask', candidates };
}

export interface Chosen {
  readonly target: string;
  readonly context: BuildContext;
  readonly given: GivenBuild;
  readonly remembered: RememberedBuild;
  /** The value of an ARG that is not remembered, as it looks like a secret. */
  readonly secretArgument: (name: string) => string | undefined;
}

/** Who asks for the build has the first word, then what the user has said, then the project. */
export function requestOf(facts: BuildFacts, chosen: Chosen): BuildRequest {
  const { target: key, context, given, remembered, secretArgument } = chosen;
  const { target: _, ...usual } = requestFrom(facts, context);
  const target = key === '' ? undefined : key;
  const declared = targetOf(facts, key);
  const args = new Map(usual.arguments.map(({ name, value }) => [name, value]));
  for (const [name, value] of Object.entries(remembered.arguments ?? {})) if (value !== '') args.set(name, value);
  for (const { name } of declared?.arguments ?? []) {
    const value = secretArgument(name);
    if (value !== undefined && value !== '') args.set(name, value);
  }
  for (const { name, value } of given.arguments ?? []) args.set(name, value);
  const secrets = new Map(usual.secrets.map((secret) => [secret.id, secret.from]));
  for (const [id, from] of Object.entries(remembered.secrets ?? {})) {
    if (from.kind === 'none') secrets.delete(id);
    else secrets.set(id, from);
  }
  for (const { id, from } of given.secrets ?? []) secrets.set(id, from);
  return {
    ...usual,
    ...(target !== undefined && { target }),
    platforms: given.platforms ?? remembered.platforms ?? usual.platforms,
    arguments: [...args].map(([name, value]) => ({ name, value })),
    secrets: [...secrets].map(([id, from]) => ({ id, from })),
    tags: given.tags ?? remembered.tags ?? defaultTags(facts, { target, context }),
    pull: given.pull ?? remembered.pull ?? usual.pull,
    useCache: given.useCache ?? remembered.useCache ?? usual.useCache,
  };
}

/** What has to be asked before this can be built: what the Dockerfile wants and nobody has said anything about. */
export function unanswered(
  facts: BuildFacts,
  request: BuildRequest,
  { target, remembered, secretArgument }: Chosen,
): { readonly arguments: readonly string[]; readonly secrets: readonly DeclaredSecret[] } {
  const declared = targetOf(facts, target);
  const hasValue = new Set(request.arguments.map(({ name }) => name));
  const args = (declared?.arguments ?? []).filter(
    (each) =>
      each.default === undefined &&
      !hasValue.has(each.name) &&
      remembered.arguments?.[each.name] === undefined &&
      secretArgument(each.name) === undefined,
  );
  const hasPlace = new Set(request.secrets.map(({ id }) => id));
  const secrets = (declared?.secrets ?? []).filter(
    ({ id }) => !hasPlace.has(id) && remembered.secrets?.[id] === undefined,
  );
  return { arguments: args.map(({ name }) => name), secrets };
}

function serviceContext({ contexts }: BuildFacts, name: string): BuildContext | undefined {
  return contexts.find(({ service }) => service?.name === name);
}

function buildsTarget(facts: BuildFacts, { service }: BuildContext, target: string): boolean {
  return service !== undefined && targetKey(facts, service.target ?? '') === target;
}
