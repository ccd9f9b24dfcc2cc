/** What may be inside a heredoc. The name is the end of `meta.embedded.block.<name>`, as VS Code's own grammars have it. */
export interface EmbeddedLanguage {
  readonly name: string;
  readonly scope: string;
  /** Programs that read it from their standard input, or that a `#!` line names: a regular expression. */
  readonly programs?: string;
  /** How the name of a file that holds it ends: a regular expression. */
  readonly files: string;
}

export const shell: EmbeddedLanguage = {
  name: 'shell',
  scope: 'source.shell',
  programs: '(?:ba|da|a|k|z)?sh',
  files: String.raw`\.(?:ba|z|k)?sh|[/.](?:bashrc|zshrc|profile|bash_profile|bash_aliases)`,
};

export const otherLanguages: readonly EmbeddedLanguage[] = [
  { name: 'python', scope: 'source.python', programs: String.raw`(?:python|pypy)[\d.]*`, files: String.raw`\.pyi?` },
  { name: 'javascript', scope: 'source.js', programs: 'node(?:js)?|bun|deno', files: String.raw`\.[cm]?js` },
  { name: 'perl', scope: 'source.perl', programs: String.raw`perl[\d.]*`, files: String.raw`\.p[lm]` },
  { name: 'ruby', scope: 'source.ruby', programs: String.raw`ruby[\d.]*`, files: String.raw`\.rb|/Gemfile` },
  { name: 'php', scope: 'source.php', programs: String.raw`php[\d.]*`, files: String.raw`\.php` },
  { name: 'powershell', scope: 'source.powershell', programs: 'pwsh|powershell', files: String.raw`\.psm?1` },
  { name: 'sql', scope: 'source.sql', programs: 'psql|mysql|mariadb|sqlite3', files: String.raw`\.sql` },
  { name: 'json', scope: 'source.json', files: String.raw`\.json` },
  { name: 'yaml', scope: 'source.yaml', files: String.raw`\.ya?ml` },
  { name: 'toml', scope: 'source.toml', files: String.raw`\.toml` },
  { name: 'ini', scope: 'source.ini', files: String.raw`\.(?:ini|cfg|properties)|/\.(?:npmrc|condarc|gitconfig)` },
  { name: 'xml', scope: 'text.xml', files: String.raw`\.xml` },
  { name: 'html', scope: 'text.html.basic', files: String.raw`\.html?` },
  { name: 'css', scope: 'source.css', files: String.raw`\.css` },
];
