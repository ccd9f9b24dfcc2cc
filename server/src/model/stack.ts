/** A kind of application, told by the files that lie in its folder. */
export interface Stack {
  readonly name: string;
  /** One of these, `*` for anything, shows that the folder holds such an application. */
  readonly signs: readonly string[];
  /** What it leaves in the folder that no image needs. */
  readonly leftovers: readonly string[];
  /** Working on it leaves nothing of these in the folder as a rule. */
  readonly isTidy?: boolean;
}

const stacks: readonly Stack[] = [
  {
    name: 'Node.js',
    signs: ['package.json'],
    leftovers: ['**/node_modules', 'npm-debug.log*', '.npm', 'coverage', 'dist'],
  },
  {
    name: 'Python',
    signs: ['requirements.txt', 'pyproject.toml', 'Pipfile', 'setup.py', 'manage.py'],
    leftovers: [
      '**/__pycache__',
      '**/*.py[cod]',
      '.venv',
      'venv',
      '.pytest_cache',
      '.mypy_cache',
      '.ruff_cache',
      '*.egg-info',
      'htmlcov',
      '.coverage',
    ],
  },
  {
    name: '.NET',
    signs: ['*.csproj', '*.fsproj', '*.sln', '*.slnx'],
    leftovers: ['**/bin', '**/obj', '.vs', '**/*.user', 'TestResults'],
  },
  {
    name: 'Java',
    signs: ['pom.xml', 'build.gradle', 'build.gradle.kts'],
    leftovers: ['target', 'build', '.gradle', '*.iml'],
  },
  { name: 'Go', signs: ['go.mod'], leftovers: ['bin', '*.test', '*.out', 'coverage.*'], isTidy: true },
  { name: 'Rust', signs: ['Cargo.toml'], leftovers: ['target'] },
  { name: 'PHP', signs: ['composer.json'], leftovers: ['vendor', '.phpunit.result.cache'] },
  { name: 'Ruby', signs: ['Gemfile'], leftovers: ['.bundle', 'vendor/bundle', 'log/*', 'tmp/*'] },
];

const always = `# What the image does not need, or must never have.
.git
.gitignore
.github
.vscode
.idea
.DS_Store
Dockerfile*
compose*.y*ml
docker-compose*.y*ml
.dockerignore

# Secrets
**/.env
**/.env.*
!**/.env.example
**/*.pem
**/*.key
`;

export function stackOf(fileNames: readonly string[]): Stack | undefined {
  const names = new Set(fileNames);
  return stacks.find(({ signs }) =>
    signs.some((sign) =>
      sign.startsWith('*') ? fileNames.some((name) => name.endsWith(sign.slice(1))) : names.has(sign),
    ),
  );
}

/** The text of a `.dockerignore` for an application of that kind, without what would hold back a path that is needed. */
export function dockerignoreFor(stack: Stack | undefined, needed: readonly string[] = []): string {
  const lines = [...always.trimEnd().split('\n'), ...(stack ? ['', `# ${stack.name}`, ...stack.leftovers] : [])];
  const kept = lines.filter(
    (line) => line === '' || /^[#!]/.test(line) || !needed.some((path) => holdsBack(line, path)),
  );
  return `${kept.join('\n')}\n`;
}

/** Whether a pattern matches a path, a folder that it is in, or what its own pattern may match. */
function holdsBack(pattern: string, path: string): boolean {
  const anywhere = pattern.startsWith('**/');
  const wanted = globOf(anywhere ? pattern.slice('**/'.length) : pattern);
  const parts = path.split('/').filter((part) => part !== '');
  if (anywhere) return parts.some((part) => wanted.test(part));
  return parts.some((_, i) => wanted.test(parts.slice(0, i + 1).join('/'))) || pattern.startsWith(`${path}/`);
}

function globOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`);
}
