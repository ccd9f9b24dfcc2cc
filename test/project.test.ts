// What must agree with what.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { kindOfFile } from '../server/src/engine/document.ts';
import { rulePage } from '../server/src/lsp/protocol.ts';
import { describedRules } from '../server/src/report/described-rules.ts';
import { ruleUrl } from '../server/src/report/rule-page.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('generated files are fresh', async () => {
  const script = join(root, 'scripts/generate.ts');
  const { stderr } = await promisify(execFile)(process.execPath, [script, '--check'], { cwd: root });
  assert.equal(stderr, '');
});

suite('rules', () => {
  test('have ids of their own', () => {
    const ids = describedRules.map(({ rule }) => rule.id);
    assert.equal(new Set(ids).size, ids.length);
  });

  test('have the names of their files', () => {
    const names = ['dockerfile', 'compose'].flatMap((language) =>
      readdirSync(join(root, 'server/src/rules', language)).map((file) => file.replace(/\.ts$/, '')),
    );
    const engine = ['invalid-configuration', 'unused-suppression'];
    assert.deepEqual(describedRules.map(({ rule }) => rule.id).sort(), [...names, ...engine].sort());
  });

  test('have pages where the links lead', () => {
    for (const { rule } of describedRules) {
      assert.equal(ruleUrl(rule.id), rulePage(rule.id));
      assert.ok(ruleUrl(rule.id).endsWith(`/docs/rules/${rule.id}.md`));
    }
  });

  for (const { rule } of describedRules) {
    test(rule.id, () => {
      assert.match(rule.id, /^[a-z]+(?:-[a-z0-9]+)*$/);
      assert.match(rule.summary, /^[A-Z][^\n]*[^.\n]\.$/, 'the summary is one sentence');
      assert.doesNotMatch(rule.summary, /[a-z]\. [A-Z]/, 'the summary is one sentence');
      assert.notEqual(rule.why.trim(), rule.summary);
      assert.match(rule.why.trim(), /\.$/m);

      const aliases = rule.aliases ?? [];
      assert.equal(new Set(aliases).size, aliases.length, 'an alias is there twice');
      const tools = /^(?:hadolint|buildkit|trivy|checkov|kics|dclint|dockerfile-utils|dockle|semgrep|sonar|grype):\S/;
      for (const alias of aliases) assert.match(alias, tools);

      for (const [name, option] of Object.entries(rule.options ?? {})) {
        assert.match(name, /^[a-z]+(?:-[a-z]+)*$/, 'options are kebab-case');
        assert.notEqual(name, 'severity');
        assert.match(option.description, /^[A-Z`'].*\.$/s);
      }
    });

    test(`${rule.id}: its words to the user`, () => {
      const messages = [...rule.bad.matchAll(/^ *\^+ (.*)$/gm)].map(([, message = '']) => message);
      assert.notEqual(messages.length, 0, 'the bad example shows a message');
      for (const message of messages) {
        assert.ok(message.length < 100, `${message.length} characters: ${message}`);
        assert.doesNotMatch(message, /\.$/);
        assert.doesNotMatch(message, /`|"/, 'names stand in single quotes');
        assert.match(message, /^(?:[A-Z']|\d)/);
      }
      const [, titles] = /^=> (.*)$/m.exec(rule.bad) ?? [];
      for (const title of titles?.split('; ') ?? []) {
        assert.match(title, /^[A-Z][^]*[^.]$/, 'titles are imperative and have no full stop');
      }
    });
  }
});

suite('manifest', () => {
  const sources = ['client/src', 'server/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(join(folder, file))),
  );
  const { contributes } = manifest;
  const commands = contributes.commands.map(({ command }) => command);
  const settings = Object.keys(contributes.configuration.properties);

  test('every command is in the sources, and every one that is run is there', () => {
    const named = new Set(sources.flatMap((text) => [...text.matchAll(/'(shipshape\.[\w.]+)'/g)].map(([, id]) => id)));
    // The server makes this one up for the client; no user calls it.
    const internal = ['shipshape.turnOffRule'];
    assert.deepEqual(
      commands.filter((command) => !named.has(command)),
      [],
    );
    const idsAfter = (before: string): readonly string[] =>
      sources.flatMap((text) =>
        [...text.matchAll(new RegExp(`(?:${before})\\s*'(shipshape\\.[\\w.]+)'`, 'g'))].map(([, id]) => id ?? ''),
      );
    // VS Code has one of its own for each view.
    const focus = Object.values(contributes.views).flatMap((views) => views.map(({ id }) => `${id}.focus`));
    // Some are for links on our own pages only, and so in no menu.
    const known = new Set([...commands, ...internal, ...focus, ...idsAfter('register\\(|view\\(')]);
    const run = idsAfter('executeCommand\\(|command:');
    assert.ok(run.length > 5, 'they are looked for as they are written');
    assert.deepEqual(
      run.filter((id) => !known.has(id)),
      [],
    );
  });

  test('every setting is read', () => {
    const isRead = (setting: string): boolean => {
      const key = setting.replace(/^shipshape\./, '');
      // Read as a whole, or by its last part from the section that is named in the same file.
      const [last = '', ...section] = key.split('.').toReversed();
      const from = section.length === 0 ? undefined : `shipshape.${section.toReversed().join('.')}'`;
      return sources.some(
        (text) =>
          text.includes(`'${key}'`) ||
          text.includes(`.${key}`) ||
          (from !== undefined && text.includes(from) && new RegExp(`['.]${last}\\b`).test(text)),
      );
    };
    // The language client reads `trace.server` itself.
    assert.deepEqual(
      settings.filter((setting) => setting !== 'shipshape.trace.server' && !isRead(setting)),
      [],
    );
  });

  test('it starts with a language or a command only', () => {
    for (const event of manifest.activationEvents) assert.match(event, /^on(?:Language|Command|WebviewPanel):/);
  });

  test('the editor and the command line know the same files', () => {
    const names = [
      ...['Dockerfile', 'Containerfile', 'Dockerfile.dev', 'Containerfile.dev', 'web.dockerfile', 'web.containerfile'],
      ...['compose.yml', 'compose.yaml', 'compose.override.yaml', 'compose-dev.yml', 'docker-compose.yml'],
      ...[
        'docker-compose.prod.yaml',
        'docker-compose-dev.yml',
        'Dockerfile.dockerignore',
        '.dockerignore',
        'other.yml',
      ],
    ];
    for (const name of names) {
      const language = languageOf(name);
      const kind = { dockerfile: 'dockerfile', dockercompose: 'compose' }[language ?? ''];
      assert.equal(kindOfFile(name), kind, name);
    }
  });

  /** As VS Code decides: the whole name, then the longest pattern, then the extension. */
  function languageOf(name: string): string | undefined {
    const matches = contributes.languages.flatMap((language) => {
      const { id } = language;
      if (language.filenames?.includes(name) === true) return [{ id, rank: 1000 }];
      const patterns = language.filenamePatterns.filter((pattern) => matchesPattern(pattern, name));
      const extensions = 'extensions' in language ? language.extensions : [];
      return [
        ...patterns.map((pattern) => ({ id, rank: 100 + pattern.length })),
        ...extensions.filter((extension) => name.endsWith(extension)).map(() => ({ id, rank: 1 })),
      ];
    });
    return matches.sort((a, b) => b.rank - a.rank)[0]?.id;
  }

  function matchesPattern(pattern: string, name: string): boolean {
    const source = pattern.split('*').map((part) => part.replace(/[.]/g, '\\.'));
    return new RegExp(`^${source.join('.*')}$`).test(name);
  }
});

test('the changelog knows this version, or what is to come', () => {
  assert.match(
    read('CHANGELOG.md'),
    new RegExp(`^## \\[(?:Unreleased|${manifest.version.replaceAll('.', '\\.')})\\]`, 'm'),
  );
});
