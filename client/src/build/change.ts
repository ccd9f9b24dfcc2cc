import { basename } from 'node:path';
import { env, QuickPickItemKind, ThemeIcon, window, type QuickPickItem, type Uri } from 'vscode';
import { isSecretName } from '../../../server/src/model/secret-name.ts';
import { UserError } from '../ui/user-error.ts';
import { askArgument, askContext, askSecret, askTarget, shownFolder } from './ask.ts';
import { requestOf, targetOf, unanswered, type Chosen } from './choose.ts';
import { buildDockerfile, type BuildUi } from './command.ts';
import { describeBuild } from './describe.ts';
import type { BuildFacts } from './facts.ts';
import { fileToBuild } from './file-to-build.ts';
import { planBuild } from './plan.ts';
import { choose, factsOf } from './prepare.ts';
import type { RememberedBuild, SecretPlace } from './remembered.ts';
import type { BuildRequest } from './build.ts';

interface Item extends QuickPickItem {
  /** Gives whether to show the list again. */
  readonly run?: () => Promise<boolean>;
}

/** Shows what is remembered of a Dockerfile's build, and the exact command it leads to; each line can be changed. */
export async function changeBuild(ui: BuildUi, given: unknown, options: unknown): Promise<void> {
  const file = await fileToBuild(given);
  if (!file) return;
  if (file.kind === 'compose') throw new UserError('Compose builds this service: change it in the Compose file');
  const { uri, service } = file;
  const wanted = typeof options === 'object' && options !== null && 'target' in options ? options.target : undefined;
  let target = typeof wanted === 'string' ? wanted : undefined;
  for (;;) {
    const facts = await factsOf(ui.parts, uri);
    const chosen = await choose(facts, ui.remembered, uri, {
      ...(target !== undefined && { target }),
      ...(service !== undefined && { service }),
    });
    if (!chosen) return;
    target = chosen.target;
    const items = await itemsFor(ui, facts, uri, chosen, (changed) => (target = changed));
    const answer = await window.showQuickPick(items, {
      title: `Build settings of ${basename(uri.fsPath)}`,
      placeHolder: 'Pick what to change',
      matchOnDescription: true,
    });
    if (!answer?.run || !(await answer.run())) return;
  }
}

async function itemsFor(
  ui: BuildUi,
  facts: BuildFacts,
  uri: Uri,
  chosen: Chosen,
  setTarget: (target: string) => void,
): Promise<readonly Item[]> {
  const { remembered } = ui;
  const id = uri.toString();
  const { target, context } = chosen;
  const request = requestOf(facts, chosen);
  const known = chosen.remembered;
  /** Without anything, the user went away from the question. */
  const set = async (build: RememberedBuild | undefined): Promise<boolean> => {
    if (build) await remembered.set(id, target, build);
    return true;
  };
  const declared = targetOf(facts, target);
  const stage: Item = {
    label: 'Stage',
    description: target === '' ? 'the last one' : target,
    run: async () => {
      const stages = ['', ...facts.targets.flatMap(({ name, isFinal }) => (isFinal ? [] : [name]))];
      const answer = await askTarget(facts, stages);
      if (answer === undefined) return true;
      await remembered.setTarget(id, answer);
      setTarget(answer);
      return true;
    },
  };
  const folder: Item = {
    label: 'Context',
    description: shownFolder(context.folder),
    run: async () => {
      const answer = await askContext(facts.dockerfile, facts.contexts);
      return await set(answer === undefined ? undefined : { ...known, context: answer });
    },
  };
  const args = (declared?.arguments ?? []).map(({ name, default: usual }): Item => {
    const value = request.arguments.find((each) => each.name === name)?.value;
    const isSecret = isSecretName(name);
    const described = value === undefined ? (usual === undefined ? 'no value' : `${usual} (default)`) : value;
    return {
      label: `ARG ${name}`,
      description: isSecret && value !== undefined ? 'set until the window is closed' : described,
      run: async () => {
        const answer = await askArgument(facts.dockerfile, name, isSecret ? '' : (value ?? ''));
        if (answer === undefined) return true;
        if (!isSecret) return await set({ ...known, arguments: { ...known.arguments, [name]: answer } });
        remembered.setSecretArgument(id, name, answer);
        return true;
      },
    };
  });
  const secrets = (declared?.secrets ?? []).map((secret): Item => ({
    label: `Secret ${secret.id}`,
    description: placeText(request.secrets.find((each) => each.id === secret.id)?.from ?? known.secrets?.[secret.id]),
    run: async () => {
      const answer = await askSecret(facts.dockerfile, secret);
      return await set(answer && { ...known, secrets: { ...known.secrets, [secret.id]: answer } });
    },
  }));
  return [
    ...(await planItems(ui, facts, uri, chosen, request)),
    { label: 'Settings', kind: QuickPickItemKind.Separator },
    stage,
    folder,
    ...args,
    ...secrets,
    {
      label: 'Tags',
      description: `${request.tags.join(', ')}${known.tags ? '' : ' (default)'}`,
      run: async () => {
        const answer = await askList('Tags', 'Separated by blanks; empty for <folder>:<commit>', known.tags);
        return await set(answer && withList(known, 'tags', answer));
      },
    },
    {
      label: 'Platforms',
      description: request.platforms.length > 0 ? request.platforms.join(', ') : 'as the builder (default)',
      run: async () => {
        const prompt = 'Separated by blanks, such as linux/amd64 linux/arm64; empty for the builder’s own';
        const answer = await askList('Platforms', prompt, request.platforms);
        return await set(answer && withList(known, 'platforms', answer));
      },
    },
    {
      label: 'Look for newer base images',
      description: request.pull ? 'yes' : 'no',
      run: () => set({ ...known, pull: !request.pull }),
    },
    {
      label: 'Use the cache',
      description: request.useCache ? 'yes' : 'no',
      run: () => set({ ...known, useCache: !request.useCache }),
    },
    {
      label: 'Forget all this',
      iconPath: new ThemeIcon('discard'),
      run: async () => {
        await remembered.forget(id);
        return true;
      },
    },
  ];
}

/** What would be run, exactly: to be built now, or to be copied. */
async function planItems(
  ui: BuildUi,
  facts: BuildFacts,
  uri: Uri,
  chosen: Chosen,
  request: BuildRequest,
): Promise<readonly Item[]> {
  const plan = planBuild(request, await ui.parts.tool());
  if (plan.kind === 'impossible') return [{ label: plan.reason, iconPath: new ThemeIcon('warning') }];
  const { title, commandLine } = describeBuild(plan);
  const open = unanswered(facts, request, chosen);
  const missing = [...open.arguments, ...open.secrets.map(({ id }) => id)];
  return [
    {
      label: title,
      description: missing.length > 0 ? `asks for ${missing.join(', ')}` : '',
      detail: commandLine,
      iconPath: new ThemeIcon('play'),
      run: async () => {
        await buildDockerfile(ui, uri, { ...chosen.given, target: chosen.target });
        return false;
      },
    },
    {
      label: 'Copy the command',
      iconPath: new ThemeIcon('copy'),
      run: async () => {
        await env.clipboard.writeText(commandLine);
        return false;
      },
    },
  ];
}

function placeText(place: SecretPlace | undefined): string {
  if (!place) return 'asked for';
  if (place.kind === 'none') return 'left out';
  return place.kind === 'environment' ? `from the variable ${place.name}` : `from ${shownFolder(place.path)}`;
}

async function askList(
  title: string,
  prompt: string,
  values: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  const answer = await window.showInputBox({ title, prompt, value: (values ?? []).join(' '), ignoreFocusOut: true });
  return answer?.split(/[\s,]+/).filter((each) => each !== '');
}

/** Nothing said is the default again. */
function withList(known: RememberedBuild, name: 'tags' | 'platforms', values: readonly string[]): RememberedBuild {
  const { [name]: _, ...others } = known;
  return values.length > 0 ? { ...others, [name]: values } : others;
}
