import type { Family } from '../../library/families/families.js'
import { isTombstone, TOMBSTONE_PREFIX } from '../../library/cache/tombstone.js'
import type { OperatorClient } from '../../library/backends/operator.js'
import type { PurgeResult } from '../report/keys-report.js'
import type { ReportError } from '../report/report.js'
import { asReportError, isGivenUp } from './as-report-error.js'
import { everySecond, type ProgressEvent } from './every-second.js'
import { createPace, type Pace } from './pace.js'
import { scanPages } from './scan.js'

export interface PurgeOptions {
  client: OperatorClient
  family: Family
  /** How many there were when they were counted; for progress only. */
  expected: number
  gentle: boolean
  /** Stops after the batch that is under way; one that the server does not answer soon is `unknown`. */
  signal?: AbortSignal | undefined
  onEvent?: ((event: ProgressEvent) => void) | undefined
}

/** Keys in one UNLINK. */
const BATCH = 200

/**
 * Deletes the keys of a family, and no other: each one is checked against the family's pattern and deleted by its exact
 * bytes. Tombstones stay, so that an invalidation of this moment is not undone by a value computed before it.
 *
 * Never rejects: what went wrong is `error`, beside what was done until then.
 */
export async function purgeFamily(
  options: PurgeOptions,
): Promise<{ result: PurgeResult; error: ReportError | null }> {
  const { client, family, expected, gentle, signal, onEvent } = options
  const begun = performance.now()
  const result: PurgeResult = {
    deleted: 0,
    tombstonesLeft: 0,
    gone: 0,
    unknown: 0,
    complete: false,
    durationMs: 0,
  }
  const pace = createPace({ gentle, signal })
  const progress = everySecond((done, perSecond) =>
    onEvent?.({ type: 'progress', phase: 'deleting', done, of: expected, perSecond }),
  )
  let error: ReportError | null = null
  try {
    for await (const { keys, cursor } of scanPages(client, {
      match: family.pattern.scanPattern,
      pace,
      signal,
    })) {
      const ours = keys.filter((key) => family.pattern.match(key.toString()) !== null)
      let at = 0
      for (; at < ours.length && !signal?.aborted; at += BATCH) {
        await unlink(client, ours.slice(at, at + BATCH), pace, result)
        progress(result.deleted)
      }
      if (cursor === '0' && at >= ours.length) result.complete = true
    }
  } catch (thrown) {
    // A server that hung when the signal aborted was not waited for: that is no error of its own.
    if (!isGivenUp(thrown)) error = asReportError(thrown)
  }
  result.durationMs = Math.round(performance.now() - begun)
  return { result, error }
}

async function unlink(
  client: OperatorClient,
  keys: Buffer[],
  pace: Pace,
  result: PurgeResult,
): Promise<void> {
  const beginnings = await client.pipeline(
    keys.map((key) => ['GETRANGE', key, 0, TOMBSTONE_PREFIX.length - 1]),
  )
  const doomed = keys.filter((_key, index) => {
    const beginning = beginnings[index]
    return typeof beginning !== 'string' || !isTombstone(beginning)
  })
  result.tombstonesLeft += keys.length - doomed.length
  if (doomed.length === 0) return
  result.unknown += doomed.length
  const deleted = Number(
    await pace.run(() => answered(() => client.send('UNLINK', ...doomed), doomed.length, result)),
  )
  result.unknown -= doomed.length
  result.deleted += deleted
  result.gone += doomed.length - deleted
}

/** A refusal is an answer: nothing was deleted. */
async function answered<T>(ask: () => Promise<T>, keys: number, result: PurgeResult): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code !== 'TIMEOUT' && code !== 'CLOSED' && code !== 'ABORTED') result.unknown -= keys
    throw error
  }
}
