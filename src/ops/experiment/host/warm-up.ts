import { monotonicMs } from '../monotonic.js'
import type { SubjectCache } from '../subjects/subject.js'
import type { Parent } from './parent.js'

const PAUSE_MS = 50
/** A subject that never hits is not waited for: that shows in the measurement. */
const MAX_PASSES = 20
const WARM_ENOUGH = 0.98

/**
 * Reads every key, several times over while the client is still connecting, until nearly all of them hit.
 *
 * @returns `settled: false` when a pass had not come to an end by the deadline
 */
export function warmUp(
  cache: SubjectCache,
  source: Pick<Parent, 'load'>,
  { keys, ...pace }: { keys: readonly string[]; atOnce: number; deadlineMs: number },
): Promise<{ settled: boolean; hitRatio: number }> {
  const reads = keys.map((key) => async () => {
    if ((await cache.get(key)) !== null) return true
    await cache.set(key, { key, version: await source.load(key) })
    return false
  })
  return warmUntilHit(reads, pace)
}

/** The same for reads that tell whether they hit, and store what they missed. */
export async function warmUntilHit(
  reads: readonly Read[],
  { atOnce, deadlineMs }: { atOnce: number; deadlineMs: number },
): Promise<{ settled: boolean; hitRatio: number }> {
  const endMs = monotonicMs() + deadlineMs
  let hitRatio = 0
  let lastPassMs = 0
  for (let pass = 0; pass < MAX_PASSES && hitRatio < WARM_ENOUGH; pass++) {
    const startMs = monotonicMs()
    const leftMs = endMs - startMs
    // As it would not come to its end: the subject is as warm as it gets.
    if (leftMs < 2 * lastPassMs) break
    const hits = await Promise.race([onePass(reads, atOnce), after(leftMs)])
    if (hits === null) return { settled: false, hitRatio }
    hitRatio = hits / reads.length
    lastPassMs = monotonicMs() - startMs
    await after(PAUSE_MS)
  }
  return { settled: true, hitRatio }
}

type Read = () => Promise<boolean>

async function onePass(reads: readonly Read[], atOnce: number): Promise<number> {
  let hits = 0
  for (let first = 0; first < reads.length; first += atOnce) {
    const found = await Promise.all(reads.slice(first, first + atOnce).map((read) => read()))
    hits += found.filter(Boolean).length
  }
  return hits
}

function after(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms))
}
