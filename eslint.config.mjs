import tseslint from 'typescript-eslint';

// What each folder of server/src may import, besides itself. See ARCHITECTURE.md.
const layers = {
  text: [],
  knowledge: ['text'],
  syntax: ['text', 'knowledge'],
  model: ['text', 'syntax', 'knowledge'],
  rules: ['text', 'syntax', 'knowledge', 'model'],
  engine: ['text', 'syntax', 'knowledge', 'model', 'rules'],
  features: ['text', 'syntax', 'knowledge', 'model', 'rules', 'engine'],
  report: ['text', 'syntax', 'knowledge', 'model', 'rules', 'engine'],
  lsp: ['text', 'syntax', 'knowledge', 'model', 'rules', 'engine', 'features', 'report'],
};
const entries = ['node', 'browser', 'cli', 'command-line'];

const protocolTypes = '^vscode-languageserver-(types|textdocument)$';
const editor = ['^vscode$', '^vscode-languageclient(/|$)'];
const connection = ['^vscode-languageserver(-protocol)?(/|$)', '^vscode-jsonrpc(/|$)'];
const rulesOfServer = '/server/src/(rules|engine|features|report|lsp(?!/protocol\\.ts$)|node|browser|cli)(/|\\.ts$)';
const pure = ['^node:', ...editor, ...connection];

const forbidImports = (files, regexes, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: regexes.map((regex) => ({ regex, message })) }] },
});

const layerRules = Object.entries(layers).flatMap(([layer, allowed]) => {
  const above = [...Object.keys(layers), ...entries].filter((other) => other !== layer && !allowed.includes(other));
  const outside = [`^(\\.\\./)+(${above.join('|')})(/|\\.ts$)`, '/client/'];
  const world = layer === 'lsp' ? ['^node:', ...editor] : layer === 'features' ? pure : [...pure, protocolTypes];
  return [
    forbidImports(
      [`server/src/${layer}/**`],
      [...outside, ...world],
      `${layer}/ may import only ${allowed.join(', ') || 'nothing'}; see ARCHITECTURE.md.`,
    ),
  ];
});

const taste = [
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that declares it.' },
  {
    selector: ':matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration[kind=/let|var/]',
    message: 'No mutable state at module level: pass it in.',
  },
];
const spawning = [
  { selector: 'ImportDeclaration[source.value=/child_process$/]', message: 'Only process/run.ts starts programs.' },
];
const sockets = ['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource', 'WebTransport', 'importScripts'];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'samples/', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        // The first project that holds a file decides: the server's own, strictest one before those that import it.
        project: ['server/tsconfig.json', 'server/tsconfig.entries.json', 'client/tsconfig.json', 'tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      // A rule without options has an empty object of them.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'interface', format: ['PascalCase'], custom: { regex: '^I[A-Z]', match: false } },
      ],
      'max-lines': ['error', { max: 300 }],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...taste],
    },
  },
  ...layerRules,
  forbidImports(
    ['server/src/rules/{dockerfile,compose,dockerignore,project}/**'],
    [
      '^\\./',
      `^(\\.\\./)+(engine|features|report|lsp|dockerfile|compose|dockerignore|project)/`,
      '/client/',
      ...pure,
      protocolTypes,
    ],
    'A rule stands alone: what two rules share belongs in model/.',
  ),
  {
    files: ['server/src/**'],
    ignores: ['server/src/{node,cli}.ts', 'server/src/{node,command-line}/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...sockets.map((name) => ({ name, message: 'The server opens no socket: ask the client.' })),
      ],
    },
  },
  // Of these the last one that a file is in counts alone, so each says all that holds for it.
  forbidImports(
    ['client/src/**'],
    [rulesOfServer],
    'The client may import only text, syntax, model and knowledge of the server, and the names in lsp/protocol.ts.',
  ),
  forbidImports(
    ['client/src/{azure,registry,deploy}/**'],
    [rulesOfServer, '^vscode$'],
    'What talks to Azure knows no editor, as the command line uses it too; see client/src/deploy-ui.',
  ),
  forbidImports(
    [
      'client/src/tools/**',
      'client/src/*/{plan,describe,report}.ts',
      'client/src/deploy/{plan,az,source}/**',
      'client/src/deploy/{az-script,choices,facts,lines,prices,read-choices,step,value,world,write-choices}.ts',
      'client/src/azure/{cloud,json,api-versions,resource-id,roles}.ts',
    ],
    [rulesOfServer, ...pure],
    'Plans and parsers are pure data; see ARCHITECTURE.md.',
  ),
  {
    files: ['client/src/**'],
    ignores: ['client/src/process/run.ts'],
    rules: { 'no-restricted-syntax': ['error', ...taste, ...spawning] },
  },
  { files: ['server/src/knowledge/**', 'server/src/rules/index.ts'], rules: { 'max-lines': 'off' } },
  { files: ['test/**/*.ts'], rules: { 'max-lines': ['error', { max: 500 }] } },
  {
    files: ['{scripts,bench,test}/**/*.ts', 'server/src/cli.ts', 'server/src/command-line/**'],
    rules: { 'no-console': 'off' },
  },
  { files: ['**/*.mjs'], extends: [tseslint.configs.base] },
);
