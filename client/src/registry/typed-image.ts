/** An image of a registry that is being typed. */
export interface TypedImage {
  /** `shopreg.azurecr.io`. */
  readonly host: string;
  /** So far; all of it when its tag is typed. */
  readonly repository: string;
  readonly isTag: boolean;
  /** What an offer takes the place of, in the line. */
  readonly start: number;
  readonly end: number;
}

/** What is typed at this place in a line of a Dockerfile: after `FROM`, or after `--from=`. */
export function typedImage(line: string, at: number): TypedImage | undefined {
  const [, from, copied] = place.exec(line.slice(0, at)) ?? [];
  const image = from ?? copied ?? '';
  const slash = image.indexOf('/');
  const host = image.slice(0, Math.max(slash, 0)).toLowerCase();
  // Without a dot or a port it is no registry; a variable may be anything; a digest is not typed.
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?$/.test(host) || !/[.:]/.test(host) || /[@$]/.test(image)) return undefined;
  const rest = image.slice(slash + 1);
  const colon = rest.indexOf(':');
  const isTag = colon >= 0;
  const [after = ''] = (isTag ? /^[\w.-]*/ : /^[\w./-]*/).exec(line.slice(at)) ?? [];
  return {
    host,
    repository: isTag ? rest.slice(0, colon) : rest,
    isTag,
    start: at - (isTag ? rest.length - colon - 1 : rest.length),
    end: at + after.length,
  };
}

const place = /^\s*(?:FROM\s+(?:--\S+\s+)*(\S*)|(?:COPY|ADD)\s+(?:--\S+\s+)*--from=(\S*))$/i;
