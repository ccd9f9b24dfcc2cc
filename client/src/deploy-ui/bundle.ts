import { env, Uri, window, type EventEmitter, type TreeItem } from 'vscode';
import { BuildTerminals } from '../build/terminals.ts';
import type { Parts } from '../programs.ts';
import { resourcePage } from '../azure/portal.ts';
import { idsOf } from '../deploy/plan/ids.ts';
import { explain } from '../azure/explain.ts';
import { createOffers, type Offer, type Offers } from '../registry/offers.ts';
import type { TypedImage } from '../registry/typed-image.ts';
import { cleanUpAfter } from './clean-up-command.ts';
import type { AzureCommand } from './commands.ts';
import { deploy, existingTarget } from './deploy-command.ts';
import type { Deploying } from './deploying.ts';
import { childrenOf, itemOf, type Node } from './deployments-tree.ts';
import { LogChannels } from './logs-command.ts';
import { PlanPanel } from './plan-panel.ts';
import { pushImage } from './push-command.ts';
import { queryLogs } from './query-command.ts';
import { DeploymentRecords } from './records.ts';
import { reachable } from './reachable.ts';
import { resumeDeployment } from './resume-command.ts';
import { rollBack } from './roll-back-command.ts';
import { forgetSecrets } from './secrets.ts';
import { showDeployments } from './show-deployments.ts';
import { swapSlots } from './swap-command.ts';
import { labelRevision, setActive, splitTraffic } from './traffic-command.ts';
import { createUi, tellError } from './ui.ts';

/** What the extension sees of this bundle. */
export interface AzureUi {
  run: (id: string, name: AzureCommand, parameters: readonly unknown[]) => Promise<unknown>;
  children: (element: unknown) => Promise<readonly unknown[]>;
  item: (element: unknown) => TreeItem;
  /** For an image that is typed; asks the user nothing. */
  offers: (typed: TypedImage) => Promise<readonly Offer[]>;
  dispose: () => void;
}

export function start(parts: Parts, changed: EventEmitter<unknown>): AzureUi {
  const ui = createUi(parts);
  const plans = new PlanPanel(parts.context.extensionUri);
  const logs = new LogChannels();
  const terminals = new BuildTerminals();
  const deploying: Deploying = {
    ...ui,
    plans,
    records: new DeploymentRecords(parts.context.workspaceState),
    changed: () => changed.fire(undefined),
  };
  const freshOffers = (): Offers =>
    createOffers(
      () => reachable(ui.session),
      (error) => ui.output.info(`Nothing to offer for images: ${explain(error).message}`),
    );
  let offers = freshOffers();
  const actions: Readonly<Record<AzureCommand, (given: unknown) => unknown>> = {
    deploy: (given) => deploy(deploying, given),
    push: (given) => pushImage(deploying, given, 'local', terminals),
    cloudBuild: (given) => pushImage(deploying, given, 'cloud', terminals),
    swapSlots: (given) => swapSlots(deploying, given),
    splitTraffic: (given) => splitTraffic(deploying, given),
    rollBack: (given) => rollBack(deploying, given),
    streamLogs: (given) => logs.stream(deploying, given),
    stopLogs: (given) => logs.stop(given),
    queryLogs: (given) => queryLogs(deploying, given),
    showDeployments: () => showDeployments(),
    resume: (given) => resumeDeployment(deploying, given),
    cleanUp: (given) => cleanUpAfter(deploying, given),
    signIn: () => ui.session.signInAgain(),
    forgetSecrets: (given) => forgetTargetSecrets(deploying, given),
    refreshDeployments: () => changed.fire(undefined),
    openDeployment: (given) => openAddress(given as Node),
    activateRevision: (given) => setActive(deploying, given as Node, true),
    deactivateRevision: (given) => setActive(deploying, given as Node, false),
    labelRevision: (given) => labelRevision(deploying, given as Node),
    openInPortal: (given) => openPortal(deploying, given as Node),
    confirmPlan: () => plans.answer(true),
    cancelPlan: () => plans.answer(false),
    copyPlan: () => plans.copyJson(),
    copyScript: () => plans.copyScript(),
  };
  return {
    run: async (id, name, parameters) => {
      try {
        return await actions[name](parameters[0]);
      } catch (error) {
        await tellError(ui, { id, given: parameters[0] }, error);
        return undefined;
      } finally {
        // There may be new images, registries or sign-ins.
        offers = freshOffers();
      }
    },
    children: (element) => childrenOf(deploying, element as Node | undefined),
    item: (element) => itemOf(element as Node),
    offers: (typed) => offers.of(typed),
    dispose: () => {
      plans.dispose();
      logs.dispose();
    },
  };
}

/** They are asked for again by the next deployment: values change. */
async function forgetTargetSecrets({ parts }: Deploying, given: unknown): Promise<void> {
  const { target } = await existingTarget(given, 'secrets belong to a target');
  await forgetSecrets(target, parts.context.secrets);
  void window.showInformationMessage(
    `The secrets of '${target.name}' are forgotten: the next deployment asks for them`,
  );
}

async function openAddress(node: Node | undefined): Promise<void> {
  const url = node?.kind === 'version' ? node.version.url : undefined;
  if (url === undefined) void window.showInformationMessage('It has no address of its own');
  else await env.openExternal(Uri.parse(url));
}

async function openPortal({ session }: Deploying, node: Node | undefined): Promise<void> {
  if (node?.kind !== 'target' && node?.kind !== 'version') return;
  const ids = idsOf(node.of);
  const cloud = await session.cloud();
  await env.openExternal(Uri.parse(resourcePage(cloud, ids.site ?? ids.app, node.of.tenant)));
}
