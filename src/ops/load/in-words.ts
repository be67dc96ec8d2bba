import type { LoadPhase, LoadSecond } from '../report/load-report.js'
import { none } from './none.js'
import { grouped } from './slo/value.js'
import { timeText } from './time-text.js'

/** Who it was that cost something; a fault that is not here is called by its name. */
const NAMES: Record<string, string> = {
  refused: 'A refused Redis',
  stall: 'A hung Redis',
  reset: 'A Redis that resets connections',
  latency: 'A slow Redis',
  oom: 'A full Redis',
  readonly: 'A read-only Redis',
  flap: 'A flapping Redis',
  loading: 'A Redis that is loading',
  cold: 'An empty Redis',
  cut: 'A Redis that cuts its replies',
}

/** Two runs differ by as much without any cause. */
const NOTHING_MS = 0.5
const SAME_LOAD = 0.1
/** From this many times the load of both phases on, a single second is worth a word. */
const HERD = 3

/** What a fault costs, for people: `A refused Redis costs callers +19 ms p95 and the source 9.0 x; nobody gets an error.` */
export function inWords(
  fault: string,
  phases: readonly LoadPhase[],
  timeline: readonly LoadSecond[],
): string | null {
  const [before, during] = phases
  if (!before || !during || during.sent === 0) return null
  const label = (['p95', 'p50'] as const).find((each) =>
    [before, during].every(({ uncertain }) => !uncertain.includes(each)),
  )
  const ends = endings(phases)
  if (fault === none.name) {
    const wait =
      label === undefined
        ? 'too few operations to say how long callers wait'
        : `callers wait ${timeOf(during, label)} (${label})`
    return `Without a fault, ${wait} and the source gets ${grouped(Math.round(during.sourcePerSecond))} reads/s; ${ends}.`
  }
  const name = NAMES[fault] ?? `The fault ${fault}`
  return `${name} costs callers ${waitCost(before, during, label)} and the source ${sourceCost(before, during, timeline)}; ${ends}.`
}

function waitCost(before: LoadPhase, during: LoadPhase, label: 'p95' | 'p50' | undefined): string {
  if (label === undefined) return 'an unknown time (too few operations to say)'
  const [was, is] = [before[`${label}Ms`], during[`${label}Ms`]]
  if (is === null) return `an endless wait ${label}`
  if (was === null) return `${timeText(is)} ${label} instead of an endless wait`
  return is - was < NOTHING_MS ? `no time (${timeText(is)} ${label})` : `+${timeText(is - was)} ${label}`
}

function sourceCost(before: LoadPhase, during: LoadPhase, timeline: readonly LoadSecond[]): string {
  const [was, is] = [before.sourcePerSecond, during.sourcePerSecond]
  if (was === 0) return is === 0 ? 'nothing' : `${Math.round(is)} reads/s instead of none`
  const cost = is <= was * (1 + SAME_LOAD) ? 'nothing' : times(is / was)
  // A herd comes when Redis is back, too.
  const since = timeline.filter(({ phase }) => phase !== 'before')
  const worst = Math.max(...since.map(({ sourcePerSecond }) => sourcePerSecond))
  return worst > HERD * Math.max(was, is) ? `${cost}, but ${times(worst / was)} in its worst second` : cost
}

function times(factor: number): string {
  return `${factor.toFixed(factor < 10 ? 1 : 0)} x`
}

function endings(phases: readonly LoadPhase[]): string {
  const total = (pick: (phase: LoadPhase) => number) => phases.reduce((sum, phase) => sum + pick(phase), 0)
  const [errors, pending, sent] = [
    total((each) => each.errors),
    total((each) => each.pending),
    total((each) => each.sent),
  ]
  const of = `of ${grouped(sent)}`
  const parts = [
    errors > 0 && `${grouped(errors)} ${of} get an error`,
    pending > 0 && `${grouped(pending)} ${of} get no answer at all`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? 'nobody gets an error' : parts.join(', ')
}

function timeOf(phase: LoadPhase, label: 'p95' | 'p50'): string {
  return timeText(phase[`${label}Ms`] ?? Infinity)
}
