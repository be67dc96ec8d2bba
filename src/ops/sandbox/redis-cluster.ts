import { setTimeout as sleep } from 'node:timers/promises'
import { EnvironmentError } from '../report/errors.js'
import { ask } from './ask.js'
import { freePort } from './free-port.js'
import { startRedisServer } from './redis-server.js'
import type { RedisServer } from './sandbox.js'
import { startWatchdog, type Watchdog } from './watchdog.js'

const SLOTS = 16_384
const DEADLINE_MS = 5000
const TOGETHER_MS = 20_000

/** Masters without replicas, which share all slots evenly. */
export interface RedisCluster {
  readonly masters: readonly RedisServer[]
  /** Ends all of them and removes every trace. Idempotent. */
  stop(): Promise<void>
}

/**
 * Starts a cluster of real servers on loopback and resolves once every master says that it is whole.
 *
 * Errors: those of `startRedisServer` and `startWatchdog`, and EnvironmentError `CLUSTER_NOT_FORMED` when the masters do
 * not find together within 20 s; nothing is left running then.
 */
export async function startRedisCluster({ masters: count = 3 } = {}): Promise<RedisCluster> {
  const watchdog = startWatchdog()
  const started = await Promise.allSettled(Array.from({ length: count }, () => startMember(watchdog)))
  const members = started.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  const masters = members.map(({ server }) => server)
  let stopping: Promise<void> | undefined
  const stop = () =>
    (stopping ??= Promise.all(masters.map((master) => master.stop())).then(() => watchdog.stop()))
  try {
    const failed = started.find((start) => start.status === 'rejected')
    if (failed) throw failed.reason
    await bringTogether(members)
    return { masters, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Member {
  server: RedisServer
  /** Where the others of the cluster speak to it. */
  busPort: number
}

async function startMember(watchdog: Watchdog): Promise<Member> {
  // Its default, 10 000 above the port, may be taken, or more than a port can be.
  const busPort = await freePort()
  const extraArgs = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)]
  return { server: await startRedisServer({ watchdog, extraArgs }), busPort }
}

async function bringTogether(members: readonly Member[]): Promise<void> {
  const masters = members.map(({ server }) => server)
  const { server: first, busPort } = members[0]!
  for (const [index, master] of masters.entries()) {
    const from = Math.floor((SLOTS * index) / masters.length)
    const to = Math.floor((SLOTS * (index + 1)) / masters.length) - 1
    const slots = Array.from({ length: to - from + 1 }, (_, offset) => String(from + offset))
    await tell(master, ['CLUSTER', 'ADDSLOTS', ...slots])
    // Two that claim the same version of the truth would have to settle it first.
    await tell(master, ['CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)])
    if (index > 0) await tell(master, ['CLUSTER', 'MEET', first.host, String(first.port), String(busPort)])
  }
  const end = performance.now() + TOGETHER_MS
  for (const master of masters) {
    while (!(await isWhole(master, masters.length))) {
      if (performance.now() > end) {
        throw new EnvironmentError(
          'CLUSTER_NOT_FORMED',
          `the ${masters.length} masters did not find together within ${TOGETHER_MS / 1000} s`,
        )
      }
      await sleep(20)
    }
  }
}

async function isWhole(master: RedisServer, count: number): Promise<boolean> {
  const info = await tell(master, ['CLUSTER', 'INFO'])
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${count}\r`)
}

async function tell({ host, port }: RedisServer, command: string[]): Promise<string> {
  const [reply = ''] = await ask({ host, port, deadlineMs: DEADLINE_MS }, command)
  if (reply.startsWith('-')) throw new Error(`${host}:${port} answered ${command[1]}: ${reply.slice(1)}`)
  return reply
}
