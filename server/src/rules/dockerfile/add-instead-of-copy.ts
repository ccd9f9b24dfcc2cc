import { keywordLike } from '../../model/instruction-lines.ts';
import { dockerfileRule } from '../rule.ts';

const archive =
  /\.(?:tar|tgz|tbz2?|txz|tzst|tar\.(?:gz|bz2|xz|zst|lzma|lz|z)|gz|bz2|xz|zst|lzma|lz|Z|tb2|tz|tlz|tpz)$/i;
const remote = /^(?:https?|ftp|git|ssh):\/\/|^git@|^github\.com\/|[:@].*\.git(?:#.*)?$/i;
/** What `docker history` shows in the place of files. */
const historyEntry = /^(?:file|multi|dir):[0-9a-f]{64}$/;
const addOnlyFlags = new Set(['checksum', 'keep-git-dir', 'unpack']);

export default dockerfileRule({
  id: 'add-instead-of-copy',
  summary: 'Copy local files with COPY.',
  why: 'ADD also unpacks archives and downloads. COPY does only what it says, so a file that happens to be an archive arrives as it is.',
  category: 'correctness',
  severity: 'warning',
  aliases: ['hadolint:DL3020', 'trivy:DS-0005', 'checkov:CKV_DOCKER_4', 'kics:Add Instead of Copy'],
  bad: `
FROM python:3.12-slim
ADD requirements.txt /app/
^^^ 'ADD' of local files: use 'COPY'
=> Replace with COPY
FROM python:3.12-slim
COPY requirements.txt /app/
`,
  good: `
FROM python:3.12-slim
ADD rootfs.tar.gz /
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/tool /usr/local/bin/tool
`,

  *check(dockerfile) {
    for (const instruction of dockerfile.instructions) {
      const { keyword, keywordRange, flags, heredocs } = instruction;
      if (keyword !== 'ADD' || heredocs.length > 0 || flags.some(({ name }) => addOnlyFlags.has(name))) continue;
      const parts = instruction.json ?? instruction.words;
      const written = parts.slice(0, -1).map(({ value }) => value);
      const sources = written.map((value) => dockerfile.expand(value, instruction) ?? value);
      const isLocal = sources.length > 0 && sources.every((source) => !isSpecial(source));
      if (!isLocal) continue;
      yield {
        range: keywordRange,
        message: "'ADD' of local files: use 'COPY'",
        fix: {
          title: 'Replace with COPY',
          // Whoever builds may set a variable to an address or an archive.
          safe: written.every((value) => !value.includes('$')),
          edits: [{ range: keywordRange, text: keywordLike(dockerfile, instruction, 'COPY') }],
        },
      };
    }
  },
});

/** What only ADD can do, or what may be that once its variables are known. */
function isSpecial(source: string): boolean {
  const plain = source.replace(/^["']|["']$/g, '');
  return (
    /^\$|\$(?:\w+|\{[^}]*\})$/.test(plain) || remote.test(plain) || archive.test(plain) || historyEntry.test(plain)
  );
}
