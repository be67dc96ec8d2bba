import { PREPARE_DEADLINE_MS, requirePrepared } from '../experiment/hosts.js'
import { monotonicMs } from '../experiment/monotonic.js'
import { Stopped } from '../experiment/stopping.js'
import type { Traffic } from './generator/traffic.js'
import type { LoadTarget } from './target.js'
import { timeText } from './time-text.js'
import type { WorkerProcess } from './worker-process.js'

/** The most keys there may be, over the slowest protocol, take about a third of it. */
const WARM_UP_MS = 60_000

/**
 * Has a worker make what it asks, and fill the cache. Rejects with `Stopped` when that does not come to an end with nothing wrong,
 * and with UsageError for a module that is no subject.
 */
export async function makeReady(
  worker: WorkerProcess,
  { surface }: Pick<LoadTarget, 'surface'>,
  traffic: Traffic,
): Promise<void> {
  const untilMs = monotonicMs() + PREPARE_DEADLINE_MS
  worker.send({ type: 'prepare', surface, traffic })
  const answer = await worker.next('prepared', PREPARE_DEADLINE_MS)
  if (surface.type === 'subject')
    requirePrepared(answer, { subject: surface.subject, untilMs, where: 'in its process' })
  else if (answer?.problem !== null)
    throw new Stopped('unprepared', `the load could not be prepared: ${answer?.problem ?? 'no answer'}`)

  worker.send({ type: 'warm', deadlineMs: WARM_UP_MS })
  const warmed = await worker.next('warmed', WARM_UP_MS + 1000)
  if (warmed?.settled) return
  if (warmed && surface.type === 'http') {
    throw new Stopped(
      'unprepared',
      `with nothing wrong, only ${Math.floor(warmed.hitRatio * 100)} % of the keys could be written and read as the probes expect: mend them or the app, or have fewer keys`,
    )
  }
  throw new Stopped(
    'unprepared',
    `reading every key once did not come to an end in ${timeText(WARM_UP_MS)}, with nothing wrong`,
  )
}
