const instructions =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)$/i;

/**
 * What the classic builder of ACR Tasks says of heredocs, whose lines are instructions for it, and of newer flags. Today's Docker overlooks
 * these in its own classic builder, and builds something else than was meant. The rest of what needs BuildKit it refuses itself.
 */
export function classicProblem(dockerfile: string): string | undefined {
  const lines = dockerfile.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const flag = /^\s*(?:COPY|ADD)\s+(?:--(?:from|chown|chmod)=\S+\s+)*--(?!from=|chown=|chmod=)([a-z-]+)/i.exec(
      line,
    )?.[1];
    if (flag !== undefined) return problemAt(index, `Unknown flag: ${flag}`);
    if (!/^\s*(RUN|COPY|ADD)\s(?:.*[^<])?<<-?["']?[A-Za-z_]\w*["']?(?:\s|$)/i.test(line)) continue;
    const inside = lines.findIndex((text, at) => at > index && text.trim() !== '' && !text.trim().startsWith('#'));
    const [word = ''] = lines[inside]?.trim().split(/\s+/) ?? [];
    if (!line.trimEnd().endsWith('\\') && inside >= 0 && !instructions.test(word)) {
      return problemAt(inside, `unknown instruction: ${word.toUpperCase()}`);
    }
  }
  return undefined;
}

function problemAt(index: number, what: string): string {
  return `Error response from daemon: dockerfile parse error line ${index + 1}: ${what}`;
}
