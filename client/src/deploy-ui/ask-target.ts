import { basename } from 'node:path';
import type { Arm } from '../azure/arm.ts';
import { locations, resourceGroups } from '../azure/places.ts';
import type { AppChoices, Target, TargetKind } from '../deploy/choices.ts';
import { nameProblem, proposeName, type Named } from '../deploy/plan/names.ts';
import { listRegistries } from '../registry/registry.ts';
import { groupOf } from '../azure/resource-id.ts';
import { enter, pick, separator, type Choice, type Question } from './pick.ts';
import type { Session } from './session.ts';

/** What is known before anything is asked. */
export interface Start {
  /** Name of the workspace's folder. */
  readonly project: string;
  /** From the folder on. */
  readonly dockerfile: string;
  readonly context: string;
  readonly hasDocker: boolean;
  /** Names in the file already. */
  readonly taken: readonly string[];
}

const questions = 6;

/** The few questions of a first deployment, each with a proposal; the rest has defaults, and can be said in the file. */
export async function askTarget(session: Session, start: Start): Promise<Target> {
  const title = 'Deploy to Azure';
  const ask = (step: number, placeholder: string): Question => ({ title, placeholder, step: [step, questions] });
  const kind = await askKind(session, ask(1, 'Where should it run?'));
  const { arm, subscription, tenant } = await session.pickSubscription(ask(2, 'Which subscription pays for it?'));
  const group = await askGroup(session, arm, subscription, ask(3, 'Which resource group?'), start.project);
  const name = await askName(kind, ask(4, 'What is it called? The name becomes part of its address'), start.project);
  const registry = await askRegistry(
    session,
    arm,
    subscription,
    ask(5, 'Which registry holds its images?'),
    group.name,
    name,
  );
  const build = await askBuild(ask(6, 'Where is the image built?'), start.hasDocker);
  return {
    name: freeName(start.taken, start.project),
    ...(tenant !== undefined && { tenant }),
    subscription,
    resourceGroup: group.name,
    location: group.location,
    image: {
      repository: proposeName('repository', start.project),
      dockerfile: start.dockerfile,
      context: start.context,
      arguments: {},
      build,
      platform: 'linux/amd64',
    },
    registry,
    identity: { kind: 'user', name: proposeName('identity', name) },
    env: {},
    secrets: {},
    app: appOf(kind, name, start.project),
    monitoring: {},
    tags: {},
  };
}

async function askKind(session: Session, question: Question): Promise<TargetKind> {
  const kinds: readonly Choice<TargetKind>[] = [
    {
      value: 'containerApp',
      label: '$(layers) Container App',
      detail: 'Scales with its load, down to zero; versions can share the traffic',
    },
    {
      value: 'appService',
      label: '$(globe) App Service',
      detail: 'Always on, at a fixed price; a version can be tried in a slot before it takes over',
    },
    {
      value: 'containerInstance',
      label: '$(package) Container Instance',
      detail: 'One container, for tests and jobs; HTTP only',
    },
  ];
  const last = session.remembered.get('kind');
  const kind = await pick(question, () =>
    Promise.resolve(kinds.toSorted((a, b) => Number(b.value === last) - Number(a.value === last))),
  );
  await session.remembered.set('kind', kind);
  return kind;
}

interface Group {
  readonly name: string;
  readonly location: string;
}

async function askGroup(
  session: Session,
  arm: Arm,
  subscription: string,
  question: Question,
  project: string,
): Promise<Group> {
  const chosen = await pick<Group | 'new'>(question, async (signal) => {
    const groups = await resourceGroups(arm, subscription, { signal, last: session.remembered.get('resourceGroup') });
    return [
      { label: '$(add) A new one …', value: 'new', alwaysShow: true },
      ...(groups.length > 0 ? [separator('Already there')] : []),
      ...groups.map(({ name, location }) => ({ label: name, description: location, value: { name, location } })),
    ];
  });
  if (chosen !== 'new') {
    await session.remembered.set('resourceGroup', chosen.name);
    return chosen;
  }
  const name = await enter(
    { ...question, placeholder: 'Name of the resource group' },
    proposeName('resourceGroup', project),
    (text) => nameProblem('resourceGroup', text),
  );
  const location = await pick<string>({ ...question, placeholder: 'In which region?' }, async (signal) => {
    const found = await locations(arm, subscription, { signal, last: session.remembered.get('location') });
    const [recommended, others] = [
      found.filter((each) => each.isRecommended),
      found.filter((each) => !each.isRecommended),
    ];
    return [...recommended, ...others].map((each) => ({
      label: each.name,
      description: each.geography ?? '',
      value: each.id,
    }));
  });
  await session.remembered.set('location', location);
  await session.remembered.set('resourceGroup', name);
  return { name, location };
}

async function askName(kind: TargetKind, question: Question, project: string): Promise<string> {
  const named: Named = kind === 'appService' ? 'site' : kind;
  return await enter(question, proposeName(named, project), (text) => nameProblem(named, text));
}

async function askRegistry(
  session: Session,
  arm: Arm,
  subscription: string,
  question: Question,
  group: string,
  app: string,
): Promise<Target['registry']> {
  const chosen = await pick<string | undefined>(question, async (signal) => {
    const last = session.remembered.get('registry');
    const found = await listRegistries(arm, subscription, { signal });
    const sorted = found.toSorted(
      (a, b) => Number(b.id === last) - Number(a.id === last) || a.name.localeCompare(b.name),
    );
    return [
      ...sorted.map(({ id, name, loginServer }) => ({
        label: name,
        description: loginServer,
        detail: groupOf(id) ?? '',
        value: id,
      })),
      ...(sorted.length > 0 ? [separator('Or')] : []),
      { label: '$(add) A new one …', value: undefined, alwaysShow: true },
    ];
  });
  if (chosen !== undefined) {
    await session.remembered.set('registry', chosen);
    const ownGroup = groupOf(chosen);
    const isElsewhere = ownGroup !== undefined && ownGroup.toLowerCase() !== group.toLowerCase();
    return { name: basename(chosen), sku: 'Basic', ...(isElsewhere && { resourceGroup: ownGroup }) };
  }
  const again = { ...question, placeholder: 'Name of the registry; no other in Azure may have it' };
  const name = await enter(again, proposeName('registry', app), (text) => nameProblem('registry', text));
  return { name, sku: 'Basic' };
}

async function askBuild(question: Question, hasDocker: boolean): Promise<'local' | 'cloud'> {
  const local: Choice<'local' | 'cloud'> = {
    label: '$(device-desktop) On this machine',
    detail: 'Built with Docker here, then pushed',
    value: 'local',
  };
  const cloud: Choice<'local' | 'cloud'> = {
    label: '$(cloud) In Azure',
    detail: hasDocker
      ? 'The folder is uploaded and built there'
      : 'There is no Docker here: the folder is uploaded and built there',
    value: 'cloud',
  };
  return await pick(question, () => Promise.resolve(hasDocker ? [local, cloud] : [cloud]));
}

function appOf(kind: TargetKind, name: string, project: string): AppChoices {
  switch (kind) {
    case 'appService':
      return { kind, name, plan: proposeName('plan', project) };
    case 'containerApp':
      return {
        kind,
        name,
        environment: proposeName('environment', project),
        workspace: proposeName('workspace', project),
        container: proposeName('container', project),
      };
    case 'containerInstance':
      return { kind, name };
  }
}

function freeName(taken: readonly string[], project: string): string {
  const base = project.replace(/[^\w-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'app';
  if (!taken.includes(base)) return base;
  let count = 2;
  while (taken.includes(`${base}-${count}`)) count++;
  return `${base}-${count}`;
}
