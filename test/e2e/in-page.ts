/// <reference lib="dom" />
// Everything here runs in the page: each function is sent to the browser as it stands, so it may use nothing around it.

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is underlined in the editor, top to bottom, as `severity 'text'`. */
export function underlined(editor: Element): string[] {
  const lines = [...editor.querySelectorAll('.view-line')].map((line) => ({ line, box: line.getBoundingClientRect() }));
  const found: { top: number; left: number; drawn: string }[] = [];
  for (const mark of editor.querySelectorAll('.view-overlays .cdr[class*="squiggly-"]')) {
    const severity = /squiggly-(error|warning|info|hint)/.exec(mark.className)?.[1];
    const box = mark.getBoundingClientRect();
    const row = lines.find((each) => each.box.top < box.bottom && box.top < each.box.bottom);
    if (!severity || !row) continue;
    let text = '';
    const nodes = document.createTreeWalker(row.line, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      const content = node.textContent ?? '';
      for (let i = 0; i < content.length; i++) {
        const range = document.createRange();
        range.setStart(node, i);
        range.setEnd(node, i + 1);
        const letter = range.getBoundingClientRect();
        const middle = (letter.left + letter.right) / 2;
        if (box.left < middle && middle < box.right) text += content.charAt(i);
      }
    }
    found.push({ top: box.top, left: box.left, drawn: `${severity} '${text.replaceAll('\u00a0', ' ')}'` });
  }
  found.sort((a, b) => a.top - b.top || a.left - b.left);
  return found.map((each) => each.drawn);
}

/** Where the first occurrence of a text is on the screen, or nothing when it is not in view. */
export function whereIs(editor: Element, text: string): Box | undefined {
  const lines = [...editor.querySelectorAll('.view-line')].sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  );
  for (const line of lines) {
    const start = line.textContent.replaceAll('\u00a0', ' ').indexOf(text);
    if (start < 0) continue;
    const range = document.createRange();
    let offset = 0;
    const nodes = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      const length = node.textContent?.length ?? 0;
      if (offset <= start && start < offset + length) range.setStart(node, start - offset);
      const end = start + text.length;
      if (offset < end && end <= offset + length) range.setEnd(node, end - offset);
      offset += length;
    }
    const { x, y, width, height } = range.getBoundingClientRect();
    return { x, y, width, height };
  }
  return undefined;
}

/** Resolves as soon as the page changes, or after the given time. */
export function nextChange(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      observer.disconnect();
      clearTimeout(timer);
      resolve();
    };
    const observer = new MutationObserver(done);
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    const timer = setTimeout(done, milliseconds);
  });
}
