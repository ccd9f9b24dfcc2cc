import { composeRule } from '../rule.ts';
import { removeEntry } from '../../model/compose-edit.ts';

export default composeRule({
  id: 'compose-version-obsolete',
  summary: 'Drop the top-level `version`.',
  why: `
Compose has ignored \`version\` since 2020 and prints a warning about it on every run.
It no longer chooses a file format: every file is read by the one Compose Specification, whatever the number says.
`,
  category: 'style',
  severity: 'info',
  aliases: ['dclint:no-version-field'],
  tag: 'deprecated',
  bad: `
version: "3.8"
^^^^^^^ 'version' is obsolete: Compose ignores it, remove it
services:
  web:
    image: nginx:1.27
=> Remove 'version'
services:
  web:
    image: nginx:1.27
`,
  good: `
services:
  web:
    image: nginx:1.27
    labels:
      version: "2"
`,

  *check({ text, tree, top }) {
    const version = top.get('version');
    if (!version || version.isMerged) return;
    const edit = removeEntry(text, version);
    yield {
      range: version.keyRange,
      message: "'version' is obsolete: Compose ignores it, remove it",
      ...(edit && { fix: { title: "Remove 'version'", safe: tree.errors.length === 0, edits: [edit] } }),
    };
  },
});
