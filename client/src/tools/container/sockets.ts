/** A socket that waits for others to connect or send. */
export interface Socket {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Only what is inside the container reaches it. */
  readonly isLoopback: boolean;
}

/** What the kernel keeps of the sockets of a container: `tcp`, `tcp6`, `udp` and `udp6` one after the other, any of them missing. */
export const socketTables: readonly string[] = ['tcp', 'tcp6', 'udp', 'udp6'].map((table) => `/proc/net/${table}`);

/** Reads such tables; `undefined` for text that holds none. */
export function readSockets(tables: string): readonly Socket[] | undefined {
  let protocol: Socket['protocol'] | undefined;
  const found = new Map<string, Socket>();
  for (const line of tables.split('\n')) {
    if (line.includes('local_address')) {
      // Only the tables of UDP count what was dropped.
      protocol = line.includes('drops') ? 'udp' : 'tcp';
      continue;
    }
    const [, address, port, state] =
      /^\s*\d+:\s+([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})\s+\S+\s+([0-9A-F]{2})\s/i.exec(line) ?? [];
    if (protocol === undefined || address === undefined || port === undefined || state === undefined) continue;
    // A TCP socket listens; one of UDP that is connected to nobody takes what comes.
    if (state.toUpperCase() !== (protocol === 'tcp' ? '0A' : '07')) continue;
    const socket = { protocol, port: Number.parseInt(port, 16), isLoopback: isLoopback(address.toUpperCase()) };
    found.set(`${protocol} ${socket.port} ${socket.isLoopback}`, socket);
  }
  return protocol === undefined ? undefined : [...found.values()].sort((one, other) => one.port - other.port);
}

/** In words of four bytes, each with its last byte first on every machine that is in use. */
function isLoopback(address: string): boolean {
  if (address.length === 8) return address.endsWith('7F');
  return address === '00000000000000000000000001000000' || /^0{16}FFFF0000.{6}7F$/.test(address);
}
