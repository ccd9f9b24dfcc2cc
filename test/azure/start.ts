import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { assign } from './authorization.ts';
import { createAuthority } from './authority.ts';
import type { Times } from './core.ts';
import { createDirectory, type Principal } from './directory.ts';
import { createEntra } from './entra.ts';
import { createFaults } from './faults.ts';
import { createFront, type Handle } from './front.ts';
import { plainLocation } from './groups.ts';
import { createHttpClient } from './http-client.ts';
import type { LocalAzure, StartOptions, UserOptions } from './local-azure.ts';
import { createLogQueries } from './log-queries.ts';
import { createOperations, type Beginning } from './operations.ts';
import type { OwnCore, Tables, Tenant } from './own-core.ts';
import { ownParts, parts } from './parts.ts';
import { knownProviders } from './providers.ts';
import { createResourceManager } from './resource-manager.ts';
import { roleDefinitions } from './role-definitions.ts';
import { createStore } from './store.ts';
import { createTokens } from './tokens.ts';
import { createTraffic, type Traffic } from './traffic.ts';

const defaultTimes: Times = { replication: 300, operation: 100, retryAfter: 0 };

const locationNames = [
  'Australia East',
  'Central US',
  'East US',
  'East US 2',
  'France Central',
  'Germany West Central',
  'Japan East',
  'North Europe',
  'Poland Central',
  'Southeast Asia',
  'Sweden Central',
  'Switzerland North',
  'UK South',
  'West Europe',
  'West US 2',
  'West US 3',
];

export async function startLocalAzure(options: StartOptions = {}): Promise<LocalAzure> {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-azure-'));
  const authority = createAuthority();
  const certificate = join(folder, 'authority.pem');
  writeFileSync(certificate, authority.certificate);

  const problems: string[] = [];
  const broken = (problem: string): void => {
    problems.push(problem);
    console.error(problem);
  };
  const faults = createFaults();
  const traffic = createTraffic();
  const front = createFront({ authority, faults, traffic, broken });
  const router: { handle: Handle } = { handle: async () => await Promise.resolve({ status: 503 }) };
  const host = await front.listen(async (request, response) => {
    await front.answer(request, response, async (asked) => await router.handle(asked));
  });

  const times = { ...defaultTimes, ...options.times };
  const tenants = createTenants();
  const [home, guest] = [tenants[0], tenants[1]];
  const tenant = home?.id ?? '';
  const subscription = home?.subscriptions[0]?.id ?? '';
  const tokens = createTokens();
  const lifetime = options.tokenLifetime ?? 3600;
  const store = createStore();
  const directory = createDirectory({ tokens, times, tenant, lifetime });
  const beginnings = new AsyncLocalStorage<Beginning>();
  const outside: Beginning = {
    origin: `https://${host}`,
    apiVersion: '2023-12-01',
    subscription,
    failure: undefined,
    begun: () => undefined,
  };
  const operations = createOperations({ store, times, broken, current: () => beginnings.getStore() ?? outside });
  const ends: (() => Promise<void> | void)[] = [];
  const tables: Tables = new Map();
  const workspaceKeys: OwnCore['workspaceKeys'] = new Map();
  const core: OwnCore = {
    store,
    directory,
    operations,
    hosts: front.hosts,
    times,
    folder,
    url: `https://${host}`,
    tenant,
    subscription,
    logs: {
      add: (customerId, table, row) => {
        const ofWorkspace = tables.get(customerId) ?? new Map<string, readonly (typeof row)[]>();
        const rows = ofWorkspace.get(table) ?? [];
        tables.set(customerId, ofWorkspace.set(table, [...rows, { TimeGenerated: new Date().toISOString(), ...row }]));
      },
      isKey: (customerId, key) => Object.values(workspaceKeys.get(customerId) ?? {}).includes(key),
    },
    atEnd: (end) => void ends.push(end),
    tables,
    workspaceKeys,
    registrations: new Map(
      (options.providers ?? Object.keys(knownProviders)).map((namespace) => [
        namespace.toLowerCase(),
        { namespace, from: 0 },
      ]),
    ),
    tenants,
    locations: locationNames.map((displayName) => ({ name: plainLocation(displayName), displayName })),
  };

  const entra = createEntra(core, tokens, lifetime);
  const resourceManager = createResourceManager({
    core,
    routes: [...ownParts.flatMap((part) => part(core)), ...parts.flatMap((part) => part(core))],
    broken,
    within: async (asked, match, run) => {
      const apiVersion = new URL(asked.target, asked.origin).searchParams.get('api-version') ?? '';
      const { origin, failure } = asked;
      const from = match.at['subscription'] ?? subscription;
      const begun = { count: 0 };
      const beginning = { origin, apiVersion, subscription: from, failure, begun: () => void (begun.count += 1) };
      const result = await beginnings.run(beginning, run);
      // A fault that cannot strike would make a test that cannot fail.
      if (failure !== undefined && begun.count === 0)
        broken(`${asked.method} ${asked.target} begins no operation that could fail`);
      return result;
    },
  });
  const logQueries = createLogQueries(core);
  router.handle = async (asked) => entra.answer(asked) ?? logQueries(asked) ?? (await resourceManager(asked));

  const http = createHttpClient({
    host,
    certificate: authority.certificate,
    isOurs: (asked) => asked.startsWith('127.'),
  });

  const grant = (principal: Principal, role: string, scope: string): void => {
    const definition = roleDefinitions.find(({ name }) => name === role);
    if (definition === undefined) throw new Error(`The local Azure knows no role '${role}'`);
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    assign(core, { id, scope, principalId: principal.principalId, role: definition.id }, true);
  };
  const withRoles = (principal: Principal, { roles = ['Owner'] }: UserOptions): Principal => {
    for (const role of roles) {
      for (const one of tenants.flatMap(({ subscriptions }) => subscriptions)) {
        grant(principal, role, `/subscriptions/${one.id}`);
      }
    }
    return principal;
  };

  return {
    url: core.url,
    certificate,
    tenant,
    subscription,
    guestTenant: { tenant: guest?.id ?? '', subscription: guest?.subscriptions[0]?.id ?? '' },
    httpClient: http.client,
    user: (about = {}) => {
      const name = `user-${randomUUID().slice(0, 8)}@example.com`;
      const principal = withRoles(directory.addUser(name), about);
      const token = directory.issue(principal, 'https://management.azure.com', about.tenant ?? tenant);
      return { token, objectId: principal.principalId, name };
    },
    entra: {
      application: (about = {}) => {
        const principal = withRoles(directory.addApplication(`pipeline-${randomUUID().slice(0, 8)}`), about);
        const trusts = {
          issuer: 'https://token.actions.githubusercontent.com',
          subject: `repo:example/${principal.name}:ref:refs/heads/main`,
        };
        const secret = randomUUID();
        entra.addApplication({ principal, secret, trusts });
        const now = Math.floor(Date.now() / 1000);
        const federatedToken = tokens.make({
          iss: trusts.issuer,
          sub: trusts.subject,
          aud: 'api://AzureADTokenExchange',
          iat: now,
          exp: now + 300,
        });
        return { clientId: principal.clientId, objectId: principal.principalId, secret, federatedToken };
      },
      deviceCodes: entra.codes,
      enterCode: entra.enterCode,
      end: directory.end,
    },
    grant: (objectId, role, scope) => {
      const principal = directory.find(objectId);
      if (principal === undefined) throw new Error(`Nobody has the object id '${objectId}'`);
      grant(principal, role, scope);
    },
    traffic: traffic.exchanges,
    writeTraffic: traffic.write,
    faults,
    resource: store.get,
    place: (id, resource) => store.place(id, resource),
    ids: store.ids,
    settled: operations.settled,
    core,
    close: async () => {
      try {
        const left = delay(20_000, 'left', { ref: false });
        if ((await Promise.race([operations.settled(), left])) === 'left') problems.push('An operation never ended');
        for (const end of ends.reverse()) await end();
      } finally {
        http.close();
        await front.close();
        if (options.sendsWrong !== true) keepTraffic(traffic);
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      }
      if (problems.length > 0) throw new Error(`The local Azure was at fault:\n${problems.join('\n')}`);
    },
  };
}

/** Home, with a subscription in use and one that is no longer paid for; and a tenant in which our users are guests. */
function createTenants(): readonly Tenant[] {
  return [
    {
      id: randomUUID(),
      name: 'Example',
      domain: 'example.onmicrosoft.com',
      subscriptions: [
        { id: randomUUID(), name: 'Development', state: 'Enabled' },
        { id: randomUUID(), name: 'Old', state: 'Disabled' },
      ],
    },
    {
      id: randomUUID(),
      name: 'Customer',
      domain: 'customer.onmicrosoft.com',
      subscriptions: [{ id: randomUUID(), name: 'Customer production', state: 'Enabled' }],
    },
  ];
}

/** With `SHIPSHAPE_AZURE_TRAFFIC` set to a folder, all traffic of a test run is kept there, for a checker of OpenAPI documents. */
function keepTraffic(traffic: Traffic): void {
  const kept = process.env['SHIPSHAPE_AZURE_TRAFFIC'];
  if (kept === undefined) return;
  mkdirSync(kept, { recursive: true });
  traffic.write(join(kept, `${randomUUID()}.jsonl`));
}
