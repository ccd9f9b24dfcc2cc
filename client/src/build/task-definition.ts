import type { BuildSecret } from './build.ts';
import type { GivenBuild } from './choose.ts';

export interface TaskBuild {
  /** Absolute. */
  readonly dockerfile: string;
  readonly given: GivenBuild;
}

/** What `tasks.json` says. Written by hand, so whatever is not of the right kind is left out. */
export function readTask(definition: Readonly<Record<string, unknown>>, absolute: (path: string) => string): TaskBuild {
  const { dockerfile, context, target, platforms, args, secrets, tags, pull, noCache } = definition;
  const given: GivenBuild = {
    ...(isText(context) && { context: absolute(context) }),
    ...(isText(target) && { target }),
    ...(Array.isArray(platforms) && { platforms: platforms.filter(isText) }),
    ...(isRecord(args) && {
      arguments: Object.entries(args).flatMap(([name, value]) =>
        ['string', 'number', 'boolean'].includes(typeof value) ? [{ name, value: String(value) }] : [],
      ),
    }),
    ...(Array.isArray(secrets) && { secrets: secrets.flatMap((secret) => readSecret(secret, absolute) ?? []) }),
    ...(Array.isArray(tags) && { tags: tags.filter(isText) }),
    ...(typeof pull === 'boolean' && { pull }),
    ...(typeof noCache === 'boolean' && { useCache: !noCache }),
  };
  return { dockerfile: absolute(isText(dockerfile) ? dockerfile : 'Dockerfile'), given };
}

function readSecret(secret: unknown, absolute: (path: string) => string): BuildSecret | undefined {
  if (!isRecord(secret) || !isText(secret['id'])) return undefined;
  const { id, env, src } = secret;
  if (isText(src)) return { id, from: { kind: 'file', path: absolute(src) } };
  return { id, from: { kind: 'environment', name: isText(env) ? env : id } };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
