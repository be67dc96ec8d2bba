import { Worker } from 'node:worker_threads'

/** Calls back at an instant, more exactly than timers do. One at a time: a new one replaces the last. */
export interface Alarm {
  /** @param inMs from now; 0 or less: as soon as the answers that are there have been read */
  set(inMs: number, ring: () => void): void
  /** It never rings again. */
  stop(): void
}

/** What is due within this is begun together: each ringing costs two threads 20 µs. */
const CLOSEST_MS = 0.2

/** In shared memory: the order that was given last, the order that has rung, and for how long to sleep. */
const GIVEN = 0
const RUNG = 1
const BYTES = 16

/** It does what it was told last: whoever tells it something else wakes it. */
const THREAD = `
const { workerData } = require('node:worker_threads')
const cells = new Int32Array(workerData)
const sleepMs = new Float64Array(workerData, 8, 1)
for (let seen = 0; ; ) {
  Atomics.wait(cells, ${GIVEN}, seen)
  seen = Atomics.load(cells, ${GIVEN})
  const untilMs = performance.now() + sleepMs[0]
  // It may be woken for the order that it has read already: then it sleeps on.
  for (let leftMs = sleepMs[0]; leftMs > 0; leftMs = untilMs - performance.now())
    if (Atomics.wait(cells, ${GIVEN}, seen, leftMs) === 'not-equal') break
  if (Atomics.load(cells, ${GIVEN}) !== seen) continue
  Atomics.store(cells, ${RUNG}, seen)
  Atomics.notify(cells, ${RUNG})
}
`

/** Since ES2024. */
type WaitAsync = (
  cells: Int32Array,
  index: number,
  value: number,
) => { async: true; value: Promise<unknown> } | { async: false }

const { waitAsync } = Atomics as unknown as { waitAsync: WaitAsync }

/**
 * A timer of Node has a resolution of 1 ms and is late by up to another, and a loop that looks at the clock until the time has come
 * takes a whole core from the subject. A thread that sleeps is late by a tenth of a millisecond, for a fiftieth of a core at
 * 200 a second.
 */
export function createAlarm(): Alarm {
  const memory = new SharedArrayBuffer(BYTES)
  const cells = new Int32Array(memory, 0, 2)
  const sleepMs = new Float64Array(memory, 8, 1)
  // Nothing is caught: without it nothing would ever be begun, and the end of the process tells that.
  const thread = new Worker(THREAD, { eval: true, workerData: memory, env: {}, execArgv: [] })
  thread.unref()
  let turn: NodeJS.Immediate | undefined
  let order = 0

  const listen = (mine: number, ring: () => void): void => {
    if (mine !== order) return
    const last = Atomics.load(cells, RUNG)
    if (last === mine) return ring()
    // It may have rung for an earlier order, just now or until then.
    const rung = waitAsync(cells, RUNG, last)
    if (rung.async) void rung.value.then(() => listen(mine, ring))
    else listen(mine, ring)
  }

  return {
    set: (inMs, ring) => {
      clearImmediate(turn)
      order = (order + 1) | 0
      if (inMs <= 0) {
        turn = setImmediate(ring)
        return
      }
      sleepMs[0] = Math.max(inMs, CLOSEST_MS)
      // Before the order is given, so that it cannot have been carried out by then and never rings at once.
      listen(order, ring)
      Atomics.store(cells, GIVEN, order)
      Atomics.notify(cells, GIVEN)
    },
    stop: () => {
      order = NaN
      clearImmediate(turn)
      void thread.terminate()
    },
  }
}
