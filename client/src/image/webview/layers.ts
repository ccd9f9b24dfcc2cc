/// <reference lib="dom" />
// Runs in the page of an image's layers: the keyboard, and what is said of the layer that has the focus. It makes no HTML.

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const code = acquireVsCodeApi();
const segments = [...document.querySelectorAll<HTMLElement>('.segment')];
const lines = [...document.querySelectorAll<HTMLElement>('tr[data-line]')];
const said = document.getElementById('said');

function look(index: number): void {
  for (const [at, segment] of segments.entries()) {
    segment.tabIndex = at === index ? 0 : -1;
    segment.classList.toggle('current', at === index);
    lines[at]?.classList.toggle('current', at === index);
  }
  if (said) said.textContent = segments[index]?.getAttribute('aria-label') ?? '';
}

function next(key: string, from: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return Math.min(from + 1, segments.length - 1);
    case 'ArrowLeft':
    case 'ArrowUp':
      return Math.max(from - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return segments.length - 1;
    default:
      return undefined;
  }
}

for (const [index, segment] of segments.entries()) {
  segment.addEventListener('focus', () => look(index));
  segment.addEventListener('mouseenter', () => look(index));
  segment.addEventListener('click', () => code.postMessage({ kind: 'row', row: index }));
  segment.addEventListener('keydown', (event) => {
    const to = next(event.key, index);
    if (to === undefined) return;
    event.preventDefault();
    segments[to]?.focus();
  });
}

for (const button of document.querySelectorAll<HTMLElement>('[data-instruction]')) {
  const instruction = Number(button.dataset['instruction']);
  button.addEventListener('click', () => code.postMessage({ kind: 'instruction', instruction }));
}
for (const button of document.querySelectorAll<HTMLElement>('[data-rule]')) {
  button.addEventListener('click', () => code.postMessage({ kind: 'rule', rule: button.dataset['rule'] }));
}
