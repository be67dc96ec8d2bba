import { monotonicMs } from '../../src/ops/experiment/monotonic.js'
import { forkProcess } from '../../src/ops/experiment/forked.js'
import { createHistogram, type Histogram } from '../../src/ops/load/histogram.js'
import type {
  Batch,
  FromWorker,
  LoadVitals,
  Surface,
  ToWorker,
} from '../../src/ops/load/generator/messages.js'
import type { Traffic } from '../../src/ops/load/generator/traffic.js'

export interface Driven {
  /** Absolute, as what the subject tells of itself is. */
  originMs: number
  /** From due to answered, and from due to begun. */
  latency: Histogram
  lateness: Histogram
  /** Of a thread beside the traffic: the machine's own. */
  beats: Histogram
  answered: number
  unanswered: number
  unstarted: number
  /** Answers per second in the middle of the run, without its first and its last second. */
  answersPerSecond: number
  vitals: LoadVitals[]
}

const GRACE_MS = 1000
const DEADLINE_MS = 60_000
/** Until every process knows when the first is due. */
const LEAD_MS = 200

/** Reads of one family of small values, at a constant rate. */
export const READS: Traffic = {
  seed: 1,
  ratePerSecond: 1000,
  arrivals: 'constant',
  beforeMs: 1000,
  families: [
    {
      id: 'bench',
      pattern: 'bench:{id}',
      weight: 1,
      keys: 1000,
      skew: 0,
      mix: { read: 1, put: 0, invalidate: 0 },
      bytes: [100],
      ttlSeconds: null,
    },
  ],
  limiter: null,
  source: { latencyMs: 0, connections: 10 },
}

/** Has the worker of a load test, in a process of its own as always, put load on a surface; rejects when it could not. */
export async function drive(options: {
  surface: Surface
  traffic: Traffic
  seconds: number
  variables?: Record<string, string>
  /** What was due before is left out of `latency`. @default 0 */
  fromMs?: number
  /** Each batch, as the engine of a load test gets it. */
  onBatch?: (batch: Batch) => void
}): Promise<Driven> {
  const { surface, traffic, seconds, variables, fromMs = 0 } = options
  const worker = forkProcess<ToWorker, FromWorker>({
    file: 'dist/ops/load/worker.js',
    called: 'the worker',
    serialization: 'advanced',
    variables,
  })
  try {
    const prepared = worker.next('prepared', DEADLINE_MS)
    worker.send({ type: 'prepare', surface, traffic })
    const { problem } = (await prepared) ?? { problem: 'it was never ready' }
    if (problem !== null) throw new Error(problem)
    const warmed = worker.next('warmed', DEADLINE_MS)
    worker.send({ type: 'warm', deadlineMs: 20_000 })
    await warmed

    const originMs = monotonicMs() + LEAD_MS
    const driven = emptyOf(originMs)
    let inTheMiddle = 0
    const fold = (batch: Batch) => {
      const { dueMs, startMs, endMs } = batch
      options.onBatch?.(batch)
      dueMs.forEach((due, index) => {
        const [start, end] = [startMs[index]!, endMs[index]!]
        if (!Number.isNaN(start)) driven.lateness.record(start - due)
        if (Number.isNaN(end)) driven.unanswered += 1
        else {
          driven.answered += 1
          if (due >= fromMs) driven.latency.record(end - due)
          if (end >= 1000 && end < (seconds - 1) * 1000) inTheMiddle += 1
        }
      })
    }
    worker.onMessage((message) => {
      if (message.type === 'settled' || message.type === 'finished') fold(message.batch)
      if (message.type === 'finished') driven.unstarted = message.unstarted.length
      if (message.type === 'beats') message.lateMs.forEach((late) => driven.beats.record(late))
      if (message.type === 'vitals') driven.vitals.push(...message.records)
    })
    const finished = worker.next('finished', seconds * 1000 + DEADLINE_MS)
    worker.send({ type: 'begin', originMs })
    const endMs = originMs + seconds * 1000
    await new Promise((resolve) => setTimeout(resolve, endMs - monotonicMs()))
    worker.send({ type: 'finish', endMs, graceMs: GRACE_MS })
    if ((await finished) === null) throw new Error('the worker did not hand in what it had')
    driven.answersPerSecond = inTheMiddle / (seconds - 2)
    return driven
  } finally {
    await worker.end()
  }
}

function emptyOf(originMs: number): Driven {
  return {
    originMs,
    latency: createHistogram(),
    lateness: createHistogram(),
    beats: createHistogram(),
    answered: 0,
    unanswered: 0,
    unstarted: 0,
    answersPerSecond: 0,
    vitals: [],
  }
}
