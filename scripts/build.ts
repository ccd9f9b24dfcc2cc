// Every bundle that ships, in one table. `--watch` rebuilds on change, `--analyze` says what each bundle is made of.
import { copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { thirdPartyNotices } from './notices.ts';

interface Bundle {
  readonly entry: string;
  readonly file: string;
  readonly options: esbuild.BuildOptions;
}

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const watch = process.argv.includes('--watch');

// The sources are ES modules; VS Code and the oldest supported Node load the bundles as CommonJS.
const node: esbuild.BuildOptions = {
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__bundleUrl' },
  banner: { js: "const __bundleUrl=require('url').pathToFileURL(__filename).href;" },
};
const browser: esbuild.BuildOptions = {
  platform: 'browser',
  target: 'es2022',
  // dockerfile-ast looks for a byte order mark by way of Node's Buffer.
  define: { 'import.meta.url': 'self.location.href', 'Buffer.from': '__bytesOf' },
  banner: { js: 'const __bytesOf=(text)=>new TextEncoder().encode(text);' },
  // Emscripten's loader asks for these only when it finds itself in Node.
  external: ['fs', 'fs/promises', 'module', 'path', 'url'],
};
const vscode = ['vscode'];

/** What is loaded only when it is needed is a bundle of its own: its `import()` becomes one of that file. */
function loadedLater(source: string, file: string): esbuild.Plugin {
  return {
    name: `${file} is loaded later`,
    setup: (build) => {
      const filter = new RegExp(`/${source.replace('.', '\\.')}$`);
      build.onResolve({ filter }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${file}`, external: true } : undefined,
      );
    },
  };
}

const bundles: readonly Bundle[] = [
  {
    entry: 'client/src/extension.ts',
    file: 'extension.js',
    options: { ...node, external: vscode, plugins: [loadedLater('bundle.ts', 'azure.js')] },
  },
  {
    entry: 'client/src/extension.web.ts',
    file: 'extension.web.js',
    options: { ...browser, format: 'cjs', external: vscode },
  },
  {
    entry: 'client/src/image/webview/layers.ts',
    file: 'layers.js',
    options: { platform: 'browser', format: 'iife', target: 'es2022' },
  },
  { entry: 'client/src/image/webview/layers.css', file: 'layers.css', options: { target: 'chrome120' } },
  // Loaded when a command first needs Azure, so that starting the extension costs nothing of it.
  { entry: 'client/src/deploy-ui/bundle.ts', file: 'azure.js', options: { ...node, external: vscode } },
  { entry: 'client/src/deploy/headless.ts', file: 'deploy.js', options: node },
  { entry: 'client/src/process/keeper.ts', file: 'keeper.mjs', options: { ...node, format: 'esm', banner: {} } },
  { entry: 'server/src/node.ts', file: 'server.js', options: node },
  { entry: 'server/src/browser.ts', file: 'server.web.js', options: { ...browser, format: 'iife' } },
  {
    entry: 'server/src/cli.ts',
    file: 'cli.js',
    options: {
      ...node,
      banner: { js: `#!/usr/bin/env node\n${node.banner?.['js'] ?? ''}` },
      plugins: [loadedLater('headless.ts', 'deploy.js')],
    },
  },
];

const assets = [
  'node_modules/web-tree-sitter/web-tree-sitter.wasm',
  'node_modules/tree-sitter-bash/tree-sitter-bash.wasm',
];

mkdirSync(dist, { recursive: true });
for (const asset of assets) copyFileSync(join(root, asset), join(dist, asset.split('/').at(-1) ?? asset));

const contexts = await Promise.all(bundles.map((bundle) => esbuild.context(optionsOf(bundle))));
if (watch) {
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  try {
    const results = await Promise.all(contexts.map((context) => context.rebuild()));
    const metafiles = results.flatMap((result) => result.metafile ?? []);
    writeFileSync(join(dist, 'THIRD_PARTY_NOTICES.txt'), thirdPartyNotices(root, metafiles));
    for (const metafile of metafiles) {
      if (process.argv.includes('--analyze')) console.log(await esbuild.analyzeMetafile(metafile));
    }
    console.log(bundles.map(({ file }) => `${file} ${kilobytes(join(dist, file))} kB`).join(', '));
  } catch (error) {
    process.exitCode = 1;
    const isPrinted = error instanceof Error && 'errors' in error; // esbuild says itself what is wrong in the sources
    if (!isPrinted) console.error(error);
  } finally {
    await Promise.all(contexts.map((context) => context.dispose()));
  }
}

function optionsOf({ entry, file, options }: Bundle): esbuild.BuildOptions {
  return {
    ...options,
    entryPoints: [join(root, entry)],
    outfile: join(dist, file),
    absWorkingDir: root,
    bundle: true,
    // Without this esbuild takes the UMD builds of Microsoft's packages, which hide their imports from it.
    mainFields: options.platform === 'browser' ? ['browser', 'module', 'main'] : ['module', 'main'],
    minify: !watch,
    sourcemap: watch,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  };
}

function kilobytes(file: string): string {
  return existsSync(file) ? (statSync(file).size / 1000).toFixed(0) : '0';
}
