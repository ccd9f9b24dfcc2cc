import { textAt, type Json } from '../../azure/json.ts';
import { groupOf, nameOf } from '../../azure/resource-id.ts';
import type { Plan } from '../plan.ts';
import type { ImageWork, PostWork, ReferencesWork, Step, UpdateWork, Work } from '../step.ts';
import type { ValueObject } from '../value.ts';
import { updateProgram } from './edits.ts';
import { jqText, quoted, variableName } from './shell.ts';
import { asJq, asWord, type Variables } from './values.ts';

/** The commands of one step; what `az` has no good command for goes through `az rest`, as the plan has it. */
export function stepCommands(step: Step, plan: Plan, variables: Variables): readonly string[] {
  const commands = commandsOf(step, plan, variables);
  if (step.optional !== true || commands.length === 0) return commands;
  return ['{', ...commands, `} || echo ${quoted(`Not done: ${step.title}`)} >&2`];
}

function commandsOf(step: Step, plan: Plan, variables: Variables): readonly string[] {
  switch (step.do) {
    case 'nothing':
      return [];
    case 'register':
      return [`az provider register --namespace ${quoted(step.namespace)} --wait`];
    case 'put':
      return put(step, variables);
    case 'update':
      return update(step, variables);
    case 'settings':
      return settings(step, variables);
    case 'delete':
      return [
        `az resource delete --ids ${quoted(step.path)} --api-version ${step.apiVersion}`,
        wait('deleted', step.path, step.apiVersion),
      ];
    case 'role': {
      const { word, lines } = asWord(step.principal, variables);
      return [
        ...lines,
        call('az role assignment create', [
          `--role ${step.role.id}`,
          `--assignee-object-id ${word}`,
          '--assignee-principal-type ServicePrincipal',
          `--scope ${quoted(step.scope)}`,
        ]),
      ];
    }
    case 'settle':
      return [`sleep ${step.seconds}`];
    case 'post':
      return post(step, variables);
    case 'image':
      return image(step, plan, variables);
    case 'answer': {
      const { word, lines } = asWord(step.url, variables);
      // Anything but silence and a failure of the server.
      return [
        ...lines,
        `for attempt in $(seq ${Math.ceil(step.seconds / 5)}); do`,
        `  status="$(curl --silent --output /dev/null --write-out '%{http_code}' ${word}${quoted(step.path)} || true)"`,
        '  if [[ "$status" != 000 && "$status" -lt 500 ]]; then break; fi',
        '  sleep 5',
        'done',
        'echo "It answers with $status"',
        '[[ "$status" != 000 && "$status" -lt 500 ]]',
      ];
    }
    case 'references':
      return references(step);
  }
}

function put({ path, apiVersion, body }: Extract<Work, { do: 'put' }>, variables: Variables): readonly string[] {
  const known = createCommand(path, body);
  if (known !== undefined) return [known];
  const lines: string[] = [];
  const program = asJq(body, variables, lines);
  return [
    ...lines,
    `jq -n ${single(program)} |`,
    `  ${rest('put', path, apiVersion, 'body')}`,
    ...waited('created', path, apiVersion),
  ];
}

/** Where az's own command sends the same. */
function createCommand(path: string, body: ValueObject): string | undefined {
  const json = body as Json;
  const text = (at: string): string => textAt(json, at) ?? '';
  const name = quoted(nameOf(path));
  const where = [`--resource-group ${quoted(groupOf(path) ?? '')}`, `--location ${quoted(text('location'))}`];
  const tags = Object.entries((body['tags'] ?? {}) as Readonly<Record<string, string>>);
  const tagged = tags.length === 0 ? [] : [`--tags ${tags.map(([key, value]) => quoted(`${key}=${value}`)).join(' ')}`];
  if (/\/resourceGroups\/[^/]+$/i.test(path)) {
    return call('az group create', [`--name ${name}`, `--location ${quoted(text('location'))}`, ...tagged]);
  }
  if (/\/Microsoft.ContainerRegistry\/registries\/[^/]+$/i.test(path)) {
    return call('az acr create', [
      `--name ${name}`,
      ...where,
      `--sku ${quoted(text('sku.name'))}`,
      '--admin-enabled false',
      ...tagged,
    ]);
  }
  if (/\/userAssignedIdentities\/[^/]+$/i.test(path)) {
    return call('az identity create', [`--name ${name}`, ...where, ...tagged]);
  }
  if (/\/serverfarms\/[^/]+$/i.test(path)) {
    return call('az appservice plan create', [
      `--name ${name}`,
      ...where,
      '--is-linux',
      `--sku ${quoted(text('sku.name'))}`,
      ...tagged,
    ]);
  }
  return undefined;
}

function update(work: UpdateWork, variables: Variables): readonly string[] {
  const { path, apiVersion, keep, method } = work;
  const lines: string[] = [];
  const program = updateProgram(work, variables, lines);
  return [
    ...lines,
    ...(keep === undefined ? [] : [`KEPT="$(${rest('post', keep.path, apiVersion, 'show')})"`, 'export KEPT']),
    `${rest('get', path, apiVersion, 'show')} |`,
    `  jq ${single(program)} |`,
    `  ${rest(method.toLowerCase(), path, apiVersion, 'body')}`,
    ...waited('updated', path, apiVersion),
  ];
}

/** A PUT of settings replaces all of them. */
function settings(
  { path, apiVersion, set }: Extract<Work, { do: 'settings' }>,
  variables: Variables,
): readonly string[] {
  const lines: string[] = [];
  const program = `{properties: (.properties + ${asJq(set, variables, lines)})}`;
  return [
    ...lines,
    `${rest('post', `${path}/config/appsettings/list`, apiVersion, 'show')} |`,
    `  jq ${single(program)} |`,
    `  ${rest('put', `${path}/config/appsettings`, apiVersion, 'body')}`,
  ];
}

/** Told only: the app may well do without. Azure has answered in two forms. */
function references({ path, apiVersion, settings, reader, seconds }: ReferencesWork): readonly string[] {
  const names = settings.map(jqText).join(', ');
  const program =
    '(.properties.keyToReferenceStatuses // ([.value[]? | {(.name): .properties}] | add) // {}) as $found' +
    `\n    | [${names}][] | select($found[.].status != "Resolved")` +
    '\n    | "\\(.) does not resolve: \\($found[.] | .details // .status // "not yet looked at")"';
  return [
    `for attempt in $(seq ${Math.ceil(seconds / 5)}); do`,
    `  unresolved="$(${rest('get', `${path}/config/configreferences/appsettings`, apiVersion, 'show')} |`,
    `    jq -r ${single(program)})"`,
    '  if [[ -z "$unresolved" ]]; then break; fi',
    '  sleep 5',
    'done',
    `if [[ -n "$unresolved" ]]; then echo "$unresolved" >&2; echo ${quoted(`Usually ${reader} lacks 'Key Vault Secrets User' on the vault`)} >&2; fi`,
  ];
}

function post({ path, apiVersion, body }: PostWork, variables: Variables): readonly string[] {
  // Not for resets: az's own gives only production its settings back.
  const swap = /^(.*)\/slots\/([^/]+)\/(slotsswap|applySlotConfig)$/i.exec(path);
  if (swap !== null) {
    const [, site = '', slot = '', action = ''] = swap;
    return [
      call('az webapp deployment slot swap', [
        `--name ${quoted(nameOf(site))}`,
        `--resource-group ${quoted(groupOf(site) ?? '')}`,
        `--slot ${quoted(slot)}`,
        `--action ${/^slotsswap$/i.test(action) ? 'swap' : 'preview'}`,
      ]),
    ];
  }
  if (body === undefined) return [rest('post', path, apiVersion)];
  const lines: string[] = [];
  const program = asJq(body, variables, lines);
  return [...lines, `jq -n ${single(program)} |`, `  ${rest('post', path, apiVersion, 'body')}`];
}

function image(work: ImageWork, plan: Plan, variables: Variables): readonly string[] {
  const name = `${work.repository}:${work.tag}`;
  const plain = Object.entries(work.arguments ?? {}).map(([key, value]) => `--build-arg ${quoted(`${key}=${value}`)}`);
  const secret = work.secretArguments ?? [];
  const common = [
    `--file ${quoted(work.dockerfile)}`,
    ...(work.stage === undefined ? [] : [`--target ${quoted(work.stage)}`]),
    `--platform ${quoted(work.platform)}`,
    ...plain,
  ];
  const registry = quoted(nameOf(work.registry));
  const context = quoted(work.context.startsWith('-') ? `./${work.context}` : work.context);
  if (work.from === 'cloud') {
    // Azure CLI has no other way for these than an argument.
    const hidden = secret.map((key) => `--secret-build-arg "${key}=\${${variableName(key)}}"`);
    return [
      call('az acr build', [
        `--registry ${registry}`,
        `--resource-group ${quoted(groupOf(work.registry) ?? plan.target.resourceGroup)}`,
        `--image ${quoted(name)}`,
        ...common,
        ...hidden,
        context,
      ]),
    ];
  }
  const { word, lines } = asWord(work.loginServer, variables);
  // Without a value, Docker takes it from the environment.
  const hidden = secret.map((key) => `--build-arg ${quoted(key)}`);
  return [
    ...lines,
    call('docker build', [...common, ...hidden, `--tag ${word}${quoted(`/${name}`)}`, context]),
    `az acr login --name ${registry}`,
    `docker push ${word}${quoted(`/${name}`)}`,
  ];
}

/** `az rest` does not wait for what Azure goes on with. Sites and alerts are there at once, and have no such state. */
function waited(until: 'created' | 'updated', path: string, apiVersion: string): readonly string[] {
  if (!/\/providers\/Microsoft\.(App|ContainerInstance|OperationalInsights)\//i.test(path)) return [];
  return [wait(until, path, apiVersion)];
}

/** `az` would look only every 30 seconds. */
function wait(until: 'created' | 'updated' | 'deleted', path: string, apiVersion: string): string {
  return `az resource wait --${until} --interval 5 --ids ${quoted(path)} --api-version ${apiVersion}`;
}

/** `show`: what Azure answers is read on, whatever form the user has chosen for other commands. */
function rest(method: string, path: string, apiVersion: string, use: 'body' | 'show' | 'quiet' = 'quiet'): string {
  const url = quoted(`${path}?api-version=${apiVersion}`);
  const body = use === 'body' ? ' --body @/dev/stdin' : '';
  return `az rest --method ${method} --url ${url}${body}${use === 'show' ? ' --output json' : ''}`;
}

function single(program: string): string {
  return `'${program.replaceAll("'", `'\\''`)}'`;
}

/** One option a line: it is there to be read. */
function call(command: string, options: readonly string[]): string {
  return [command, ...options].join(' \\\n  ');
}
