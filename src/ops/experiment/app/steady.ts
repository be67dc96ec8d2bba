import { UNSTEADY } from '../../report/drill-report.js'
import { duration } from '../in-words.js'
import type { OperationRecord } from '../measurement.js'
import type { Plan } from '../plan.js'
import { quantile } from '../quantile.js'
import type { FoundVariable } from './redis-variables.js'

/** With fewer, the slowest of all is the p99, and one slow answer would decide. */
const SAMPLES = 100
const MAX_LATE_MS = 100
/** A fault that is gone sooner may be gone before a client has noticed, or tried again. */
const MIN_FAULT_MS = 1000

/** Why a drill of that length and rate could prove nothing, with what could; null when it can. */
export function tooShort({
  ratePerSecond,
  ...phases
}: Pick<Plan, 'ratePerSecond' | 'beforeMs' | 'duringMs' | 'afterMs'>): string | null {
  if (phases.duringMs < MIN_FAULT_MS) {
    return `a fault that is lifted after ${duration(phases.duringMs)} is over before a client has noticed it: --during ${MIN_FAULT_MS / 1000}s or more`
  }
  const each = { before: phases.beforeMs, during: phases.duringMs, after: phases.afterMs }
  const [name, lengthMs] = Object.entries(each).reduce((a, b) => (b[1] < a[1] ? b : a))
  const samples = Math.floor((ratePerSecond * lengthMs) / 1000)
  if (samples >= SAMPLES) return null
  const rate = Math.ceil((SAMPLES * 1000) / lengthMs)
  const seconds = Math.ceil(SAMPLES / ratePerSecond)
  return `p99 needs ${SAMPLES} answers in each phase, but ${ratePerSecond}/s for the ${duration(lengthMs)} of \`${name}\` are ${samples}: --rate ${rate}, or phases of ${seconds} s at ${ratePerSecond}/s`
}

/** Why nothing is proved by what was wrong with us; null when we could hold what was planned. */
export function starved(operations: readonly OperationRecord[], loopDelayMs: number): string | null {
  const lags = operations.map(({ startMs, dueMs }) => startMs - dueMs).sort((left, right) => left - right)
  const lateMs = Math.max(quantile(lags, 0.99) ?? 0, loopDelayMs)
  if (lateMs <= MAX_LATE_MS) return null
  return `probes were sent up to ${duration(lateMs)} late (p99), as the drill's own event loop was kept busy: this machine could not hold the rate, and it would be what is measured; lower --rate, or leave it more CPU`
}

/** What is not as it should be before anything is wrong; null when all is. */
export function unsteady(operations: readonly OperationRecord[], nowMs: number): string | null {
  const wrong = operations.filter(({ error }) => error !== null)
  const first = wrong[0]
  if (first) {
    return `${UNSTEADY}: before anything was wrong, ${wrong.length} of ${operations.length} probes were not answered as expected, the first one so: ${first.error}. Mend the probe or the app first`
  }
  const waiting = operations.filter(({ endMs, startMs }) => endMs === null && nowMs - startMs > MIN_FAULT_MS)
  if (waiting[0]) {
    return `${UNSTEADY}: before anything was wrong, ${waiting.length} of ${operations.length} probes had no answer for more than ${duration(MIN_FAULT_MS)}, the first one ${waiting[0].key}`
  }
  return null
}

/**
 * Says that the app never came to the door, and what its code reads instead.
 *
 * @param variables that point to the door
 */
export function neverCame(
  variables: readonly string[],
  found: readonly FoundVariable[],
  backend: string,
): string {
  const told = variables.join(' and ')
  const what = `the app never connected to ${backend} through the door that ${told} ${variables.length > 1 ? 'point' : 'points'} to, so nothing that happens there can reach it`
  const others = found.filter(({ name }) => !variables.includes(name))
  const [other] = others
  if (other) {
    const list = others.map(({ name, where }) => `${name} (${where})`).join(', ')
    return `${what}: its code reads ${list}. Tell it so with ${other.name.includes('UPSTASH') ? '--backend upstash' : `--redis-variable ${other.name}`}`
  }
  const own = found[0]
  if (own)
    return `${what}: its code does read ${own.name} (${own.where}), but no probe made it connect. Add one that uses the cache`
  return `${what}, and no variable with such an address was found in its code. Name the one it reads with --redis-variable, or let it read ${variables[0]}`
}
