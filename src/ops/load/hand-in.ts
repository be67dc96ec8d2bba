import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../experiment/monotonic.js'
import { Stopped } from '../experiment/stopping.js'
import type { Collected } from './collect.js'
import { timeText } from './time-text.js'
import type { WorkerProcess } from './worker-process.js'

/** Beyond the time of grace, for what has to be handed in. */
const HAND_IN_MS = 5000

/**
 * Ends the traffic and waits until everything is handed in. Rejects with `Stopped` when it never is.
 *
 * @param endMs absolute, on the monotonic clock; null: now
 */
export async function handIn(
  worker: WorkerProcess,
  { finished }: Pick<Collected, 'finished'>,
  { endMs, graceMs }: { endMs: number | null; graceMs: number },
): Promise<void> {
  worker.send({ type: 'finish', endMs, graceMs })
  await untilHandedIn(worker, { finished }, Math.max(0, (endMs ?? 0) - monotonicMs()) + graceMs)
}

/** Of a worker that has been told to. */
export async function untilHandedIn(
  worker: WorkerProcess,
  { finished }: Pick<Collected, 'finished'>,
  forMs: number,
): Promise<void> {
  const over = new AbortController()
  const late = sleep(forMs + HAND_IN_MS, 'late' as const, { signal: over.signal }).catch(
    () => 'late' as const,
  )
  const how = await Promise.race([finished.then(() => null), worker.ended.then(() => 'gone' as const), late])
  over.abort()
  if (how === null) return
  if (how === 'gone') {
    // What it sent last may still be on its way to us.
    await turn()
    await Promise.race([finished, goneBy(worker)])
    return
  }
  throw new Stopped(
    'lost',
    `the process of the load (pid ${worker.pid}) did not hand in what it had recorded: it was stopped, or too busy`,
  )
}

/** Rejects with how it went. */
function goneBy({ died, lost }: WorkerProcess): Promise<never> {
  const as = (reason: 'died' | 'lost') => (what: string) => {
    throw new Stopped(reason, what)
  }
  return Promise.race([died.then(as('died')), lost.then(as('lost'))])
}

/** What became of a worker, and when it was last heard of, in one sentence. */
export function lostText(what: string, heardMs: number | null): string {
  if (heardMs === null) return `${what}, before it had handed in anything`
  return `${what}; it last handed something in ${timeText(heardMs)} into the run`
}
