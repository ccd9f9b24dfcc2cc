import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as apps from '@azure/arm-appcontainers/dist-esm/src/models/mappers.js';
import * as web from '@azure/arm-appservice/dist-esm/src/models/mappers.js';
import * as instances from '@azure/arm-containerinstance/dist-esm/src/models/mappers.js';
import * as registries from '@azure/arm-containerregistry/dist-esm/src/models/mappers.js';
import { contractOf } from './contract.ts';
import { handMade } from './hand-made.ts';

void test('flattened properties, types, limits and enumerations', () => {
  const site = contractOf(web, 'Site');
  const good = {
    location: 'westeurope',
    kind: 'app,linux,container',
    identity: { type: 'SystemAssigned', userAssignedIdentities: null },
    properties: { serverFarmId: '/x', siteConfig: { alwaysOn: true, appSettings: [{ name: 'A', value: 'b' }] } },
  };
  assert.deepEqual(site(good), []);
  const bad = {
    identity: { type: 'Robot' },
    properties: {
      httpsOnly: 'yes',
      siteConfig: { alwaysOn: 1, appSettings: [{ nam: 'A' }], numberOfWorkers: 'x' },
      plan: 'B1',
    },
    sku: 'B1',
  };
  assert.deepEqual(site(bad), [
    "'location' is missing",
    "'identity.type' must be one of SystemAssigned, UserAssigned, SystemAssigned, UserAssigned, None",
    "'properties.siteConfig.numberOfWorkers' must be a number",
    "'properties.siteConfig.appSettings.0.nam' is unknown",
    "'properties.siteConfig.alwaysOn' must be true or false",
    "'properties.httpsOnly' must be true or false",
    "'properties.plan' is unknown",
    "'sku' is unknown",
  ]);
  assert.deepEqual(contractOf(web, 'Site', { partial: true })({ properties: {} }), []);
  assert.deepEqual(site([]), ["'body' must be an object"]);
  assert.deepEqual(contractOf(web, 'StringDictionary')({ properties: { A: 'b', C: 1 } }), [
    "'properties.C' must be text",
  ]);
});

void test('models of several kinds, told by their discriminator', () => {
  const run = contractOf(registries, 'RunRequest');
  const request = {
    type: 'DockerBuildRequest',
    dockerFilePath: 'Dockerfile',
    platform: { os: 'linux' },
    timeout: 3600,
  };
  assert.deepEqual(run(request), []);
  assert.deepEqual(run({ ...request, dockerFilePath: 1, encodedTaskContent: 'x' }), [
    "'dockerFilePath' must be text",
    "'encodedTaskContent' is unknown",
  ]);
  assert.deepEqual(run({ ...request, timeout: 1 }), ["'timeout' must be at least 300"]);
  assert.deepEqual(run({ dockerFilePath: 'Dockerfile' })[0], "'type' is missing");
});

void test('answers hold what Azure sets, without its secrets', () => {
  const group = {
    location: 'westeurope',
    properties: {
      osType: 'Linux',
      containers: [
        {
          name: 'web',
          properties: { image: 'a', resources: { requests: { cpu: 1, memoryInGB: 1 } }, instanceView: {} },
        },
      ],
      diagnostics: { logAnalytics: { workspaceId: 'x' } },
    },
  };
  assert.deepEqual(contractOf(instances, 'ContainerGroup', { answer: true })(group), []);
  assert.deepEqual(contractOf(instances, 'ContainerGroup')(group), [
    "'properties.diagnostics.logAnalytics.workspaceKey' is missing",
  ]);
  const sent = { location: 'westeurope', properties: { provisioningState: 'Succeeded', workloadProfileName: 'x' } };
  assert.deepEqual(contractOf(apps, 'ContainerApp')(sent), []);
  assert.deepEqual(contractOf(apps, 'ContainerApp', { refused: ['properties.provisioningState'] })(sent), [
    "'properties.provisioningState' is read-only",
  ]);
});

void test('what tables do not know may be allowed', () => {
  const app = { location: 'westeurope', properties: { patched: true } };
  assert.deepEqual(contractOf(apps, 'ContainerApp')(app), ["'properties.patched' is unknown"]);
  assert.deepEqual(contractOf(apps, 'ContainerApp', { also: ['properties.patched'] })(app), []);
});

void test('contracts by hand', () => {
  const models = handMade({
    Rule: {
      'name!': 'String',
      'properties.on-': 'Boolean',
      'odata\\.type': 'A|B',
      'parts!': 'Part[]',
      tags: 'String{}',
    },
    Part: { 'size!': 'Number' },
  });
  const rule = contractOf(models, 'Rule');
  assert.deepEqual(rule({ name: 'a', 'odata.type': 'a', parts: [{ size: 1 }], tags: { a: 'b' } }), []);
  assert.deepEqual(rule({ 'odata.type': 'C', parts: [{}], tags: { a: 1 } }), [
    "'name' is missing",
    "'odata.type' must be one of A, B",
    "'parts.0.size' is missing",
    "'tags.a' must be text",
  ]);
});
