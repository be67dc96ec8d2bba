import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultyServer, ServerCounts } from '../../faults/faulty-server.js'
import { ask } from '../../sandbox/ask.js'
import type { RedisServer } from '../../sandbox/sandbox.js'

const ORDER_DEADLINE_MS = 3000
/** Whoever runs answers a PING sooner, also on a busy machine. */
const SILENCE_MS = 200
const FOLLOW_WITHIN_MS = 3000
const LOOK_EVERY_MS = 10

/** A server of the sandbox, to be harmed by faults. */
export function faultyServer(server: RedisServer): FaultyServer {
  const { host, port } = server
  const counts: ServerCounts = { serverKills: 0, serverStarts: 0, serverFreezes: 0, serverDemotions: 0 }
  let state: 'up' | 'down' | 'frozen' = 'up'

  const order = async (...commands: string[][]) => {
    const replies = await ask({ host, port, deadlineMs: ORDER_DEADLINE_MS }, ...commands)
    const refusal = replies.find((reply) => reply.startsWith('-'))
    if (refusal !== undefined) throw new Error(`the server on port ${port} refused: ${refusal.slice(1)}`)
    return replies
  }
  const thaw = async () => {
    if (state !== 'frozen') return
    server.thaw()
    state = 'up'
  }

  return {
    host,
    port,
    order,
    thaw,
    counts: () => ({ ...counts }),
    async kill() {
      if (state === 'down') return
      state = 'down'
      await server.kill()
      counts.serverKills++
    },
    async start() {
      if (state !== 'down') return
      await server.restart({ keepData: false })
      state = 'up'
      counts.serverStarts++
    },
    async freeze() {
      if (state !== 'up') return
      server.freeze()
      state = 'frozen'
      const answer = await ask({ host, port, deadlineMs: SILENCE_MS }, ['PING']).catch(() => null)
      if (answer === null) counts.serverFreezes++
    },
    async follow(other) {
      const untilMs = performance.now() + FOLLOW_WITHIN_MS
      await order(['REPLICAOF', other.host, String(other.port)])
      while (performance.now() < untilMs) {
        const [info = ''] = await order(['INFO', 'replication'])
        if (info.includes('role:slave') && info.includes('master_link_status:up')) {
          counts.serverDemotions++
          return
        }
        await sleep(LOOK_EVERY_MS)
      }
    },
    async lead() {
      if (state === 'up') await order(['REPLICAOF', 'NO', 'ONE'])
    },
  }
}
