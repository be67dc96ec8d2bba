import { readFile } from 'node:fs/promises'

/** What Linux calls a connection whose first packet nobody has answered. */
const SYN_SENT = '02'

/**
 * Local ports of this machine's connects over IPv4 to `port` that wait to be answered; none where the system does not tell.
 */
export async function connectsUnderWay(port: number): Promise<number[]> {
  const table = await readFile('/proc/net/tcp', 'latin1').catch(() => '')
  const connects = /^\s*\d+: [0-9A-F]{8}:([0-9A-F]{4}) [0-9A-F]{8}:([0-9A-F]{4}) ([0-9A-F]{2}) /gm
  return [...table.matchAll(connects)]
    .filter(([, , remote = '', state]) => state === SYN_SENT && Number.parseInt(remote, 16) === port)
    .map(([, local = '']) => Number.parseInt(local, 16))
}
