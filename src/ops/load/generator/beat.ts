import { Worker } from 'node:worker_threads'

/** The lateness of a thread that has nothing else to do: the machine's own, whatever the subject does to its thread. */
export interface Beat {
  /** Those since the last call. */
  take(): Float64Array
  stop(): void
}

const EVERY_MS = 5
const BATCH = 20

/** Sleeps without an event loop, which would have a lateness of its own. Sent in batches, as each costs this thread time, too. */
const THREAD = `
const { parentPort } = require('node:worker_threads')
const cell = new Int32Array(new SharedArrayBuffer(4))
for (;;) {
  const lateMs = new Float64Array(${BATCH})
  for (let count = 0; count < ${BATCH}; count++) {
    const startMs = performance.now()
    Atomics.wait(cell, 0, 0, ${EVERY_MS})
    lateMs[count] = Math.max(0, performance.now() - startMs - ${EVERY_MS})
  }
  parentPort.postMessage(lateMs)
}
`

export function startBeat(): Beat {
  let batches: Float64Array[] = []
  const thread = new Worker(THREAD, {
    eval: true,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8 },
  })
  thread.on('message', (batch: Float64Array) => batches.push(batch))
  // A machine that cannot start a thread is not watched.
  thread.on('error', () => undefined)
  thread.unref()
  return {
    take: () => {
      const taken = batches
      batches = []
      return Float64Array.from(taken.flatMap((batch) => [...batch]))
    },
    stop: () => void thread.terminate(),
  }
}
