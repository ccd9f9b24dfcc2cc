export interface CacheKind {
  /** 'apt package lists' */
  readonly name: string;
  /** How it does not come into the image. */
  readonly advice: string;
  /** From the root of the image, without the first slash; what it matches is the cache's folder. */
  readonly pattern: RegExp;
}

const home = String.raw`(?:.*\/)?`;

/** What package managers keep in case it is needed again, which in an image it is not. */
const kinds: readonly CacheKind[] = [
  {
    name: 'apt package lists',
    advice: "Add '&& rm -rf /var/lib/apt/lists/*' to the RUN that fetches them",
    pattern: /^var\/lib\/apt\/lists(?=\/(?!lock$|partial|auxfiles))/,
  },
  {
    name: 'apt archives',
    advice: "Add '&& apt-get clean' to the RUN that installs",
    pattern: /^var\/cache\/apt(?=\/)/,
  },
  {
    name: 'apk cache',
    advice: "Install with 'apk add --no-cache'",
    pattern: /^(?:var\/cache|etc)\/apk(?=\/(?:cache\/)?[^/]+\.(?:apk|tar\.gz))/,
  },
  {
    name: 'dnf cache',
    advice: "Add '&& dnf clean all' to the RUN that installs",
    pattern: /^var\/cache\/(?:libdnf5|dnf)(?=\/)/,
  },
  { name: 'yum cache', advice: "Add '&& yum clean all' to the RUN that installs", pattern: /^var\/cache\/yum(?=\/)/ },
  {
    name: 'zypper cache',
    advice: "Add '&& zypper clean --all' to the RUN that installs",
    pattern: /^var\/cache\/zypp(?=\/)/,
  },
  {
    name: 'pacman cache',
    advice: "Add '&& pacman -Scc --noconfirm' to the RUN that installs",
    pattern: /^var\/cache\/pacman\/pkg(?=\/)/,
  },
  {
    name: 'pip cache',
    advice: "Install with 'pip install --no-cache-dir', or mount a cache",
    pattern: of(String.raw`\.cache\/pip`),
  },
  { name: 'uv cache', advice: "Install with 'uv --no-cache', or mount a cache", pattern: of(String.raw`\.cache\/uv`) },
  {
    name: 'Poetry cache',
    advice: "Install with 'poetry install --no-cache', or mount a cache",
    pattern: of(String.raw`\.cache\/pypoetry`),
  },
  {
    name: 'npm cache',
    advice: "Add '&& npm cache clean --force', or mount a cache",
    pattern: of(String.raw`\.npm\/_(?:cacache|logs|npx)`),
  },
  {
    name: 'Yarn cache',
    advice: "Add '&& yarn cache clean', or mount a cache",
    pattern: of(String.raw`(?:\.cache\/yarn|\.yarn\/berry\/cache)`),
  },
  {
    name: 'pnpm store',
    advice: "Mount a cache for the store: '--mount=type=cache,target=/root/.local/share/pnpm/store'",
    pattern: of(String.raw`(?:\.local\/share\/pnpm\/store|\.pnpm-store)`),
  },
  { name: 'Bun cache', advice: 'Mount a cache for it', pattern: of(String.raw`\.bun\/install\/cache`) },
  {
    name: 'Go module cache',
    advice: 'Build in a stage of its own, and copy the program only',
    pattern: /^(?:(?:root|home\/[^/]+|usr\/local)\/)?go\/pkg\/mod(?=\/)/,
  },
  {
    name: 'Go build cache',
    advice: 'Build in a stage of its own, and copy the program only',
    pattern: of(String.raw`\.cache\/go-build`),
  },
  {
    name: 'Cargo registry',
    advice: 'Build in a stage of its own, and copy the program only',
    pattern: of(String.raw`\.?cargo\/(?:registry|git\/db)`),
  },
  {
    name: 'Maven repository',
    advice: 'Build in a stage of its own, and copy the jar only',
    pattern: of(String.raw`\.m2\/repository`),
  },
  {
    name: 'Gradle cache',
    advice: 'Build in a stage of its own, and copy the jar only',
    pattern: of(String.raw`\.gradle\/caches`),
  },
  {
    name: 'Ivy cache',
    advice: 'Build in a stage of its own, and copy the jar only',
    pattern: of(String.raw`(?:\.ivy2\/cache|\.cache\/coursier)`),
  },
  {
    name: 'Composer cache',
    advice: "Add '&& composer clear-cache', or mount a cache",
    pattern: of(String.raw`(?:\.composer\/cache|\.cache\/composer)`),
  },
  {
    name: 'NuGet cache',
    advice: 'Publish in a stage of its own, and copy what was published',
    pattern: of(String.raw`(?:\.nuget\/packages|\.local\/share\/NuGet)`),
  },
  {
    name: 'RubyGems cache',
    advice: "Add '&& rm -rf /usr/local/bundle/cache'",
    pattern:
      /^(?:usr\/local\/bundle|.*\/bundle\/ruby\/[^/]+|(?:var|usr)\/(?:lib|local\/lib)\/(?:ruby\/)?gems\/[^/]+)\/cache(?=\/)/,
  },
  {
    name: 'Conda packages',
    advice: "Add '&& conda clean --all --yes' to the RUN that installs",
    pattern: /^(?:opt|root|usr\/local)\/(?:mini|ana)?(?:conda|forge|mamba)3?\/pkgs(?=\/)/,
  },
];

/** All of them as one, since every path of an image is asked about. */
const any = new RegExp(kinds.map(({ pattern }) => `(${pattern.source})`).join('|'));

export interface Cache {
  readonly kind: CacheKind;
  /** `var/lib/apt/lists` */
  readonly folder: string;
}

/** The package manager's cache that a file belongs to. */
export function cacheOf(path: string): Cache | undefined {
  const found = any.exec(path);
  if (!found) return undefined;
  // The group of the one that matched has all that did.
  const kind = kinds[found.indexOf(found[0], 1) - 1];
  return kind && { kind, folder: found[0] };
}

function of(folder: string): RegExp {
  return new RegExp(`^${home}${folder}(?=\\/)`);
}
