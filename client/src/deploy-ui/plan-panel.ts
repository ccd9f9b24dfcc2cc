import { randomBytes } from 'node:crypto';
import { env, ViewColumn, window, type Disposable, type Uri, type WebviewPanel } from 'vscode';
import { azScript } from '../deploy/az-script.ts';
import type { Plan } from '../deploy/plan.ts';
import type { DeployEvent, Outcome } from '../deploy/world.ts';
import { pageIcon } from '../ui/page-icon.ts';
import { planPage, type PlanOutcome, type PlanPageParts, type StepProgress } from './plan-page.ts';

const commandIds = [
  ...['confirm', 'cancel', 'copyJson', 'copyScript'].map((name) => `shipshape.plan.${name}`),
  'shipshape.resumeDeployment',
  'shipshape.cleanUpDeployment',
];
const options = { enableScripts: false, enableCommandUris: commandIds, localResourceRoots: [] };

/** Shows one plan: first to be read and confirmed, then how far it has come, then how it ended. */
export class PlanPanel implements Disposable {
  readonly #extension: Uri;
  #panel: WebviewPanel | undefined;
  #plan: Plan | undefined;
  #answer: ((isConfirmed: boolean) => void) | undefined;
  #stage: PlanPageParts['stage'] = 'asked';
  #outcome: PlanOutcome | undefined;
  readonly #progress = new Map<string, StepProgress>();
  #drawing: NodeJS.Timeout | undefined;

  constructor(extension: Uri) {
    this.#extension = extension;
  }

  /** Whether the user wants exactly this; closing the page, or another plan in its place, is a no. */
  async confirm(plan: Plan): Promise<boolean> {
    this.#answer?.(false);
    this.#begin(plan, 'asked');
    return await new Promise((resolve) => {
      this.#answer = (isConfirmed) => {
        this.#answer = undefined;
        resolve(isConfirmed);
        if (isConfirmed) this.#begin(plan, 'running');
      };
    });
  }

  /** Shows a plan that is executed without being asked for again: a deployment that is resumed. */
  show(plan: Plan): void {
    this.#answer?.(false);
    this.#begin(plan, 'running');
  }

  progress(plan: Plan, event: DeployEvent): void {
    if (plan.id !== this.#plan?.id || event.kind === 'log') return;
    this.#progress.set(event.step, progressOf(event));
    // Many steps may be done already: one drawing for all of them.
    this.#drawing ??= setTimeout(() => this.#draw(), 100);
  }

  finished(plan: Plan, outcome: Outcome): void {
    this.#end(plan, outcomeOf(outcome));
  }

  /** Something was in the way of its first step. */
  notBegun(plan: Plan, message: string): void {
    this.#end(plan, { message, isGood: false });
  }

  answer(isConfirmed: boolean): void {
    if (isConfirmed && (this.#plan?.blockers.length ?? 0) > 0) return;
    this.#answer?.(isConfirmed);
    if (!isConfirmed) this.#panel?.dispose();
  }

  async copyJson(): Promise<void> {
    await this.#copy(this.#plan && JSON.stringify(this.#plan, undefined, 2));
  }

  async copyScript(): Promise<void> {
    await this.#copy(this.#plan && azScript(this.#plan));
  }

  dispose(): void {
    clearTimeout(this.#drawing);
    this.#panel?.dispose();
  }

  async #copy(text: string | undefined): Promise<void> {
    if (text === undefined) return;
    await env.clipboard.writeText(text);
    window.setStatusBarMessage('Copied', 3000);
  }

  #end(plan: Plan, outcome: PlanOutcome): void {
    if (plan.id !== this.#plan?.id) return;
    this.#stage = 'ended';
    this.#outcome = outcome;
    this.#draw();
  }

  #begin(plan: Plan, stage: PlanPageParts['stage']): void {
    this.#plan = plan;
    this.#stage = stage;
    this.#outcome = undefined;
    this.#progress.clear();
    this.#panel ??= this.#open();
    this.#draw();
    this.#panel.reveal(undefined, false);
  }

  #open(): WebviewPanel {
    const panel = window.createWebviewPanel('shipshape.plan', 'Deployment', ViewColumn.Active, options);
    panel.iconPath = pageIcon(this.#extension);
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#answer?.(false);
    });
    return panel;
  }

  #draw(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    if (!this.#panel || !this.#plan) return;
    const which = encodeURIComponent(JSON.stringify([this.#plan.id]));
    this.#panel.title = this.#plan.title ?? `Deployment of ${this.#plan.target.name}`;
    this.#panel.webview.html = planPage(this.#plan, {
      nonce: randomBytes(16).toString('base64url'),
      stage: this.#stage,
      progress: this.#progress,
      ...(this.#outcome && { outcome: this.#outcome }),
      confirm: 'command:shipshape.plan.confirm',
      cancel: 'command:shipshape.plan.cancel',
      copyJson: 'command:shipshape.plan.copyJson',
      copyScript: 'command:shipshape.plan.copyScript',
      resume: `command:shipshape.resumeDeployment?${which}`,
      cleanUp: `command:shipshape.cleanUpDeployment?${which}`,
    });
  }
}

function progressOf(event: Exclude<DeployEvent, { kind: 'log' }>): StepProgress {
  switch (event.kind) {
    case 'begin':
      return { state: 'running' };
    case 'wait':
      return { state: 'running', message: event.message };
    case 'done':
      return { state: event.already ? 'already' : 'done' };
    case 'failed':
      return { state: 'failed', message: event.message };
  }
}

function outcomeOf(outcome: Outcome): PlanOutcome {
  switch (outcome.kind) {
    case 'deployed':
      return { message: 'Done', isGood: true, ...(outcome.url !== undefined && { url: outcome.url }) };
    case 'stopped':
      return { message: 'Stopped: what is done stays, and the rest can be resumed', isGood: false, isUnfinished: true };
    case 'failed':
      return { message: 'Failed: see below why, put that right, then resume', isGood: false, isUnfinished: true };
  }
}
