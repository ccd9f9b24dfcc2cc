import { randomBytes, randomUUID } from 'node:crypto';
import * as mappers from '@azure/arm-containerregistry/dist-esm/src/models/mappers.js';
import { textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import { contractOf } from '../contract.ts';
import { Refusal, type Call, type Core, type Route } from '../core.ts';
import { createBlobs } from './blobs.ts';
import type { RegistryHosts } from './registry-host.ts';
import { newRun, perform, type Run } from './run.ts';

const type = 'Microsoft.ContainerRegistry/registries';
const registryPath = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${type}/{registry}`;
/** The later one knows whose credentials a run may use. */
const [first, later] = ['2019-06-01-preview', '2025-03-01-preview'];
const both = [first, later];

/** ACR Tasks, as far as they build from sources that are handed over. */
export function runRoutes(core: Core, hosts: RegistryHosts): readonly Route[] {
  const blobs = createBlobs(core);
  const runs = new Map<string, Run>();
  const working = new Set<Promise<void>>();
  let scheduled = 0;
  core.atEnd(async () => {
    for (const run of runs.values()) run.stop.abort();
    await Promise.all(working);
  });
  const account = randomBytes(16).toString('hex');
  const containerOf = (registry: string): string => `${account}-${registry.split('/').at(-1)?.toLowerCase() ?? ''}`;
  const logOf = (run: Run): string => `${containerOf(run.registry)}/logs/${run.id}/rawtext.log`;
  const need = (call: Call): Run => {
    const registry = registryOf(call);
    core.store.need(registry);
    const id = call.at['run'] ?? '';
    const run = runs.get(`${registry}/${id}`.toLowerCase());
    if (run !== undefined) return run;
    throw new Refusal(404, 'RunNotFound', `The run ${id} was not found.`);
  };

  const schedule = (call: Call): Run => {
    const registry = registryOf(call);
    const resource = core.store.need(registry);
    checkAllowed(core, call, textAt(resource, 'name') ?? '');
    checkRequest(call.body);
    const id = `c${suffixLetter(registry)}${(scheduled += 1)}`;
    const run = newRun({ id, registry, request: call.body, caller: call.caller });
    runs.set(`${registry}/${id}`.toLowerCase(), run);
    const work = perform({ core, hosts, blobs, log: logOf(run), container: containerOf(registry) }, run);
    const done = work.finally(() => working.delete(done));
    working.add(done);
    return run;
  };
  const answer = contractOf(mappers, 'Run', { answer: true });
  const scheduling = (version: string, also: readonly string[]): Route => ({
    method: 'POST',
    path: `${registryPath}/scheduleRun`,
    apiVersions: [version],
    action: `${type}/scheduleRun/action`,
    body: contractOf(mappers, 'RunRequest', { also }),
    answers: { 200: answer },
    handle: (call) => ({ status: 200, body: briefly(schedule(call)) }),
  });

  return [
    scheduling(first, []),
    scheduling(later, ['credentials.sourceRegistry.identity']),
    {
      method: 'POST',
      path: `${registryPath}/listBuildSourceUploadUrl`,
      apiVersions: both,
      action: `${type}/listBuildSourceUploadUrl/action`,
      answers: { 200: contractOf(mappers, 'SourceUploadDefinition', { answer: true }) },
      handle: async (call) => {
        const registry = registryOf(call);
        core.store.need(registry);
        const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
        const relativePath = `source/${day}0000/${randomUUID()}.tar.gz`;
        const uploadUrl = await blobs.address(`${containerOf(registry)}/${relativePath}`, 'cw');
        return { status: 200, body: { uploadUrl, relativePath } };
      },
    },
    {
      method: 'GET',
      path: `${registryPath}/runs`,
      apiVersions: both,
      action: `${type}/runs/read`,
      answers: { 200: contractOf(mappers, 'RunListResult', { answer: true }) },
      handle: (call) => {
        const registry = registryOf(call);
        core.store.need(registry);
        const own = [...runs.values()].filter((run) => run.registry.toLowerCase() === registry.toLowerCase());
        const most = Number(call.query.get('$top') ?? own.length);
        return { status: 200, body: { value: own.reverse().slice(0, most).map(fully) } };
      },
    },
    {
      method: 'GET',
      path: `${registryPath}/runs/{run}`,
      apiVersions: both,
      action: `${type}/runs/read`,
      answers: { 200: answer },
      handle: (call) => ({ status: 200, body: fully(need(call)) }),
    },
    {
      method: 'POST',
      path: `${registryPath}/runs/{run}/listLogSasUrl`,
      apiVersions: both,
      action: `${type}/runs/listLogSasUrl/action`,
      answers: { 200: contractOf(mappers, 'RunGetLogResult', { answer: true }) },
      handle: async (call) => ({ status: 200, body: { logLink: await blobs.address(logOf(need(call)), 'r') } }),
    },
    {
      method: 'POST',
      path: `${registryPath}/runs/{run}/cancel`,
      apiVersions: both,
      action: `${type}/runs/cancel/action`,
      handle: (call) => {
        need(call).stop.abort();
        return { status: 200 };
      },
    },
  ];
}

function registryOf({ at: part }: Call): string {
  return `/subscriptions/${part['subscription'] ?? ''}/resourceGroups/${part['group'] ?? ''}/providers/${type}/${part['registry'] ?? ''}`;
}

/** Free subscriptions have no tasks. */
function checkAllowed(core: Core, call: Call, registry: string): void {
  const subscription = call.at['subscription'] ?? '';
  const quota = textAt(core.store.get(`/subscriptions/${subscription}`), 'subscriptionPolicies.quotaId') ?? '';
  if (!quota.startsWith('FreeTrial')) return;
  throw new Refusal(
    400,
    'TasksOperationsNotAllowed',
    `ACR Tasks requests for the registry ${registry} and ${subscription} are not permitted. Please file an Azure support request at http://aka.ms/azuresupport for assistance.`,
  );
}

function checkRequest(request: JsonObject): void {
  const kind = textAt(request, 'type') ?? '';
  const problem =
    kind !== 'DockerBuildRequest' && kind !== 'EncodedTaskRunRequest'
      ? `the local Azure has no runs of the type '${kind}'`
      : textAt(request, 'platform.os')?.toLowerCase() !== 'linux'
        ? 'the local Azure has agents for Linux only'
        : undefined;
  if (problem !== undefined) throw new Refusal(400, 'InvalidRunRequest', problem);
}

/** Runs are called `ca1`, `cb7`: the letter is the registry's. */
function suffixLetter(registry: string): string {
  return 'abcdef'[registry.length % 6] ?? 'a';
}

/** As the answer of scheduleRun has it. */
function briefly(run: Run): JsonObject {
  const { runId, status, lastUpdatedTime, provisioningState, isArchiveEnabled } = propertiesOf(run);
  return resourceOf(run, { runId, status, lastUpdatedTime, provisioningState, isArchiveEnabled });
}

function fully(run: Run): JsonObject {
  return resourceOf(run, propertiesOf(run));
}

function resourceOf(run: Run, properties: Readonly<Record<string, Json | undefined>>): JsonObject {
  const set = Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return { type: `${type}/runs`, properties: set, id: `${run.registry}/runs/${run.id}`, name: run.id };
}

/** `provisioningState` says nothing about the build. */
function propertiesOf(run: Run) {
  return {
    runId: run.id,
    status: run.status,
    lastUpdatedTime: run.updated.toISOString(),
    runType: 'QuickRun',
    createTime: run.created.toISOString(),
    startTime: run.started?.toISOString(),
    finishTime: run.finished?.toISOString(),
    outputImages: run.images.length === 0 ? undefined : run.images.map((image) => ({ ...image })),
    platform: run.request['platform'],
    agentConfiguration: { cpu: 2 },
    runErrorMessage: run.error,
    provisioningState: 'Succeeded',
    isArchiveEnabled: false,
  };
}
