import type { JsonObject } from '../../azure/json.ts';

/** A build in the cloud, before it is put into the words of Azure. */
export interface CloudBuild {
  readonly repository: string;
  readonly tag: string;
  /** In the archive. */
  readonly dockerfile: string;
  readonly target?: string;
  /** `linux/amd64`. */
  readonly platform: string;
  readonly arguments: readonly CloudArgument[];
  /** Where the archive was uploaded to. */
  readonly sourceLocation: string;
  readonly needsBuildKit: boolean;
  /** With the rights of whoever asks, as registries with repository permissions want it. */
  readonly asCaller: boolean;
}

export interface CloudArgument {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/** An hour, as Azure has it by default. */
const timeout = 3600;

/** What `scheduleRun` takes. */
export function runRequest(build: CloudBuild): JsonObject {
  const common = {
    isArchiveEnabled: false,
    platform: platformOf(build.platform),
    sourceLocation: build.sourceLocation,
    agentConfiguration: { cpu: 2 },
    timeout,
    ...(build.asCaller && { credentials: { sourceRegistry: { identity: '[caller]' } } }),
  };
  if (build.needsBuildKit)
    return {
      type: 'EncodedTaskRunRequest',
      encodedTaskContent: Buffer.from(taskText(build)).toString('base64'),
      values: build.arguments.map(({ value, isSecret }, index) => ({
        name: valueName(index),
        value: insideQuotes(value),
        isSecret,
      })),
      ...common,
    };
  const { repository, tag, dockerfile, target } = build;
  return {
    type: 'DockerBuildRequest',
    imageNames: [`${repository}:${tag}`],
    isPushEnabled: true,
    noCache: false,
    dockerFilePath: dockerfile,
    ...(target !== undefined && { target }),
    arguments: build.arguments.map(({ name, value, isSecret }) => ({ name, value, isSecret })),
    ...common,
  };
}

/**
 * The same as steps of a task, which is the only way to switch BuildKit on. The text is a template (of Go) first, then YAML, then the words
 * of a command. Values of arguments come by the environment, so that they are neither template nor word.
 */
export function taskText({ repository, tag, dockerfile, target, arguments: given }: CloudBuild): string {
  const image = `{{.Run.Registry}}/${repository}:${tag}`;
  const words = [
    ...['--tag', image],
    ...['--file', plain(dockerfile)],
    ...(target === undefined ? [] : ['--target', plain(target)]),
    ...given.flatMap(({ name }) => ['--build-arg', plain(name)]),
    '--progress=plain',
    '.',
  ];
  const environment = [
    quoted('DOCKER_BUILDKIT=1'),
    ...given.map(({ name }, index) => `"${insideQuotes(plain(name))}={{.Values.${valueName(index)}}}"`),
  ];
  return [
    // Later versions give `$` a meaning.
    'version: v1.0.0',
    'steps:',
    `  - id: build`,
    `    build: ${quoted(words.map(word).join(' '))}`,
    '    env:',
    ...environment.map((variable) => `      - ${variable}`),
    '  - id: push',
    '    push:',
    `      - ${quoted(image)}`,
    '    when:',
    '      - build',
    '',
  ].join('\n');
}

function platformOf(platform: string): JsonObject {
  const [os = 'linux', architecture, variant] = platform.split('/');
  return {
    os,
    ...(architecture !== undefined && { architecture }),
    ...(variant !== undefined && { variant }),
  };
}

function valueName(index: number): string {
  return `argument${index}`;
}

/** Text that the template leaves as it is; its raw strings stay as they are within the quotes of YAML. */
function plain(text: string): string {
  return text.replaceAll('{{', '{{`{{`}}');
}

/** A word of a command, as the agent takes it apart: quotes of either kind, and no escapes within single ones. */
function word(text: string): string {
  if (/^[\w./:={}-]+$/.test(text)) return text;
  return text.includes("'") ? `"${text.replaceAll('"', '\\"')}"` : `'${text}'`;
}

/** JSON's strings are YAML's, too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function insideQuotes(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
