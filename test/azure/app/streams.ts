import type { ServerResponse } from 'node:http';
import type { Event, Journal, Line } from './journal.ts';
import type { World } from './world.ts';

/** The region's host for log and event streams: text in chunks, for those with the token of `getAuthtoken` alone. */
export async function openStreams(world: World): Promise<string> {
  return world.core.hosts.open('westeurope.azurecontainerapps.dev', (asked, response) => {
    const url = new URL(asked.url ?? '/', 'https://local');
    const found = paths.exec(url.pathname);
    if (asked.method !== 'GET' || found?.groups === undefined) {
      refuse(response, 404, 'Not found');
      return;
    }
    const { subscription = '', group = '', app = '', revision, replica, container } = found.groups;
    const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.App/containerapps/${app}`;
    const token = /^Bearer (.+)$/i.exec(asked.headers.authorization ?? '')?.[1] ?? '';
    if (!world.isToken(token, id)) {
      refuse(response, 401, 'The token is not valid for this container app');
      return;
    }
    if (world.core.store.get(id) === undefined) {
      refuse(response, 404, `Container app '${app}' does not exist`);
      return;
    }
    const { journal } = world.runtimeOf(id);
    const follow = url.searchParams.get('follow') === 'true';
    const tail = Number(url.searchParams.get('tailLines') ?? 20);
    if (tail > 300) {
      refuse(response, 400, 'tailLines must be at most 300');
      return;
    }
    if (container === undefined) {
      events(response, app, journal, { follow, tail });
      return;
    }
    const isAsked = (line: Line): boolean =>
      line.revision === revision && line.replica === replica && line.container === container;
    const running = world.runtimeOf(id).replicaOf(revision ?? '');
    if (running?.name !== replica || !running?.containers.some(({ name }) => name === container)) {
      refuse(response, 404, `Replica '${replica ?? ''}' has no container '${container}'`);
      return;
    }
    const isJson = url.searchParams.get('output') !== 'text';
    const write = (time: string, text: string): void => {
      response.write(isJson ? `${JSON.stringify({ TimeStamp: time, Log: text })}\n` : `${time} ${text}\n`);
    };
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    write(now(), `Connecting to the container '${container}'...`);
    write(
      now(),
      `Successfully Connected to container: '${container}' [Revision: '${revision ?? ''}', Replica: '${replica ?? ''}']`,
    );
    for (const line of journal.lines().filter(isAsked).slice(-tail)) write(line.time, line.text);
    if (!follow) return void response.end();
    const stop = journal.listen((entry) => {
      if (entry.kind === 'line' && isAsked(entry)) write(entry.time, entry.text);
    });
    response.once('close', stop);
  });
}

const paths =
  /^\/subscriptions\/(?<subscription>[^/]+)\/resourceGroups\/(?<group>[^/]+)\/containerApps\/(?<app>[^/]+)\/(?:eventstream|revisions\/(?<revision>[^/]+)\/replicas\/(?<replica>[^/]+)\/containers\/(?<container>[^/]+)\/logstream)$/i;

function events(
  response: ServerResponse,
  app: string,
  journal: Journal,
  { follow, tail }: { readonly follow: boolean; readonly tail: number },
): void {
  const write = (event: Event): void => {
    const told = {
      TimeStamp: event.time,
      Type: event.type,
      ContainerAppName: app,
      RevisionName: event.revision,
      ReplicaName: event.replica,
      Msg: event.message,
      Reason: event.reason,
      EventSource: 'ContainerAppController',
      Count: 1,
    };
    response.write(`${JSON.stringify(told)}\n`);
  };
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
  response.write(
    `${JSON.stringify({ TimeStamp: now(), Type: 'Normal', ContainerAppName: app, Msg: 'Connecting to the events collector...', Reason: 'StartingGettingEvents', EventSource: 'ContainerAppController', Count: 1 })}\n`,
  );
  for (const event of journal.events().slice(-tail)) write(event);
  if (!follow) return void response.end();
  const stop = journal.listen((entry) => {
    if (entry.kind === 'event') write(entry);
  });
  response.once('close', stop);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const code = status === 401 ? 'Unauthorized' : status === 404 ? 'NotFound' : 'BadRequest';
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { code, message } }));
}

function now(): string {
  return new Date().toISOString();
}
