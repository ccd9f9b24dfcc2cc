import type { TokenCredential } from '@azure/core-auth';
import { authentication, env, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { Arm } from '../azure/arm.ts';
import { chooseCloud } from '../azure/choose-cloud.ts';
import type { Cloud } from '../azure/cloud.ts';
import { connect } from '../azure/connect.ts';
import { createCredential, type CredentialKind, type DeviceCode } from '../azure/credentials.ts';
import { subscriptions, tenants } from '../azure/places.ts';
import { editorCredential } from '../azure/vscode-credential.ts';
import { askEditor, type Asking } from './editor-session.ts';
import type { Parts } from '../programs.ts';
import { UserError } from '../ui/user-error.ts';
import { pick, separator, type Question } from './pick.ts';
import { RememberedChoices } from './remembered-choices.ts';

/** No subscription has an empty id. */
const elsewhere = '';

export interface ChosenSubscription {
  readonly arm: Arm;
  readonly subscription: string;
  /** Only where it is not the home tenant of whoever is signed in. */
  readonly tenant?: string;
}

/** Who is signed in, to which Azure. Tokens stay in memory; settings may change at any time and make a new beginning. */
export class Session {
  readonly remembered: RememberedChoices;
  #cloud: Promise<Cloud> | undefined;
  /** The next sign-in asks which account it is to be. */
  #asking: Asking = 'ifNeeded';
  readonly #connections = new Map<string, Promise<Arm>>();

  constructor({ context }: Parts) {
    this.remembered = new RememberedChoices(context.globalState);
    const changed = workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('shipshape.azure')) this.#forget();
    });
    // Another account was chosen, or the one there was has signed out.
    const sessions = authentication.onDidChangeSessions(({ provider }) => {
      if (provider.id.startsWith('microsoft')) this.#connections.clear();
    });
    context.subscriptions.push(changed, sessions);
  }

  cloud(): Promise<Cloud> {
    this.#cloud ??= readCloud().catch((error: unknown) => {
      this.#cloud = undefined;
      throw error;
    });
    return this.#cloud;
  }

  arm(tenant?: string): Promise<Arm> {
    const key = tenant ?? '';
    const known = this.#connections.get(key);
    if (known) return known;
    const made = this.#connect(tenant);
    this.#connections.set(key, made);
    made.catch(() => this.#connections.delete(key));
    return made;
  }

  /** Forgets what tokens there are and asks for a new one, with the user's help if need be. */
  async signInAgain(tenant?: string): Promise<void> {
    this.#forget();
    this.#asking = 'always';
    const arm = await this.arm(tenant);
    await window.withProgress({ location: ProgressLocation.Notification, title: 'Signing in to Azure' }, () =>
      arm.token(),
    );
    window.setStatusBarMessage('Signed in to Azure', 5000);
  }

  async pickSubscription(question: Question): Promise<ChosenSubscription> {
    let tenant = this.remembered.get('tenant');
    for (;;) {
      const arm = await this.arm(tenant);
      const chosen = await pick<string>(question, async (signal) => {
        const found = await subscriptions(arm, { signal, last: this.remembered.get('subscription') });
        return [
          ...found.map(({ id, name, state, isUsable }) => ({
            label: name,
            description: isUsable ? id : `${state.toLowerCase()}: nothing can be made in it`,
            value: id,
          })),
          separator(found.length === 0 ? 'There is no subscription here' : 'Or'),
          { label: '$(organization) Another directory …', value: elsewhere, alwaysShow: true },
        ];
      });
      if (chosen !== elsewhere) {
        await this.remembered.set('subscription', chosen);
        return { arm, subscription: chosen, ...(tenant !== undefined && { tenant }) };
      }
      tenant = await this.#pickTenant(arm, question);
      await this.remembered.set('tenant', tenant);
    }
  }

  #pickTenant(arm: Arm, question: Question): Promise<string> {
    return pick({ ...question, placeholder: 'Which directory?' }, async (signal) => {
      const found = await tenants(arm, { signal, last: this.remembered.get('tenant') });
      return found.map(({ id, name, domain }) => ({ label: name, description: domain ?? id, value: id }));
    });
  }

  /** As whoever is signed in; where nobody is, it fails instead of asking. */
  async silentArm(tenant: string | undefined): Promise<Arm> {
    // A code was entered once, and its sign-in is in memory only.
    const known = this.#kind() === 'deviceCode' && this.#connections.get(tenant ?? '');
    if (known) return await known;
    const cloud = await this.cloud();
    const credential = createCredential(this.#kind(), {
      cloud,
      tenant,
      ...(cloud.name !== 'custom' && { session: editorSession(cloud, () => 'never') }),
    });
    return connect({ cloud, credential, tenant });
  }

  async #connect(tenant: string | undefined): Promise<Arm> {
    const cloud = await this.cloud();
    const credential = createCredential(this.#kind(), {
      cloud,
      tenant,
      onDeviceCode: (code) => void showCode(code),
      ...(cloud.name !== 'custom' && { session: editorSession(cloud, () => this.#takeAsking()) }),
    });
    return connect({ cloud, credential, tenant });
  }

  #kind(): CredentialKind {
    return workspace.getConfiguration('shipshape.azure').get<CredentialKind>('signIn', 'auto');
  }

  #takeAsking(): Asking {
    const asking = this.#asking;
    this.#asking = 'ifNeeded';
    return asking;
  }

  #forget(): void {
    this.#cloud = undefined;
    this.#connections.clear();
  }
}

/** The settings are the user's own, never a workspace's: they decide where tokens go. */
async function readCloud(): Promise<Cloud> {
  const settings = workspace.getConfiguration('shipshape.azure');
  const name = settings.get<Cloud['name']>('cloud', 'public');
  if (name !== 'custom') return await chooseCloud(name);
  const endpoint = settings.get('endpoint', '').trim();
  if (endpoint !== '') return await chooseCloud({ endpoint });
  throw new UserError("The cloud is 'custom', but 'shipshape.azure.endpoint' does not say where it is: set it");
}

function editorSession(cloud: Cloud, asking: () => Asking): TokenCredential {
  const provider = cloud.name === 'public' ? 'microsoft' : 'microsoft-sovereign-cloud';
  return editorCredential((scopes, request) => askEditor(provider, scopes, request, asking()));
}

/** In view until it is entered; going away from either is giving up. */
async function showCode({ code, url, ended, cancel }: DeviceCode): Promise<void> {
  const title = `Enter the code ${code} at ${url}`;
  void window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (_, token) => {
    token.onCancellationRequested(cancel);
    return ended;
  });
  const open = 'Copy the code and open the page';
  const detail = `Enter the code ${code} at ${url}, in any browser.`;
  const answer = await window.showInformationMessage('Sign in to Azure', { modal: true, detail }, open);
  if (answer === undefined) {
    cancel();
    return;
  }
  await env.clipboard.writeText(code);
  await env.openExternal(Uri.parse(url));
}
