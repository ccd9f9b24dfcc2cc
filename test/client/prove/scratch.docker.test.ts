import assert from 'node:assert/strict';
import { withApp, until } from '../../../client/src/prove/app/app.ts';
import { sightOf, socketsOf, statusOf, throughAHelper, waysToLook } from '../../../client/src/prove/app/look.ts';
import type { CheckContext } from '../../../client/src/prove/check.ts';
import { containersOf } from '../../../client/src/prove/containers.ts';
import { readFacts } from '../../../client/src/prove/facts.ts';
import { planProof } from '../../../client/src/prove/plan.ts';
import { usualProveSettings as settings } from '../../../client/src/prove/promise.ts';
import { baseImage, dockerTest, imageOf } from '../../docker/docker.ts';
import { appOf, containersLeft, meansOf, proofOf, scratchOf } from '../../docker/prove-images.ts';

const server = scratchOf(
  'USER 4711',
  'EXPOSE 8080',
  'HEALTHCHECK CMD ["/busybox-app", "nc", "-w", "1", "127.0.0.1", "8080"]',
  'CMD ["/busybox-app", "httpd", "-f", "-p", "8080", "-h", "/"]',
);

dockerTest('an image of one program only is looked at from outside', async (context) => {
  const asked = ['non-root', 'read-only', 'no-privileges', 'limits', 'port', 'healthy', 'stops', 'no-zombies'] as const;
  const { verdicts } = await proofOf(context, server, asked, { stopTimeout: 1 });
  const found = Object.fromEntries(
    verdicts.map(({ promise, outcome, message }) => [promise, `${outcome}: ${message}`]),
  );
  assert.equal(found['non-root'], 'kept: Runs as uid 4711');
  assert.equal(found['port'], 'kept: Listens on 8080 as exposed');
  for (const promise of ['read-only', 'no-privileges', 'limits', 'healthy'])
    assert.match(found[promise] ?? '', /^kept: /);
  assert.match(found['stops'] ?? '', /^broken: Killed .*PID 1 'busybox-app' does not handle SIGTERM$/);
  assert.equal(found['no-zombies'], 'not-applicable: Not tried: nothing in the image could start a child');
  assert.deepEqual(containersLeft(), []);
});

dockerTest(
  'an engine elsewhere is looked at with what the image has, and nothing is guessed without',
  async (context) => {
    const [, throughTheImage] = waysToLook;
    assert.ok(throughTheImage);
    const seenIn = async (dockerfile: string, way = throughTheImage): Promise<readonly string[]> => {
      const image = imageOf(context, { Dockerfile: dockerfile });
      const means = await meansOf();
      const signal = context.signal;
      const facts = await readFacts(image, means);
      const plan = planProof(facts, settings, [{ promise: 'port' }]);
      const base = {
        facts,
        settings,
        plan,
        tool: means.tool,
        signal,
        containers: containersOf(facts, {}, { ...means, signal }),
        run: (command, options = {}) => means.run(command, { ...options, signal }),
        once: (look) => look(base),
      } as CheckContext;
      const [planned] = plan.runs;
      assert.ok(planned);
      return withApp(base, planned, async (app) => {
        const sight = await sightOf(app, [way]);
        if (sight === undefined) return ['nothing'];
        const open = await until(base, 10, async () => {
          const sockets = (await socketsOf(sight)) ?? [];
          return sockets.length > 0 ? sockets : undefined;
        });
        const status = /^Name:\s+(\S+)/m.exec((await statusOf(sight)) ?? '')?.[1] ?? '';
        return [sight.how, status, ...(open ?? []).map(({ port, isLoopback }) => `${port} ${isLoopback}`)];
      });
    };
    const httpd = 'exec httpd -f -p 127.0.0.1:8080';
    assert.deepEqual(await seenIn(appOf([httpd])), ["read by 'cat' in the container", 'httpd', '8080 true']);
    const onlyShell = scratchOf(
      'COPY --from=tools /bin/busybox /bin/sh',
      'CMD ["/busybox-app", "httpd", "-f", "-p", "8080", "-h", "/"]',
    );
    // A shell that is busybox finds its own 'cat', so that what comes first may do.
    assert.deepEqual((await seenIn(onlyShell)).slice(1), ['busybox-app', '8080 false']);
    assert.deepEqual(await seenIn(server), ['nothing']);
    assert.deepEqual(await seenIn(server, throughAHelper(['shipshape-test/no-such:1', baseImage])), [
      `read by the local image '${baseImage}' beside it`,
      'busybox-app',
      '8080 false',
    ]);
    assert.deepEqual(containersLeft(), []);
  },
);
