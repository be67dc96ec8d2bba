import { createConversationStore } from '../src/library/stores/conversation/create-conversation-store.js'
import { createTcpDoor } from '../src/ops/faults/doors/tcp.js'
import type { RedisServer } from '../src/ops/sandbox/sandbox.js'
import { everyConversation, VIEWER } from './conversations.js'
import { quantile, readable } from './statistics.js'
import { printTable, promise } from './table.js'

/** Default of `maxConcurrentLoads`. */
const BULKHEAD = 64
/** More than the source can serve within the second that a load may wait for its turn. */
const CALLERS = 4000
const FLOOD_MS = 3000
const QUERY_MS = 20

/** How many reads are at the source at a time while Redis is away, and what becomes of the others. */
export async function benchSource(redis: RedisServer): Promise<void> {
  const rows = [[`${CALLERS} callers, Redis`, 'most at the source', 'answered', 'turned away', 'p99']]
  let worst = 0
  for (const fault of ['refuse', 'stall'] as const) {
    const { most, answered, turnedAway, waits } = await flood(redis, fault)
    worst = Math.max(worst, most)
    const counts = [most, answered, turnedAway].map(String)
    rows.push([fault, ...counts, readable(quantile(waits, 0.99))])
  }
  printTable(rows)
  promise(`Redis dead: never more than ${BULKHEAD} reads at the source`, String(worst), worst <= BULKHEAD)
}

/** Each caller asks for another conversation at every turn, so that no two share a load. */
async function flood(redis: RedisServer, fault: 'refuse' | 'stall') {
  let running = 0
  let most = 0
  const source = everyConversation(async () => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, QUERY_MS))
    running--
  })
  const door = await createTcpDoor({ upstream: redis })
  const url = `redis://${door.host}:${door.port}`
  const store = createConversationStore({ source, redis: { backend: 'redis', url } })
  const waits: number[] = []
  let answered = 0
  let turnedAway = 0
  try {
    await store.getConversation(VIEWER, 'warm')
    await door[fault]()
    const end = performance.now() + FLOOD_MS
    const caller = async (_: unknown, number: number) => {
      for (let turn = 0; performance.now() < end; turn++) {
        const startedAt = performance.now()
        const reading = store.getConversation(VIEWER, `${number}-${turn}`)
        await reading.then(
          () => answered++,
          () => turnedAway++,
        )
        waits.push(performance.now() - startedAt)
      }
    }
    await Promise.all(Array.from({ length: CALLERS }, caller))
  } finally {
    await store.close()
    await door.close()
  }
  return { most, answered, turnedAway, waits }
}
