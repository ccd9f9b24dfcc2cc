import assert from 'node:assert/strict';
import { apiVersions } from '../../../client/src/azure/api-versions.ts';
import { at, textAt } from '../../../client/src/azure/json.ts';
import { readState } from '../../../client/src/deploy/after/state.ts';
import { idsOf } from '../../../client/src/deploy/plan/ids.ts';
import { askHost } from '../../azure/app/lab.ts';
import { dockerTest } from '../../docker/docker.ts';
import { placeholder, startDeployed } from './after/deployed.ts';
import { bareContainerApp } from './targets.ts';

dockerTest(
  'a container app with an identity of its own begins without the image, and then runs it',
  async (context) => {
    const { arm, deploy, deployments } = await startDeployed(context);
    const app = { ...bareContainerApp, name: `app-${placeholder}`, revisions: 'multiple' } as const;
    const target = await deploy(app, 'one', { identity: { kind: 'system' } });
    const [first] = deployments;
    assert.equal(first?.outcome.kind, 'deployed');
    const there = await arm.get(idsOf(target).app, apiVersions.containerApps);
    assert.equal(at(there, 'identity.type'), 'SystemAssigned');
    assert.equal(at(there, 'properties.configuration.registries.0.identity'), 'system');
    const host = textAt(there, 'properties.configuration.ingress.fqdn') ?? '';
    assert.match((await askHost(`https://${host}`)).text, /one/);
    const { versions = [] } = (await readState(arm, target)) ?? {};
    assert.deepEqual(
      versions.map(({ image }) => image?.startsWith('127.0.0.1:')),
      [true],
    );
  },
);
