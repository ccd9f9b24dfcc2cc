import type { Language } from 'web-tree-sitter';
import type { Enclosure, Joint } from './script.ts';

/** What a node of the grammar means to us. */
export type NodeKind =
  | { readonly is: 'skipped' | 'token' | 'transparent' | 'literal' | 'heredocBody' | 'error' }
  | { readonly is: 'operator'; readonly joint: Joint }
  | { readonly is: 'branch' }
  | { readonly is: 'enclosure'; readonly enclosure: Enclosure }
  | { readonly is: 'command' | 'assignment' | 'redirect' | 'heredoc' };

/** By the grammar's numeric node type. */
export interface NodeKinds {
  of(typeId: number): NodeKind;
}

const kindOfName: Readonly<Record<string, NodeKind>> = {
  ...all({ is: 'skipped' }, ['comment', 'heredoc_end', 'file_descriptor', 'variable_name', 'special_variable_name']),
  ...all({ is: 'literal' }, [
    'command_name',
    'word',
    'string',
    'raw_string',
    'ansi_c_string',
    'translated_string',
    'concatenation',
    'number',
    'expansion',
    'simple_expansion',
    'arithmetic_expansion',
    'brace_expression',
    'extglob_pattern',
    'regex',
    'test_operator',
    'heredoc_start',
  ]),
  ...all({ is: 'command' }, [
    'command',
    'test_command',
    'declaration_command',
    'unset_command',
    'variable_assignments',
  ]),
  ...all({ is: 'redirect' }, ['file_redirect', 'herestring_redirect']),
  ...all({ is: 'enclosure', enclosure: 'loop' }, ['for_statement', 'c_style_for_statement', 'while_statement']),
  ...all({ is: 'enclosure', enclosure: 'substitution' }, ['command_substitution', 'process_substitution']),
  ...all({ is: 'branch' }, ['elif_clause', 'else_clause', 'do_group', 'then', ')']),
  variable_assignment: { is: 'assignment' },
  heredoc_redirect: { is: 'heredoc' },
  heredoc_body: { is: 'heredocBody' },
  subshell: { is: 'enclosure', enclosure: 'subshell' },
  compound_statement: { is: 'enclosure', enclosure: 'group' },
  if_statement: { is: 'enclosure', enclosure: 'if' },
  case_item: { is: 'enclosure', enclosure: 'case' },
  function_definition: { is: 'enclosure', enclosure: 'function' },
  '&&': { is: 'operator', joint: '&&' },
  '||': { is: 'operator', joint: '||' },
  ';': { is: 'operator', joint: ';' },
  ';;': { is: 'operator', joint: ';' },
  '\n': { is: 'operator', joint: ';' },
  '&': { is: 'operator', joint: '&' },
  '|': { is: 'operator', joint: '|' },
  '|&': { is: 'operator', joint: '|&' },
};

export function nodeKindsOf(language: Language): NodeKinds {
  const error: NodeKind = { is: 'error' };
  const kinds = Array.from(language.types, (name: string | undefined, id): NodeKind => {
    const known = name !== undefined && Object.hasOwn(kindOfName, name) ? kindOfName[name] : undefined;
    return known ?? { is: language.nodeTypeIsNamed(id) ? 'transparent' : 'token' };
  });
  // ERROR is 65535 and so beyond the table.
  return { of: (typeId) => kinds[typeId] ?? error };
}

function all(kind: NodeKind, names: readonly string[]): Record<string, NodeKind> {
  return Object.fromEntries(names.map((name) => [name, kind]));
}
