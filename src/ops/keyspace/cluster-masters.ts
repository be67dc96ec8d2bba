import type { OperatorClient } from '../../library/backends/operator.js'
import { SLOTS } from '../../library/families/key-slot.js'

/** First and last of some neighbouring slots. */
export type SlotRange = readonly [first: number, last: number]

/** A master of a cluster, as the node that was asked knows it. */
export interface ClusterMaster {
  host: string
  port: number
  slots: SlotRange[]
}

/**
 * The masters of a cluster that hold slots, in the order of these.
 *
 * @param askedHost stands for a node that does not know its own address
 * @throws OperatorError
 */
export async function readMasters(client: OperatorClient, askedHost: string): Promise<ClusterMaster[]> {
  const reply = (await client.send('CLUSTER', 'SLOTS')) as [number, number, [string | null, number]][]
  const masters = new Map<string, ClusterMaster>()
  for (const [first, last, [announced, port]] of reply.sort(([a], [b]) => a - b)) {
    // Empty or `?` where the cluster was told to announce no address.
    const host = announced === null || announced === '' || announced === '?' ? askedHost : announced
    const address = `${host}:${port}`
    const known = masters.get(address)
    if (known) known.slots.push([first, last])
    else masters.set(address, { host, port, slots: [[first, last]] })
  }
  return [...masters.values()]
}

/** How many slots nobody serves; what was in them cannot be seen. */
export function slotsWithoutMaster(masters: readonly ClusterMaster[]): number {
  const served = masters
    .flatMap(({ slots }) => slots)
    .reduce((sum, [first, last]) => sum + last - first + 1, 0)
  return SLOTS - served
}
