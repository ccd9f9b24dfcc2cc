import type { Format } from './compose-shape.ts';

/** What is wrong with a value without variables, as the end of a sentence that begins with the value; `undefined` when it is right. */
export function formatTrouble(format: Format, text: string): string | undefined {
  switch (format) {
    case 'duration':
      return durationPattern.test(text) ? undefined : "is not a duration: write it like '30s' or '1m30s'";
    case 'port':
      return portPattern.test(text) && portsAreInRange(text)
        ? undefined
        : "is not a port mapping: write it like '8080:80'";
    case 'exposed port':
      return exposePattern.test(text) && portsAreInRange(text)
        ? undefined
        : "is not a port: write it like '80' or '80-90/udp'";
    case 'subnet':
      return subnetPattern.test(text) ? undefined : "is not a subnet: write it like '172.28.0.0/16'";
  }
}

const durationPattern = /^(?:0|(?:\d+(?:\.\d+)?(?:ns|us|µs|μs|ms|s|m|h|d|w))+)$/;
const exposePattern = /^\d+(?:-\d+)?(?:\/[a-z]+)?$/i;
/** `[host_ip:][published:]target[/protocol]`; an IPv6 address may be in brackets. */
const portPattern =
  /^(?:(?:\[[\da-f:.%a-z]+\]|[\d.]+|[\da-f:]+|[\w.-]+):)?(?:(?:\d+(?:-\d+)?)?:)?\d+(?:-\d+)?(?:\/[a-z]+)?$/i;
const subnetPattern = /^(?:(?:\d{1,3}\.){3}\d{1,3}\/(?:[0-9]|[12]\d|3[0-2])|[\da-f:.]*:[\da-f:.]*\/\d{1,3})$/i;

function portsAreInRange(text: string): boolean {
  const ports = text.replace(/^.*:(?=\d*(?:-\d+)?:)/, '').match(/\d+/g) ?? [];
  return ports.every((port) => Number(port) <= 65_535);
}
