import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import { otherLanguages, shell } from '../../scripts/generate/grammar/languages.ts';

export interface Token {
  readonly start: number;
  readonly end: number;
  readonly scopes: readonly string[];
}

export type Tokenize = (text: string) => readonly (readonly Token[])[];

const require = createRequire(import.meta.url);
const grammarFile = new URL('../../syntaxes/dockerfile.tmLanguage.json', import.meta.url);

/**
 * The tokens of each line, as VS Code's own engine finds them. The embedded languages belong to VS Code: here stand-ins
 * mark their words, and have what makes embedding hard, a string that does not stop at the end of its line.
 */
export async function tokenizer(
  embedded: 'stand-ins' | 'missing' = 'stand-ins',
  root: 'source.dockerfile' | 'text.html.markdown' = 'source.dockerfile',
): Promise<Tokenize> {
  await oniguruma.loadWASM(await readFile(require.resolve('vscode-oniguruma/release/onig.wasm')));
  const grammarText = await readFile(grammarFile, 'utf8');
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scopeName) => {
      if (scopeName === 'source.dockerfile')
        return Promise.resolve(textmate.parseRawGrammar(grammarText, grammarFile.pathname));
      if (scopeName === 'text.html.markdown') return Promise.resolve(textmate.parseRawGrammar(fence, 'markdown.json'));
      const isStandIn = embedded === 'stand-ins' && embeddedScopes.has(scopeName);
      return Promise.resolve(isStandIn ? textmate.parseRawGrammar(standIn(scopeName), 'stand-in.json') : undefined);
    },
  });
  const grammar = await registry.loadGrammar(root);
  if (!grammar) throw new Error('No grammar');
  return (text) => {
    let state = textmate.INITIAL;
    return text.split('\n').map((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      // The engine counts the line end in.
      return tokens.map(({ startIndex, endIndex, scopes }) => ({
        start: startIndex,
        end: Math.min(endIndex, line.length),
        scopes,
      }));
    });
  };
}

const embeddedScopes: ReadonlySet<string> = new Set([
  'source.batchfile',
  ...[shell, ...otherLanguages].map(({ scope }) => scope),
]);

const standIn = (scopeName: string): string =>
  JSON.stringify({
    scopeName,
    patterns: [
      { begin: "'", end: "'", name: 'string.quoted.stand-in' },
      { match: String.raw`[^\s']+`, name: `word.stand-in.${scopeName}` },
    ],
  });

/** A fenced block as VS Code's Markdown has it: a rule that, at every line, says whether it goes on. */
const fence = JSON.stringify({
  scopeName: 'text.html.markdown',
  patterns: [
    {
      begin: '^~~~dockerfile$',
      end: '^~~~$',
      patterns: [
        {
          begin: String.raw`(^|\G)(\s*)(.*)`,
          while: String.raw`(^|\G)(?!\s*~~~\s*$)`,
          contentName: 'meta.embedded.block.dockerfile',
          patterns: [{ include: 'source.dockerfile' }],
        },
      ],
    },
  ],
});
