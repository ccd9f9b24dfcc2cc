import assert from 'node:assert/strict';
import test from 'node:test';
import { branches, valueAt, withoutNulls, withValue } from '../../../../client/src/deploy/run/edits.ts';
import { withoutReadOnly } from '../../../../client/src/deploy/run/read-only.ts';

const app = {
  properties: {
    configuration: {
      ingress: { targetPort: 80, traffic: [{ weight: 100, latestRevision: true }], stickySessions: null },
    },
    template: {
      containers: [
        { name: 'web', image: 'a:1', env: [{ name: 'A', value: '1' }], probes: [{ type: 'Liveness' }] },
        { name: 'sidecar', image: 'b:1' },
      ],
    },
  },
};

test('reads through names, numbers and keys with dots', () => {
  assert.equal(valueAt(app, 'properties.template.containers[name=sidecar].image'), 'b:1');
  assert.equal(valueAt(app, 'properties.configuration.ingress.traffic[0].weight'), 100);
  assert.equal(valueAt(app, 'properties.template.containers[name=web].env[name=B].value'), undefined);
  assert.equal(valueAt({ tags: { 'a.b/c': 'x' } }, "tags['a.b/c']"), 'x');
  assert.deepEqual(valueAt({ userAssignedIdentities: { '/SUB/X.Y': {} } }, "userAssignedIdentities['/sub/x.y']"), {});
});

test('changes one value and nothing else', () => {
  const changed = withValue(app, 'properties.template.containers[name=web].image', 'a:2');
  assert.equal(valueAt(changed, 'properties.template.containers[name=web].image'), 'a:2');
  assert.deepEqual(withValue(changed, 'properties.template.containers[name=web].image', 'a:1'), app);
  assert.equal(app.properties.template.containers[0]?.image, 'a:1');
});

test('makes the element that is selected, and takes it away', () => {
  const more = withValue(app, 'properties.template.containers[name=web].env[name=B].value', '2');
  assert.deepEqual(valueAt(more, 'properties.template.containers[name=web].env'), [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ]);
  assert.deepEqual(withValue(more, 'properties.template.containers[name=web].env[name=B]', undefined), app);
  const whole = withValue(app, 'properties.template.containers[name=web].env[name=B]', { name: 'B', secretRef: 'b' });
  assert.deepEqual(valueAt(whole, 'properties.template.containers[name=web].env[name=B]'), {
    name: 'B',
    secretRef: 'b',
  });
});

test('leaves as it is what is to be taken away and is not there', () => {
  assert.deepEqual(withValue(app, 'properties.configuration.ingress.cors.origins', undefined), app);
  assert.deepEqual(withValue(app, 'properties.template.containers[name=none]', undefined), app);
});

test('sends only the branches of a PATCH, arrays whole and without nulls', () => {
  const edited = withValue(app, 'properties.template.containers[name=web].image', 'a:2');
  assert.deepEqual(branches(edited as typeof app, ['properties.template.containers'], []), {
    properties: {
      template: {
        containers: [
          { name: 'web', image: 'a:2', env: [{ name: 'A', value: '1' }], probes: [{ type: 'Liveness' }] },
          { name: 'sidecar', image: 'b:1' },
        ],
      },
    },
  });
});

test('says in a PATCH what is taken away, since what is left out stays', () => {
  const edited = withValue(app, 'properties.configuration.ingress.targetPort', undefined) as typeof app;
  const body = branches(edited, ['properties.configuration.ingress'], ['properties.configuration.ingress.targetPort']);
  assert.equal(valueAt(body, 'properties.configuration.ingress.targetPort'), null);
  const path = 'properties.template.containers[name=web].probes';
  const less = withValue(app, path, undefined) as typeof app;
  assert.equal(valueAt(branches(less, ['properties.template.containers'], [path]), path), undefined);
});

test('sends back in a PUT everything but what is Azure’s own', () => {
  const group = {
    id: '/x',
    name: 'g',
    type: 't',
    location: 'westeurope',
    identity: {
      type: 'UserAssigned',
      principalId: 'p',
      userAssignedIdentities: { '/i.x/y': { clientId: 'c', principalId: 'p' } },
    },
    properties: {
      provisioningState: 'Succeeded',
      instanceView: { state: 'Running' },
      ipAddress: { type: 'Public', ip: '1.2.3.4', fqdn: 'f', ports: [{ port: 80 }], dnsNameLabel: 'l' },
      containers: [
        { name: 'web', properties: { image: 'a', instanceView: { restartCount: 0 }, volumeMounts: [{ name: 'v' }] } },
      ],
      volumes: null,
    },
  };
  assert.deepEqual(withoutReadOnly(group), {
    location: 'westeurope',
    identity: { type: 'UserAssigned', userAssignedIdentities: { '/i.x/y': {} } },
    properties: {
      ipAddress: { type: 'Public', ports: [{ port: 80 }], dnsNameLabel: 'l' },
      containers: [{ name: 'web', properties: { image: 'a', volumeMounts: [{ name: 'v' }] } }],
    },
  });
});

test('keeps a private address, which can be chosen', () => {
  const group = { properties: { ipAddress: { type: 'Private', ip: '10.0.0.4' } } };
  assert.deepEqual(withoutReadOnly(group), group);
});

test('takes out nulls at every depth', () => {
  assert.deepEqual(withoutNulls({ a: null, b: { c: null, d: [{ e: null, f: 1 }] } }), { b: { d: [{ f: 1 }] } });
});
