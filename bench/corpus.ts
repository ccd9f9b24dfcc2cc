import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentKind } from '../server/src/engine/document.ts';

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly kind: DocumentKind;
}

const samples = join(import.meta.dirname, '../samples');

/** The files of `dockerfiles/` and `compose/` in a folder; without one, the samples many times over, each copy a little different. */
export function readCorpus(folder: string | undefined, kind: DocumentKind): readonly Source[] {
  if (folder === undefined)
    return kind === 'dockerfile' ? copies(sampleDockerfiles, 300) : copies(['compose.yaml'], 300);
  const files = join(folder, kind === 'dockerfile' ? 'dockerfiles' : 'compose');
  return readdirSync(files)
    .sort()
    .map((name) => join(files, name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8'), kind }));
}

const sampleDockerfiles = ['api/Dockerfile', 'web/Dockerfile', 'worker/Dockerfile'];

function copies(names: readonly string[], count: number): readonly Source[] {
  const texts = names.map((name) => readFileSync(join(samples, name), 'utf8'));
  return Array.from({ length: count }, (_, i) => {
    const name = names[i % names.length] ?? '';
    // Versions differ, so that no two instructions are the same text to a cache.
    const text = (texts[i % texts.length] ?? '').replace(/\d+(?=\s|$)/gm, (number) => `${Number(number) + i}`);
    return { path: join(samples, name), text, kind: name.endsWith('.yaml') ? 'compose' : 'dockerfile' } as const;
  });
}

/** A realistic Dockerfile of so many lines, always the same. */
export function dockerfileOf(lines: number): string {
  const written = ['# syntax=docker/dockerfile:1', 'FROM node:22-slim AS build', 'WORKDIR /src'];
  for (let i = 0; written.length < lines - 6; i++) {
    const block = blocks[i % blocks.length] ?? [];
    written.push(...block.map((line) => line.replaceAll('%', `${i}`)));
  }
  written.length = Math.max(3, lines - 6);
  // A block that was cut off must not continue into what follows.
  const last = written.length - 1;
  written[last] = (written[last] ?? '').replace(/\s*(?:&& )?\\$/, '');
  written.push('FROM node:22-slim', 'WORKDIR /app', 'COPY --from=build /src/dist ./dist', 'EXPOSE 8080', 'USER node');
  written.push('CMD ["node", "dist/server.js"]');
  return `${written.join('\n')}\n`;
}

const blocks: readonly (readonly string[])[] = [
  [
    'RUN apt-get update \\',
    '    && apt-get install -y --no-install-recommends curl ca-certificates tool-% \\',
    '    && rm -rf /var/lib/apt/lists/*',
  ],
  ['COPY package%.json package-lock.json ./', 'RUN npm ci --omit=dev && npm cache clean --force'],
  ['ENV PORT_%=80% \\', '    MODE_%=production'],
  ['# What the step below needs', 'ARG VERSION_%=1.%.0'],
  ['RUN curl -fsSL "https://example.com/tool-%-${VERSION_%}.tar.gz" | tar -xz -C /usr/local/bin'],
  ['COPY src/part% ./src/part%', 'RUN npm run build:part% -- --mode "$MODE_%"'],
  ['RUN if [ -f "/src/part%/setup.sh" ]; then \\', '      sh "/src/part%/setup.sh"; \\', '    fi'],
  ['LABEL org.example.part%="%"', ''],
];
