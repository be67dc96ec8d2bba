import { createOperatorClient, type OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'
import { readMasters, slotsWithoutMaster, type ClusterMaster, type SlotRange } from './cluster-masters.js'
import { keySlot } from '../../library/families/key-slot.js'
import { readFacts, type ServerFacts } from './server-facts.js'

/** One server that holds keys: the only one, or one master of a cluster. */
export interface ServerNode {
  /** `host:port`. */
  address: string
  client: OperatorClient
  facts: ServerFacts
  /** Null outside a cluster: all keys are here. */
  slots: readonly SlotRange[] | null
}

/** A master that holds keys and cannot be asked. */
export interface UnreachableNode {
  address: string
  error: OperatorError
}

/** All that hold keys. Whoever says something of all keys says as well what is `unreachable` and not served. */
export interface Nodes {
  nodes: readonly ServerNode[]
  unreachable: readonly UnreachableNode[]
  /** Slots of the cluster that no master serves. */
  slotsUnserved: number
}

export interface ConnectOptions {
  url: string
  password?: string | undefined
  deadlineMs: number
  signal?: AbortSignal | undefined
}

/**
 * Connects to every master of the cluster that `client` is a node of, with the user and password of `options`; outside
 * a cluster that is `client` alone. Masters that cannot be reached are told, the others are open.
 *
 * @throws OperatorError when the node refuses to name the masters
 */
export async function openNodes(
  client: OperatorClient,
  facts: ServerFacts,
  options: ConnectOptions,
): Promise<Nodes> {
  const { address } = client
  if (!facts.cluster) {
    return { nodes: [{ address, client, facts, slots: null }], unreachable: [], slotsUnserved: 0 }
  }
  const masters = await readMasters(client, new URL(options.url).hostname)
  const opened = await Promise.all(masters.map((master) => openMaster(master, client, options)))
  return {
    nodes: opened.filter((node) => 'client' in node),
    unreachable: opened.filter((node) => 'error' in node),
    slotsUnserved: slotsWithoutMaster(masters),
  }
}

/** The node that holds a key; null when nobody reachable serves its slot. */
export function nodeOf(nodes: readonly ServerNode[], key: Uint8Array): ServerNode | null {
  if (nodes[0]?.slots === null) return nodes[0]
  const slot = keySlot(key)
  return nodes.find(({ slots }) => slots?.some(([first, last]) => slot >= first && slot <= last)) ?? null
}

/** Whether the slots of a cluster are not where they were when it was opened, as far as the node that was named knows. */
export async function haveSlotsMoved({
  client,
  nodes,
  unreachable,
}: Nodes & { client: OperatorClient }): Promise<boolean> {
  if (nodes[0]?.slots === null || unreachable.length > 0) return false
  try {
    const masters = await readMasters(client, client.address.replace(/:\d+$/, ''))
    const now = masters.map(({ host, port, slots }) => [`${host}:${port}`, slots])
    return JSON.stringify(now) !== JSON.stringify(nodes.map(({ address, slots }) => [address, slots]))
  } catch (error) {
    // Then it has failed in the pass as well, or fails there next time: it is told there.
    if (error instanceof OperatorError) return false
    throw error
  }
}

async function openMaster(
  { host, port, slots }: ClusterMaster,
  asked: OperatorClient,
  { url, ...options }: ConnectOptions,
): Promise<ServerNode | UnreachableNode> {
  const place = new URL(url)
  place.hostname = host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host
  place.port = String(port)
  const address = `${host}:${port}`
  let client: OperatorClient | null = null
  try {
    client = address === asked.address ? asked : await createOperatorClient({ url: place.href, ...options })
    return { address, client, facts: await readFacts(client), slots }
  } catch (error) {
    if (client !== asked) client?.close()
    if (!(error instanceof OperatorError)) throw error
    return { address, error }
  }
}
