// Run by no-secrets.test.ts with AZURE_LOG_LEVEL=verbose: an operation whose token, body and address must not be logged.
import { connected, scripted } from './scripted.ts';

const path = '/subscriptions/s/resourceGroups/rg';
const status = 'https://management.azure.com/status/1?t=1&s=MARKED-SIGNATURE';
const script = scripted(
  [
    `PUT ${path}?api-version=1`,
    { status: 201, headers: { 'azure-asyncoperation': status }, body: { key: 'MARKED-BODY' } },
  ],
  [`GET ${status}`, { status: 200, body: { status: 'InProgress' } }],
  [`GET ${status}`, { status: 200, body: { status: 'Succeeded' } }],
  [`GET ${path}?api-version=1`, { status: 200, body: { key: 'MARKED-BODY' } }],
);
const credential = {
  getToken: () => Promise.resolve({ token: 'MARKED-TOKEN', expiresOnTimestamp: Date.now() + 3_600_000 }),
};
await connected(script.httpClient, { credential }).arm.send({
  method: 'PUT',
  path,
  apiVersion: '1',
  body: { secret: 'MARKED-BODY' },
});
script.done();
