// Checks what the tests have asked Azure, and what the local Azure has answered, against Azure's OpenAPI documents:
// node scripts/azure-traffic.ts SHARED_AZURE_FOLDER TRAFFIC_FOLDER
// SHARED_AZURE_FOLDER holds `tools/validate-traffic.mjs` and the documents; TRAFFIC_FOLDER the `*.jsonl` files that a run of the tests
// keeps with SHIPSHAPE_AZURE_TRAFFIC=FOLDER. Ends with `N passed, N failed`.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly requestBody?: unknown;
  readonly status?: number;
  readonly responseBody?: unknown;
}

interface Finding {
  readonly operation: string;
  readonly errors: readonly string[];
}

/** Without a result: no document has the operation. */
interface Checker {
  readonly checkRequest: (method: string, path: string, body: unknown) => Finding | undefined;
  readonly checkResponse: (method: string, path: string, status: string, body: unknown) => Finding | undefined;
}

/** What is asked of others than Resource Manager, for which there are no OpenAPI documents: `METHOD path`. */
const withoutDocument: readonly (readonly [what: string, pattern: RegExp])[] = [
  [
    'Entra ID: signing in is of OAuth 2, and @azure/identity speaks it',
    /\/(oauth2\/(v2\.0\/)?(token|devicecode|authorize)|discovery\/|\.well-known\/)/i,
  ],
  [
    'Registries: what Docker itself asks is of the OCI distribution specification',
    /^\w+ \/v2\/.*(blobs|manifests|tags\/list|referrers)\b/,
  ],
  [
    'Storage: contexts and logs of cloud builds, by signed addresses',
    /^(PUT|HEAD|GET) \/[0-9a-f]{32}-[a-z0-9]+\/(source|logs)\//,
  ],
  ['App Service: the logs of a site, from its own host', /^\w+ \/api\/(logstream|logs\/)/],
  ['Container Apps: log and event streams, from a host of their own', /\/(logstream|eventstream)$/],
  ['Private clouds: what tells their addresses', /^GET \/metadata\/endpoints$/],
  [
    'App Service: asked by azure-cli alone, and in none of the documents that we have',
    /^POST .*\/sites\/[^/]+\/publishxml$/,
  ],
  [
    "App Service: the storage that is mounted into a site; in Microsoft's package, and in none of the documents that we have",
    /^(POST|PUT) .*\/config\/azurestorageaccounts(\/list)?$/,
  ],
  ['Pipelines of GitHub: the token of a job', /^GET \/github\/token/],
];

/** What the checker gets wrong; it says the same of what azure-cli sends. */
const wrongly: readonly (readonly [why: string, error: RegExp])[] = [
  [
    'It does not follow the discriminator of the criteria, whose base type has no lists',
    /^(request|response) \/(value\/\d+\/)?properties\/criteria\/allOf must be object$/,
  ],
  [
    'Log Analytics answers with numbers and booleans; its document was written for text',
    /^response \/tables\/\d+\/rows\/\d+\/\d+ must be string$/,
  ],
];

const [shared, folder] = process.argv.slice(2);
if (shared === undefined || folder === undefined) {
  console.error('Usage: node scripts/azure-traffic.ts SHARED_AZURE_FOLDER TRAFFIC_FOLDER');
  process.exit(2);
}
const tool = pathToFileURL(resolve(shared, 'tools/validate-traffic.mjs')).href;
const checker = (await import(tool)) as Checker;

const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
const counts = { valid: 0, invalid: 0, explained: 0 };
/** How often, by `METHOD path`; ids and ports say nothing. */
const unknown = new Map<string, number>();
for (const file of files) {
  for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
    if (line !== '') check(JSON.parse(line) as Exchange, file);
  }
}
for (const [what, count] of unknown) console.error(`No document has ${what} (${count} times)`);
const failed = counts.invalid + unknown.size;
console.log(
  `${files.length} files: ${counts.valid} exchanges are valid, ${counts.explained} have no document by their nature`,
);
// Without traffic nothing was checked.
if (counts.valid === 0) console.error(`There is no traffic in '${folder}': run the tests with SHIPSHAPE_AZURE_TRAFFIC`);
console.log(`${counts.valid} passed, ${counts.valid === 0 ? 1 : failed} failed`);
process.exitCode = counts.valid > 0 && failed === 0 ? 0 : 1;

function check({ method, url, requestBody, status, responseBody }: Exchange, file: string): void {
  const path = pathOf(url);
  const request = checker.checkRequest(method, path, requestBody);
  if (request === undefined) {
    const what = `${method} ${path}`;
    if (withoutDocument.some(([, pattern]) => pattern.test(what))) counts.explained++;
    else unknown.set(withoutIds(what), (unknown.get(withoutIds(what)) ?? 0) + 1);
    return;
  }
  const response = status === undefined ? undefined : checker.checkResponse(method, path, String(status), responseBody);
  const errors = [
    ...request.errors.map((error) => `request ${error}`),
    ...(response?.errors ?? []).map((error) => `response ${error}`),
  ].filter((error) => !wrongly.some(([, pattern]) => pattern.test(error)));
  if (errors.length === 0) {
    counts.valid++;
    return;
  }
  counts.invalid++;
  console.error(
    `${request.operation} (${file}): ${method} ${path} ${status ?? ''}\n  ${errors.slice(0, 4).join('\n  ')}`,
  );
}

/** As the documents write it: that of Log Analytics leaves the version out, and that of registries knows no slash in a name. */
function pathOf(url: string): string {
  return new URL(url, 'https://management.azure.com').pathname
    .replace(/^\/v1(?=\/workspaces\/)/, '')
    .replace(/(?<=^\/acr\/v1\/).+(?=\/_(tags|manifests)\b)/, (name) => name.replaceAll('/', '%2F'));
}

function withoutIds(text: string): string {
  return text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '{id}');
}
