import type { Tree, TreeCursor } from 'web-tree-sitter';
import type { Range } from '../../text/range.ts';
import type { NodeKind, NodeKinds } from './node-kinds.ts';
import { plainWords } from './plain-words.ts';
import type { Enclosure, Joint } from './script.ts';
import type { CommandSketch, Line, RedirectionSketch, Structure } from './sketch.ts';

/** A list of commands: the script itself, or what is inside a construct of it. */
interface List {
  readonly inside: readonly Enclosure[];
  /** The line of the list round it, when this one's commands are part of that. */
  readonly outer: List | undefined;
  joint: Joint | undefined;
  line: Line | undefined;
  /** What a redirection after it belongs to. */
  last: CommandSketch | 'compound' | undefined;
  /** Set while the words of a broken statement are gathered. */
  loose: CommandSketch | undefined;
}

type Role = 'statements' | 'broken' | 'command' | 'word' | 'redirect' | 'heredoc';

interface Frame {
  readonly role: Role;
  readonly list: List;
  readonly command?: CommandSketch;
  readonly redirection?: RedirectionSketch;
}

/** Deeper ones are not looked into: nobody writes them, and each would cost a copy of the enclosures round it. */
const deepestEnclosure = 60;

export function readStructure(tree: Tree, source: string, kinds: NodeKinds): Structure {
  const cursor = tree.walk();
  const reader = new StructureReader(cursor, source, kinds, tree.rootNode.hasError);
  try {
    reader.readAll();
    return reader;
  } finally {
    cursor.delete();
  }
}

/** One walk over a tree. A class, as what it gathers lives as long as the walk. */
class StructureReader implements Structure {
  readonly commands: CommandSketch[] = [];
  readonly lines: Line[] = [];
  readonly errors: Range[] = [];
  readonly #cursor: TreeCursor;
  readonly #source: string;
  readonly #kinds: NodeKinds;
  readonly #hasError: boolean;
  readonly #hasSubstitution: boolean;

  constructor(cursor: TreeCursor, source: string, kinds: NodeKinds, hasError: boolean) {
    this.#cursor = cursor;
    this.#source = source;
    this.#kinds = kinds;
    this.#hasError = hasError;
    this.#hasSubstitution = substitution.test(source);
  }

  /** Not recursive: a list of thousands of commands is a tree as deep. */
  readAll(): void {
    const cursor = this.#cursor;
    const outer: Frame[] = [];
    let frame: Frame = { role: 'statements', list: newList([], undefined) };
    for (;;) {
      const inner = this.#enter(frame, this.#kinds.of(cursor.nodeTypeId));
      if (inner && cursor.gotoFirstChild()) {
        outer.push(frame);
        frame = inner;
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        const parent = outer.pop();
        if (!parent) return;
        cursor.gotoParent();
        frame = parent;
      }
    }
  }

  /** Takes the cursor's node in; returns the frame for its children where these matter. */
  #enter(frame: Frame, kind: NodeKind): Frame | undefined {
    const { list } = frame;
    if (this.#hasError) this.#noteMissing();
    switch (kind.is) {
      case 'skipped':
        return frame.role === 'command' && this.#isVariable() ? this.#literal(frame) : undefined;
      case 'token':
        return this.#token(frame);
      case 'transparent':
        return this.#transparent(frame);
      case 'literal':
        return this.#literal(frame);
      case 'operator':
        return this.#operator(frame, kind.joint);
      case 'branch':
        return this.#branch(frame);
      case 'enclosure':
        return this.#enclosure(frame, kind.enclosure);
      case 'command':
        return this.#command(frame);
      case 'assignment':
        return this.#assignment(frame);
      case 'redirect':
        return this.#redirect(frame, 'redirect');
      case 'heredoc':
        return this.#redirect(frame, 'heredoc');
      case 'heredocBody':
        if (frame.redirection) frame.redirection.body = this.#range();
        return this.#word(list);
      case 'error':
        return this.#error(frame);
    }
  }

  #command(frame: Frame): Frame | undefined {
    if (frame.role === 'command') return frame;
    const { startIndex: start, endIndex: end } = this.#cursor;
    const command = this.#newCommand(frame.list, start, end);
    const arePlain = !this.#hasError && plainWords(this.#source.slice(start, end), start, command.pieces);
    return arePlain ? undefined : { role: 'command', list: frame.list, command };
  }

  /** The part of an `if`, a loop or a `case` where a list of its own begins. */
  #branch(frame: Frame): Frame | undefined {
    if (frame.role === 'command') return this.#literal(frame);
    if (this.#cursor.nodeIsNamed) return this.#enclose(frame, undefined);
    resetList(frame.list);
    return undefined;
  }

  #token(frame: Frame): Frame | undefined {
    const { redirection } = frame;
    if (redirection && redirection.targetEnd < 0) redirection.operatorEnd = this.#cursor.endIndex;
    else if (frame.role === 'command') return this.#literal(frame);
    return undefined;
  }

  #transparent(frame: Frame): Frame {
    if (frame.role === 'heredoc') return { role: 'statements', list: frame.list };
    return frame;
  }

  #literal(frame: Frame): Frame | undefined {
    const { startIndex: start, endIndex: end } = this.#cursor;
    const { redirection, list } = frame;
    // What the grammar put there because it missed it.
    if (start === end) return this.#word(list);
    if (redirection && (redirection.targetEnd < 0 || redirection.targetEnd === start)) {
      if (redirection.targetEnd < 0) redirection.targetStart = start;
      redirection.targetEnd = end;
      if (list.line) list.line.end = Math.max(list.line.end, end);
    } else {
      this.#wordOwner(frame)?.pieces.push(start, end);
    }
    return this.#hasError || (this.#hasSubstitution && substitution.test(this.#source.slice(start, end)))
      ? this.#word(list)
      : undefined;
  }

  #wordOwner({ role, list, command, redirection }: Frame): CommandSketch | undefined {
    // The grammar takes what follows a redirection for more of it, and even a pipe after `<<EOF > file`.
    const isBeyondPipe = redirection !== undefined && command !== undefined && list.last !== command;
    if (role !== 'broken' && !isBeyondPipe) return command;
    list.loose ??= this.#newCommand(list);
    if (list.line) list.line.end = this.#cursor.endIndex;
    return list.loose;
  }

  #word(list: List): Frame | undefined {
    return this.#hasError || this.#hasSubstitution ? { role: 'word', list } : undefined;
  }

  #error(frame: Frame): Frame {
    // What follows `<<EOF > file` is right, but more than the grammar knows.
    if (frame.redirection) return frame;
    this.errors.push(this.#range());
    return { role: frame.role === 'statements' || frame.role === 'broken' ? 'broken' : 'word', list: frame.list };
  }

  #operator(frame: Frame, joint: Joint): Frame | undefined {
    const { list, role } = frame;
    if (role === 'word') return undefined;
    if (role === 'command') return this.#literal(frame);
    if (list.line && joint === '&') list.line.followedBy = joint;
    list.joint = joint;
    list.last = undefined;
    list.loose = undefined;
    return undefined;
  }

  #enclosure(frame: Frame, enclosure: Enclosure): Frame | undefined {
    if (enclosure === 'substitution') {
      if (frame.role === 'command' || frame.role === 'redirect' || frame.role === 'heredoc' || frame.role === 'broken')
        this.#literal(frame);
      return this.#enclose({ role: 'word', list: frame.list }, enclosure);
    }
    if (frame.role === 'word') return frame;
    this.#element(frame.list, this.#cursor.startIndex, this.#cursor.endIndex);
    frame.list.last = 'compound';
    return this.#enclose(
      frame,
      enclosure === 'group' && frame.list.inside.at(-1) === 'function' ? undefined : enclosure,
    );
  }

  #enclose(frame: Frame, enclosure: Enclosure | undefined): Frame | undefined {
    const { inside } = frame.list;
    if (inside.length >= deepestEnclosure) return undefined;
    const outer = enclosure === 'substitution' || enclosure === 'function' ? undefined : frame.list;
    return { role: 'statements', list: newList(enclosure ? [...inside, enclosure] : inside, outer) };
  }

  #assignment(frame: Frame): Frame | undefined {
    if (frame.role === 'word') return frame;
    const command = frame.command ?? this.#newCommand(frame.list);
    // `export A=b` and the like take it as an argument.
    if (command.pieces.length > 0) return this.#literal(frame);
    command.assignments.push(this.#range());
    return this.#word(frame.list);
  }

  #redirect(frame: Frame, role: 'redirect' | 'heredoc'): Frame {
    const { list } = frame;
    const { startIndex: start } = this.#cursor;
    const redirection: RedirectionSketch = {
      start,
      operatorEnd: start,
      targetStart: start,
      targetEnd: -1,
      body: undefined,
    };
    const command = frame.command ?? (list.last === 'compound' ? undefined : (list.last ?? this.#newCommand(list)));
    command?.redirections.push(redirection);
    return command ? { role, list, command, redirection } : { role, list, redirection };
  }

  #newCommand(list: List, start = this.#cursor.startIndex, end = this.#cursor.endIndex): CommandSketch {
    // After the body of a heredoc the grammar has no token for the line break.
    const joint = list.joint ?? (list.line ? ';' : undefined);
    const line = this.#element(list, start, end);
    const command: CommandSketch = { pieces: [], assignments: [], redirections: [], inside: list.inside, joint };
    this.commands.push(command);
    line.commands.push(command);
    for (let outer = list.outer; outer; outer = outer.outer) outer.line?.commands.push(command);
    list.last = command;
    return command;
  }

  /** A command or a compound: the next of the line when a pipe is before it, else the first of a new one. */
  #element(list: List, start: number, end: number): Line {
    if (list.line && (list.joint === '|' || list.joint === '|&')) {
      list.line.elements++;
      list.line.end = end;
    } else {
      if (list.line) list.line.followedBy ??= list.joint ?? ';';
      list.line = { inside: list.inside, start, end, elements: 1, commands: [], followedBy: undefined };
      this.lines.push(list.line);
    }
    list.joint = undefined;
    return list.line;
  }

  #isVariable(): boolean {
    return this.#cursor.nodeType === 'variable_name' || this.#cursor.nodeType === 'special_variable_name';
  }

  #noteMissing(): void {
    if (this.#cursor.nodeIsMissing) this.errors.push(this.#range());
  }

  #range(): Range {
    return { start: this.#cursor.startIndex, end: this.#cursor.endIndex };
  }
}

const substitution = /\$\(|`|[<>]\(/;

function newList(inside: readonly Enclosure[], outer: List | undefined): List {
  return { inside, outer, joint: undefined, line: undefined, last: undefined, loose: undefined };
}

function resetList(list: List): void {
  list.joint = list.line = list.last = list.loose = undefined;
}
