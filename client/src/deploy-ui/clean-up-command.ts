import { ProgressLocation, window } from 'vscode';
import { alone } from '../deploy/alone.ts';
import { cleanUp, planCleanUp } from '../deploy/clean-up.ts';
import { fileJournal } from '../deploy/journal.ts';
import type { Unfinished } from '../deploy/unfinished.ts';
import { UserError } from '../ui/user-error.ts';
import { confirmOrCancel } from './choose-target.ts';
import type { Deploying } from './deploying.ts';
import { chooseUnfinished } from './unfinished.ts';

/** Gives up a deployment: shows what it has made, and takes that away, nothing else. */
export async function cleanUpAfter(deploying: Deploying, given: unknown): Promise<void> {
  const unfinished = await chooseUnfinished(deploying, given, 'Clean up after a deployment');
  const { target } = unfinished.record.plan;
  // What is being deployed now must not be taken away below it.
  await alone(target, { from: 'the editor', doing: 'cleaned up' }, () => takeAway(deploying, unfinished));
}

async function takeAway(deploying: Deploying, { file, record: { plan } }: Unfinished): Promise<void> {
  const { target } = plan;
  const journal = fileJournal(file);
  // Another window may have come to the end while this one asked.
  const record = await journal.read();
  if (record === undefined || record.endedAt !== undefined)
    throw new UserError(`The deployment of '${target.name}' has ended meanwhile: nothing was cleaned up`);
  const arm = await deploying.session.arm(target.tenant);
  const where = { location: ProgressLocation.Notification, title: `Cleaning up after '${target.name}'` };
  const deletions = await window.withProgress(where, () => planCleanUp(arm, record));
  const gone = deletions.filter(({ kept }) => kept === undefined);
  const stays = deletions.filter(({ kept }) => kept !== undefined);
  if (gone.length === 0) {
    await journal.write(undefined);
    void window.showInformationMessage(`The deployment of '${target.name}' left nothing behind`);
    return;
  }
  const detail = [
    ...gone.map(({ title }) => `– ${title}`),
    ...(stays.length > 0 ? ['', 'Stays:', ...stays.map(({ title, kept }) => `– ${title}: ${kept ?? ''}`)] : []),
  ].join('\n');
  await confirmOrCancel(`Delete what the deployment of '${target.name}' has made?`, detail, 'Delete');
  await window.withProgress(where, (progress) =>
    cleanUp(arm, deletions, {
      onDeleted: ({ title }) => progress.report({ message: title, increment: 100 / gone.length }),
      onWait: (message) => progress.report({ message }),
    }),
  );
  await journal.write(undefined);
  deploying.changed();
  void window.showInformationMessage(`What the deployment of '${target.name}' had made is gone`);
}
