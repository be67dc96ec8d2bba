// One of the four processes: the library as a service holds it, under a load of its own. See ../soak.ts.
import { setLogger } from '../../../src/library/index.js'
import { monotonicMs } from '../../../src/ops/experiment/monotonic.js'
import { seededRandom } from '../../../src/ops/experiment/random.js'
import type { ToProcess } from '../messages.js'
import { openSubjects, type Subjects } from './caches.js'
import { createOperations, type Operations } from './operations.js'
import { connectToParent } from './parent.js'
import { lookAtVitals } from './vitals.js'
import { workload } from './workload.js'

const BATCH_MS = 50
const TICK_MS = 10
const VITALS_MS = 1000
/** More than these are begun only when others have ended; loads of up to 2 s lie among them. */
const MOST_UNDER_WAY = 400
const FINISH_WITHIN_MS = 5000

let logLines = 0
const count = () => void logLines++
setLogger({ warn: count, info: count })

let operations: Operations
let subjects: Subjects
let pacer: NodeJS.Timeout
let shed = 0

const parent = connectToParent(handle)
parent.send({ type: 'ready' })

function handle(message: ToProcess): void {
  if (message.type === 'start') return start(message)
  if (message.type === 'change') return message.keys.forEach((key) => operations.change(key))
  if (message.type === 'read') return message.keys.forEach((key) => operations.read(key))
  if (message.type === 'stop') void finish()
}

function start({ name, redisUrl, seed, opsPerSecond }: Extract<ToProcess, { type: 'start' }>): void {
  const random = seededRandom(seed)
  subjects = openSubjects(redisUrl)
  operations = createOperations(subjects, parent, random)
  const begin = workload(name, operations, random)
  const startedMs = monotonicMs()
  let begun = 0
  pacer = setInterval(() => {
    const due = Math.floor(((monotonicMs() - startedMs) * opsPerSecond) / 1000)
    for (; begun < due; begun++) {
      if (operations.pending() < MOST_UNDER_WAY) begin()
      else shed++
    }
  }, TICK_MS)
  let lastMs = startedMs
  let longestMs = 0
  const look = () => {
    longestMs = Math.max(longestMs, monotonicMs() - lastMs - TICK_MS)
    lastMs = monotonicMs()
  }
  setInterval(look, TICK_MS)
  setInterval(() => {
    look()
    tell(longestMs)
    longestMs = 0
  }, BATCH_MS)
  setInterval(() => parent.send({ type: 'vitals', vitals: lookAtVitals(logLines) }), VITALS_MS)
}

function tell(standstillMs: number): void {
  const records = operations.take()
  const oldestMs = operations.oldestMs()
  parent.send({ type: 'batch', records, standstillMs, oldestMs, shed, notUp: subjects.notUp() })
  shed = 0
}

async function finish(): Promise<void> {
  clearInterval(pacer)
  const end = monotonicMs() + FINISH_WITHIN_MS
  while (operations.pending() > 0 && monotonicMs() < end)
    await new Promise((resolve) => setTimeout(resolve, 20))
  tell(0)
  parent.send({ type: 'finished', pending: operations.pending() })
}
