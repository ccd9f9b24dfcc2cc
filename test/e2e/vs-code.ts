import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { nextChange, underlined, whereIs } from './in-page.ts';
import { quiet, toJson, type Server, type Settings } from './server.ts';

const patience = 25_000;

/** A window of VS Code with a folder open, and what a person does and sees in it. */
export class VsCode {
  readonly page: Page;
  readonly #server: Server;
  readonly #folder: string;
  /** What the window and its workers have loaded. */
  readonly #loaded: string[] = [];

  constructor(page: Page, server: Server, folder: string) {
    page.setDefaultTimeout(patience);
    this.page = page;
    this.#server = server;
    this.#folder = folder;
    page.on('request', (request) => this.#loaded.push(request.url()));
  }

  /** The page itself has loaded the extension, by its bundle for browsers; that starts the language server in a worker. */
  runsInTheBrowser(): void {
    const hasLoaded = this.#loaded.some((url) => url.includes('extension.web.js'));
    assert.ok(hasLoaded, 'the page has not loaded the bundle for browsers');
  }

  async open(settings: Settings = {}): Promise<void> {
    this.#server.writeSettings(settings);
    await this.page.goto(`${this.#server.url}/?folder=${encodeURIComponent(this.#folder)}`);
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /** Through quick open, as by Ctrl+P. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    const base = basename(name);
    await this.#answer(name, base);
    await this.page.locator('.tab.active', { hasText: base }).waitFor();
    await this.#editor.locator('.view-line').first().waitFor();
  }

  async runCommand(title: string): Promise<void> {
    await this.#choose(title);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** One that asks something at once, in the place where the palette was. */
  async runAskingCommand(title: string): Promise<void> {
    await this.#choose(title);
  }

  /** Waits until all of these are underlined, each as `severity 'text'`. */
  async underlines(...marks: readonly string[]): Promise<void> {
    await this.#untilAll(marks, () => this.#editor.evaluate(underlined));
  }

  /** Waits until none of these is underlined any more. Says nothing unless they were before. */
  async noLongerUnderlines(...marks: readonly string[]): Promise<void> {
    await this.#until(
      () => this.#editor.evaluate(underlined),
      (found) => !marks.some((mark) => found.includes(mark)),
      (found) => `still underlined of ${marks.join(', ')}: ${found.join(', ')}`,
    );
  }

  /** Rests the mouse on a text until the hover that comes up says all of these. */
  async hoverSays(text: string, ...parts: readonly string[]): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.#moveTo(text);
    await this.#hover.waitFor();
    await this.#until(
      () => this.#hover.innerText(),
      (said) => parts.every((part) => said.includes(part)),
      (said) => `the hover does not say\n${parts.join('\n')}\nbut\n${said}`,
    );
  }

  /**
   * The titles of the quick fixes offered for an underlined text; the menu stays open. Taken from the hover: Ctrl+. so soon
   * after a click opens a menu that VS Code closes again when it has looked for the light bulb of the new line.
   */
  async quickFixes(text: string): Promise<string[]> {
    await this.hoverSays(text, 'Quick Fix...');
    await this.#hover.getByText('Quick Fix...').click();
    const titles = this.#menu.locator('.monaco-list-row.action .title');
    await titles.first().waitFor();
    return await titles.allInnerTexts();
  }

  /** The same menu by Ctrl+., once the light bulb is there: for the eye, as no hover covers the code. */
  async openQuickFixes(text: string): Promise<void> {
    const { x, y } = await this.#moveTo(text);
    await this.page.mouse.click(x, y);
    await this.page.mouse.move(x, 0);
    await this.page.locator('.lightBulbWidget:visible, [class*="codicon-gutter-lightbulb"]:visible').first().waitFor();
    await this.page.keyboard.press('Control+.');
    await this.#menu.waitFor();
  }

  async applyFix(text: string, title: string | RegExp): Promise<void> {
    const titles = await this.quickFixes(text);
    const chosen = titles.find((each) => (typeof title === 'string' ? each === title : title.test(each)));
    assert.ok(chosen !== undefined, `'${String(title)}' is not offered for '${text}', but:\n${titles.join('\n')}`);
    const actions = this.#menu.locator('.monaco-list-row.action');
    await actions.filter({ has: this.page.getByText(chosen, { exact: true }) }).click();
    await this.#menu.waitFor({ state: 'hidden' });
  }

  /** Replaces all text of the file in front. */
  async rewrite(text: string): Promise<void> {
    await this.#editor.locator('.view-line').first().click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
  }

  /** Saves the file in front and waits until its tab shows it. */
  async save(): Promise<void> {
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.active:not(.dirty)').waitFor();
  }

  /** Waits until a file of the folder has this content on disk. */
  async hasOnDisk(name: string, expected: string | RegExp): Promise<void> {
    await this.#until(
      () => this.#read(name),
      (text) => (typeof expected === 'string' ? text === expected : expected.test(text)),
      (text) => `'${name}' should hold\n${String(expected)}\nbut holds\n${text}`,
    );
  }

  /** From outside, as git or another editor would. */
  write(name: string, text: string): void {
    const file = join(this.#folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }

  /** The one that is open. */
  get folder(): string {
    return this.#folder;
  }

  /** Where the extension keeps files of its own, for each workspace. */
  get storage(): string {
    return this.#server.storage;
  }

  /** In the editor of the user's settings.json. */
  async changeSettings(settings: Settings): Promise<void> {
    await this.runCommand('Preferences: Open User Settings (JSON)');
    await this.page.locator('.tab.active', { hasText: 'settings.json' }).waitFor();
    await this.rewrite(toJson({ ...quiet, ...settings }));
    await this.save();
  }

  /** Opens the Problems panel and waits until it lists all of these. */
  async listsProblems(...problems: readonly string[]): Promise<void> {
    const panel = this.page.locator('.markers-panel');
    if (!(await panel.isVisible())) await this.page.keyboard.press('Control+Shift+M');
    const rows = panel.locator('.monaco-list-row');
    await this.#untilAll(problems, async () =>
      (await rows.allInnerTexts()).map((row) => row.replaceAll(/\s+/g, ' ').trim()),
    );
  }

  /** In a list where several can be chosen: also these, then Enter. */
  async picks(...labels: readonly string[]): Promise<void> {
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.first().waitFor();
    for (const label of labels) await rows.filter({ hasText: label }).click();
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** As by 'Developer: Reload Window'. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /** Waits until the check does not complain any more. */
  async eventually(check: () => void): Promise<void> {
    const complaint = (): unknown => {
      try {
        check();
        return undefined;
      } catch (error) {
        return error;
      }
    };
    await this.#until(
      complaint,
      (error) => error === undefined,
      (error) => String(error),
    );
  }

  /** Clicks the lens with this title that stands over a line with this text. */
  async clickLens(title: string, line: string): Promise<void> {
    await (await this.showsLens(title, line)).click();
  }

  /** Waits for the lens. */
  async showsLens(title: string, line: string): Promise<Locator> {
    const lens = this.#editor.locator('.codelens-decoration a', { hasText: new RegExp(`^${escapeRegExp(title)}$`) });
    // Other lenses come later and push lines down, so that it is looked for again until both stay where they are.
    const shown = await this.#until(
      async () => {
        const below = await this.#editor.evaluate(whereIs, line);
        for (const candidate of below ? await lens.all() : []) {
          const box = await candidate.boundingBox();
          if (box && below && box.y <= below.y && below.y - box.y < 2.5 * below.height) return candidate;
        }
        return undefined;
      },
      (found) => found !== undefined,
      () => `no lens '${title}' over '${line}'`,
    );
    assert.ok(shown);
    return shown;
  }

  /** Waits until the terminal in front shows all of these. */
  async terminalSays(...parts: readonly string[]): Promise<string> {
    const terminal = this.page.locator('.terminal-wrapper.active .xterm-rows');
    await terminal.waitFor();
    return await this.#until(
      async () => (await terminal.innerText()).replaceAll('\u00a0', ' '),
      (text) => parts.every((part) => text.includes(part)),
      (text) => `the terminal does not show\n${parts.join('\n')}\nbut\n${text}`,
    );
  }

  async pressInTerminal(keys: string): Promise<void> {
    await this.page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
    await this.page.keyboard.press(keys);
  }

  async notifies(message: string): Promise<void> {
    await this.page.locator('.notification-toast', { hasText: message }).waitFor();
  }

  async answersNotification(button: string): Promise<void> {
    await this.page.locator('.notification-toast').getByRole('button', { name: button, exact: true }).click();
  }

  /** Types into the box that asks for this. */
  async answers(question: string, text: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget', { hasText: question });
    await box.waitFor();
    await box.locator('input[type="text"], input[type="password"]').last().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** In a list where one is to be chosen. */
  async picksOne(question: string, label: string): Promise<void> {
    const list = this.page.locator('.quick-input-widget', { hasText: question });
    await list.locator('.monaco-list-row', { hasText: label }).first().click();
  }

  /** In a list that asks inside its box, and may still be waiting for what to offer. */
  async picksWhenAsked(question: string, label: string): Promise<void> {
    await this.page.locator(`.quick-input-widget input[placeholder^="${question}"]`).waitFor();
    await this.page.locator('.quick-input-widget .monaco-list-row', { hasText: label }).first().click();
  }

  isOnDisk(name: string): boolean {
    return existsSync(join(this.#folder, name));
  }

  /** Answers the question whether to trust the folder with no, and waits until the window is restricted. */
  async distrusts(): Promise<void> {
    await this.page.getByRole('button', { name: "No, I don't trust the authors" }).click();
    await this.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  }

  /** Draws the window into a file, without what only VS Code in a browser has. */
  async picture(file: string): Promise<void> {
    const content = `
      .statusbar-item:is([id='status.host'], [id='status.forwardedPorts'], [id*='eyboard']) { display: none !important }
      .monaco-workbench { font-family: Inter, system-ui, sans-serif !important }`;
    await this.page.addStyleTag({ content });
    await this.page.locator("[id='status.problems']").waitFor();
    await this.page.evaluate(() => document.fonts.ready.then(() => undefined));
    await this.page.screenshot({ path: file, animations: 'disabled' });
  }

  get #editor(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor[data-uri]').first();
  }

  get #hover(): Locator {
    return this.page.locator('.monaco-hover:visible').first();
  }

  get #menu(): Locator {
    return this.page.locator('.action-widget:not(.action-list-submenu-panel)');
  }

  #read(name: string): string {
    try {
      return readFileSync(join(this.#folder, name), 'utf8');
    } catch {
      return '';
    }
  }

  /** In the palette, which does not offer what comes to be while it is open: a window may learn late that its folder is trusted. */
  async #choose(title: string): Promise<void> {
    const row = this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title });
    for (let tries = 1; ; tries++) {
      await this.page.keyboard.press('F1');
      await this.page.locator('.quick-input-widget input').first().fill(`>${title}`);
      try {
        await row.waitFor({ timeout: 5000 });
        break;
      } catch (error) {
        if (tries === 4) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
    await this.page.keyboard.press('Enter');
  }

  /** Types into quick open or the command palette and takes its first answer, once that is the right one. */
  async #answer(text: string, answer: string): Promise<void> {
    await this.page.locator('.quick-input-widget input').fill(text);
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: answer }).waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  async #moveTo(text: string): Promise<{ x: number; y: number }> {
    const box = await this.#editor.evaluate(whereIs, text);
    assert.ok(box, `'${text}' is not in view`);
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    // From outside: a mouse that is already there would not be seen to come.
    await this.page.mouse.move(middle.x, box.y - 40);
    await this.page.mouse.move(middle.x, middle.y);
    return middle;
  }

  async #untilAll(expected: readonly string[], read: () => Promise<readonly string[]>): Promise<void> {
    await this.#until(
      read,
      (found) => expected.every((each) => found.includes(each)),
      (found) => `expected\n  ${expected.join('\n  ')}\nbut found\n  ${found.join('\n  ') || 'nothing'}`,
    );
  }

  /** Reads again whenever the page changes, until what is read will do; past the deadline complains about it. */
  async #until<T>(
    read: () => T | Promise<T>,
    willDo: (value: T) => boolean,
    complaint: (value: T) => string,
  ): Promise<T> {
    const deadline = Date.now() + patience;
    for (;;) {
      const value = await read();
      if (willDo(value)) return value;
      if (Date.now() > deadline) assert.fail(complaint(value));
      await this.page.evaluate(nextChange, 200);
    }
  }
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
