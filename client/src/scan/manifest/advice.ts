import type { Vulnerability } from '../finding.ts';

/** The command that raises a package which no manifest names; the user runs it, or not. */
export function commandFor(finding: Vulnerability, target: string): string | undefined {
  const { packageName: name, resultType } = finding;
  // It is going to be pasted into a shell.
  if (!/^@?[A-Za-z0-9][\w./:@-]*$/.test(name) || !/^v?\d[\w.+-]*$/.test(target)) return undefined;
  switch (resultType) {
    case 'npm':
    case 'node-pkg':
      return `npm update ${name}`;
    case 'yarn':
      return `yarn up --recursive ${name}`;
    case 'pnpm':
      return `pnpm update --recursive --depth Infinity ${name}`;
    case 'bun':
      return `bun update ${name}`;
    case 'poetry':
      return `poetry update ${name}`;
    case 'pipenv':
      return `pipenv update ${name}`;
    case 'uv':
      return `uv lock --upgrade-package ${name}`;
    case 'pip':
    case 'python-pkg':
      return `pip install --upgrade '${name}>=${target}'`;
    case 'gomod':
    case 'gobinary':
      return name === 'stdlib' ? undefined : `go get ${name}@v${target.replace(/^v/, '')}`;
    case 'cargo':
    case 'rustbinary':
      return `cargo update --package ${name} --precise ${target}`;
    case 'bundler':
    case 'gemspec':
      return `bundle update --conservative ${name}`;
    case 'composer':
    case 'composer-vendor':
      return `composer update --with-dependencies ${name}`;
    case 'nuget':
    case 'dotnet-core':
      return `dotnet add package ${name} --version ${target}`;
    default:
      return undefined;
  }
}
