import { request as askPlain } from 'node:http'
import { basename } from 'node:path'
import { EMULATED } from '../sandbox/http/emulated.js'
import { DIRECTORY_PREFIX } from '../sandbox/watchdog.js'
import { SafetyError } from '../report/errors.js'
import type { Proxied } from '../report/proxy-report.js'

/** What a server must be asked before a door stands in front of it. @throws whatever says that it cannot be asked */
export type AskRedis = (...command: [string, ...string[]]) => Promise<unknown>

const DEADLINE_MS = 1000

/**
 * Whether a Redis is one of our own sandbox, which holds nothing that matters: its directory is a throw-away one.
 *
 * @throws SafetyError for a node of a cluster
 */
export async function isSandboxRedis(ask: AskRedis, host: string): Promise<boolean> {
  await refuseCluster(ask)
  if (!isLoopback(host)) return false
  const reply = await orNull(ask('CONFIG', 'GET', 'dir'))
  // RESP3 answers with a map, RESP2 with a list.
  const values = Array.isArray(reply) ? reply.flat() : Object.values(reply ?? {})
  return values.some((value) => typeof value === 'string' && basename(value).startsWith(DIRECTORY_PREFIX))
}

/** Whether a REST endpoint is one of our own sandbox; one that does not answer is not. */
export function isSandboxRest(url: string): Promise<boolean> {
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'http:' || !isLoopback(hostname)) return Promise.resolve(false)
  return new Promise((resolve) => {
    const asked = askPlain(
      new URL('/', url),
      { method: 'HEAD', timeout: DEADLINE_MS, agent: false },
      (answer) => {
        resolve(answer.headers.server === EMULATED)
        answer.destroy()
      },
    )
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(false))
    asked.end()
  })
}

/** As the two above, whichever it is. @param open connects to a Redis, credentials included */
export async function isSandbox(
  { service, url }: { service: Proxied; url: string },
  open: () => Promise<{ ask: AskRedis; close(): void }>,
): Promise<boolean> {
  if (service !== 'redis') return isSandboxRest(url)
  const { ask, close } = await open()
  try {
    return await isSandboxRedis(ask, new URL(url).hostname)
  } finally {
    close()
  }
}

/** A node tells clients to go to another one for most keys, by an address that leads past the door. */
async function refuseCluster(ask: AskRedis): Promise<void> {
  const info = await orNull(ask('INFO', 'cluster'))
  if (typeof info !== 'string' || !/^cluster_enabled:1/m.test(info)) return
  throw new SafetyError(
    'CLUSTER',
    'The server is a node of a Redis Cluster: clients learn the addresses of the others from it and go past the door, so most of their traffic would never meet a fault.',
    ['a server that is no cluster, such as that of cache sandbox'],
  )
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

async function orNull(asked: Promise<unknown>): Promise<unknown> {
  try {
    return await asked
  } catch {
    return null
  }
}
