/** What a line of an image's history says: the builders each word it in their own way. */
export interface CreatedBy {
  /** Absent when it is not from a Dockerfile, or not in words we know. */
  readonly keyword?: string;
  /** What follows, without flags; for RUN with its shell. */
  readonly text: string;
  /** For RUN: how many build arguments stand before the text, as `|2 A=1 B=2`. */
  readonly argumentCount?: number;
  /** For COPY and ADD: true when only a checksum is there of what was copied. */
  readonly hidesSources?: true;
}

const keywords =
  'ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR';
const buildkit = new RegExp(`^(${keywords})(?:\\s+([^]*))?$`);
// The builder without BuildKit, and Podman's. Nothing but a shell stands before the mark, so that a RUN that mentions it stays a RUN.
const classic = new RegExp(`^[^"'#;&|]{0,120}#\\(nop\\)\\s+(${keywords})(?:\\s+([^]*))?$`);
const shellCommand = /^(?:\/\S+|cmd|powershell|pwsh)(?: [/-]\S+)+ /i;
const checksum = /^(?:\w+:)?[0-9a-f]{64} in (.*)$/s;

export function readCreatedBy(createdBy: string): CreatedBy {
  const whole = joined(createdBy.replace(/\s# buildkit\s*$/, ''));
  const named = buildkit.exec(whole) ?? classic.exec(whole);
  const keyword = named?.[1] ?? (whole.startsWith('|') || shellCommand.test(whole) ? 'RUN' : undefined);
  const text = named ? (named[2] ?? '') : whole;
  if (keyword === 'RUN') {
    const [start, count] = /^\|(\d{1,4}) /.exec(text) ?? [];
    return start === undefined
      ? { keyword, text }
      : { keyword, text: text.slice(start.length), argumentCount: Number(count) };
  }
  if (keyword !== 'COPY' && keyword !== 'ADD') return { ...(keyword !== undefined && { keyword }), text };
  const bare = withoutFlags(text);
  const target = checksum.exec(bare)?.[1];
  return target === undefined ? { keyword, text: bare } : { keyword, text: target.trim(), hidesSources: true };
}

/** White space does not matter here: builders keep or join it differently. */
export function joined(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** For people to read, in one line: without the builder's marks, and without the values of variables. */
export function shownCreatedBy(createdBy: string): string {
  const { keyword, text, argumentCount, hidesSources } = readCreatedBy(createdBy);
  if (keyword === undefined) return text;
  if (hidesSources) return `${keyword} … ${text}`;
  if (keyword === 'ARG' || keyword === 'ENV') return `${keyword} ${text.replace(/=[^]*/, '=…')}`;
  if (keyword !== 'RUN') return `${keyword} ${text}`.trim();
  const usual = '/bin/sh -c ';
  if (argumentCount !== undefined) {
    const shell = text.indexOf(` ${usual}`);
    // A value may be anything; what cannot be told from the command is not shown.
    return shell < 0 ? 'RUN …' : `RUN ${text.slice(shell + usual.length + 1)}`;
  }
  return `RUN ${text.startsWith(usual) ? text.slice(usual.length) : text}`;
}

function withoutFlags(text: string): string {
  return text.replace(/^(?:--[a-z]+(?:=\S*)? )+/, '');
}
