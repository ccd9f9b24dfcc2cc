import type { Dockerfile, Variable } from '../../model/dockerfile.ts';
import type { Instruction } from '../../syntax/dockerfile/tree.ts';
import { isOnlyMounted, secretMountFix } from '../../model/secret-mount.ts';
import { isPlaceholder, isSecretName } from '../../model/secret-name.ts';
import { variablesOf } from '../../model/variables.ts';
import type { Problem } from '../../text/problem.ts';
import { shorten } from '../../text/shorten.ts';
import { dockerfileRule } from '../rule.ts';

/** Variables that name a file of credentials. */
const credentialFiles = new Set([
  'GOOGLE_APPLICATION_CREDENTIALS',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'KUBECONFIG',
]);

export default dockerfileRule({
  id: 'secret-in-arg-env',
  summary: 'Keep secrets out of ARG, ENV and the layers.',
  why: 'ARG and ENV values stay readable in the image: `docker history` and `docker inspect` show them to everybody who can pull it. A secret mount leaves no trace.',
  category: 'security',
  severity: 'warning',
  aliases: ['hadolint:DL3064', 'buildkit:SecretsUsedInArgOrEnv', 'trivy:DS-0031', 'kics:Secrets Stored In Dockerfile'],
  options: {
    allow: { type: 'strings', default: [], description: 'Variables that hold no secret, by name.' },
  },
  bad: `
FROM node:22-slim
ARG NPM_TOKEN
    ^^^^^^^^^ 'NPM_TOKEN' stays readable in the image: use a secret mount
RUN npm config set //registry.npmjs.org/:_authToken=$NPM_TOKEN && npm ci
ENV DB_PASSWORD=hunter2
    ^^^^^^^^^^^ 'DB_PASSWORD' stays readable in the image: set it when the container starts
=> Mount the secret 'NPM_TOKEN' where it is used
FROM node:22-slim
RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm config set //registry.npmjs.org/:_authToken=$NPM_TOKEN && npm ci
ENV DB_PASSWORD=hunter2
`,
  good: `
FROM node:22-slim
ENV DB_PASSWORD_FILE=/run/secrets/db_password
RUN --mount=type=secret,id=npm,target=/root/.npmrc npm ci
`,

  *check(dockerfile, { allow }) {
    for (const instruction of dockerfile.instructions) {
      if (instruction.keyword === 'ARG' || instruction.keyword === 'ENV') {
        for (const variable of variablesOf(instruction, dockerfile.text)) {
          if (allow.includes(variable.name)) continue;
          yield* problemOf(dockerfile, variable);
        }
      }
      yield* copiedCredentials(instruction);
      yield* usedCredentials(dockerfile, instruction);
    }
  },
});

function* problemOf(dockerfile: Dockerfile, variable: Variable): Iterable<Problem> {
  const value = variable.value?.replace(/^["']|["']$/g, '') ?? '';
  const isArgument = variable.instruction.keyword === 'ARG';
  if (!isSecretName(variable.name) || isSwitch.test(value)) return;
  // A path says where the secret will be, unless the file is put there by this very Dockerfile.
  if (/^\.{0,2}\//.test(value) && !isCopied(dockerfile, value)) return;
  if (isArgument && isOnlyMounted(dockerfile, variable)) return;
  const advice = isArgument ? 'use a secret mount' : 'set it when the container starts';
  const fix = isArgument ? secretMountFix(dockerfile, variable) : undefined;
  yield {
    range: variable.nameRange,
    message: `'${shorten(variable.name, 35)}' stays readable in the image: ${advice}`,
    // Whoever starts the container, or builds the image, is to fill it in.
    ...(!isArgument && isPlaceholder(value) && { severity: value.startsWith('$') ? 'info' : 'hint' }),
    ...(fix && { fix }),
  };
}

/** The name is of something that is on or off. */
const isSwitch = /^(?:true|false|yes|no|on|off|enabled?|disabled?|none|\d)$/i;

/** COPY of a file to where a variable says that credentials lie. */
function* copiedCredentials({ keyword, words, json }: Instruction) {
  if (keyword !== 'COPY' && keyword !== 'ADD') return;
  const destination = (json ?? words).at(-1);
  const name = /^\$\{?(\w+)\}?$/.exec(destination?.value ?? '')?.[1];
  if (!destination || name === undefined || !credentialFiles.has(name)) return;
  yield { range: destination.range, message: `'${name}' is copied into the image: use a secret mount` };
}

/** A key file that a build step logs in with, and that no secret mount brings. */
function* usedCredentials(dockerfile: Dockerfile, instruction: Instruction) {
  const { keyword, flags } = instruction;
  const hasSecret = flags.some(({ name, value }) => name === 'mount' && value?.includes('type=secret'));
  if (keyword !== 'RUN' || hasSecret) return;
  for (const command of dockerfile.script(instruction, ['activate-service-account']).commands) {
    if (command.program !== 'gcloud') continue;
    const keyFile = command.arguments.find(({ text }) => text.startsWith('--key-file'));
    if (keyFile)
      yield { range: keyFile.range, message: 'The key file is in the image or its history: use a secret mount' };
  }
}

function isCopied({ instructions }: Dockerfile, path: string): boolean {
  const folders = path.split('/').filter((part) => part !== '' && part !== '.');
  return instructions.some(({ keyword, words, flags }) => {
    if (keyword !== 'COPY' && keyword !== 'ADD') return false;
    const destination = (words.at(-1)?.value ?? '').split('/').filter((part) => part !== '' && part !== '.');
    return (
      !flags.some(({ name }) => name === 'from') &&
      destination.length > 0 &&
      destination.every((part, i) => folders[i] === part)
    );
  });
}
