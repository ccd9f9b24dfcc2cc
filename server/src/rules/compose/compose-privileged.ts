import { imageOf } from '../../model/compose-image.ts';
import { shorten } from '../../text/shorten.ts';
import { composeRule } from '../rule.ts';

export default composeRule({
  id: 'compose-privileged',
  summary: 'Do not run a service as `privileged`.',
  why: `
A privileged container has every capability and every device of the host: whoever breaks into it is root on the host.
Give the service the one thing it needs instead: an entry under \`cap_add\` or \`devices\`.
`,
  category: 'security',
  severity: 'error',
  aliases: ['kics:Privileged Containers Enabled'],
  bad: `
services:
  agent:
    image: example/agent:2.1
    privileged: true
                ^^^^ 'agent' has full access to the host: grant 'cap_add' or 'devices' instead
`,
  good: `
services:
  agent:
    image: example/agent:2.1
    cap_add: [NET_ADMIN]
    devices:
      - /dev/net/tun
`,

  *check({ services }) {
    const seen = new Set<unknown>();
    for (const service of services) {
      const value = service.entries.get('privileged')?.value;
      if (value?.kind !== 'scalar' || !/^(?:true|yes|on|y)$/i.test(value.text) || seen.has(value)) continue;
      // A value behind an anchor is one problem, however many services take it.
      seen.add(value);
      const needsIt = nested.test(imageOf(service)?.reference.name ?? '');
      yield {
        range: value.range,
        message: `'${shorten(service.name, 30)}' has full access to the host: grant 'cap_add' or 'devices' instead`,
        ...(needsIt && { severity: 'info' as const }),
      };
    }
  },
});

/** Images that run containers themselves cannot do without. */
const nested = /(?:^|\/)(?:docker|dind|buildkit|podman|k3s|kind)$/;
