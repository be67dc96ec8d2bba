import type { LoadMoments, LoadPhase, LoadSecond, LoadTransitionName } from '../report/load-report.js'
import { culprit } from './fault-names.js'
import { isLimiterAlone } from './limiter-alone.js'
import { none } from './none.js'
import { grouped } from './slo/value.js'
import { timeText } from './time-text.js'

/** What the sentence is made of. */
export interface Told {
  fault: string
  /** An app, which is asked by requests. */
  apart: boolean
  phases: readonly LoadPhase[]
  transitions: readonly LoadPhase<LoadTransitionName>[]
  timeline: readonly LoadSecond[]
  /** Absent: nobody can say. */
  moments?: LoadMoments | undefined
  /** Whether `after` was long enough to tell whether all was well again. */
  couldRecover: boolean
}

/** Two runs differ by as much without any cause. */
const NOTHING_MS = 0.5
const SAME_LOAD = 0.1
/** From this many times the load of both phases on, a single second is worth a word. */
const HERD = 3
/** From here on the first moments are told apart from the rest. */
const APART = 3
/** A recovery that took longer is worth a word. */
const PROMPT_MS = 1000
/** As many more are turned away that it is no chance. */
const TURNED_AWAY = 0.01

type Label = 'p95' | 'p50'
type AnyPhase = LoadPhase<LoadPhase['name'] | LoadTransitionName>

/** What a fault costs, for people: `A refused Redis costs your users +19 ms p95 and your database 9.0 x; nobody gets an error.` */
export function inWords(told: Told): string | null {
  const { fault, phases } = told
  const [before, during] = phases
  if (!before || !during || during.sent === 0) return null
  const label = labelOf([before, during])
  if (fault === none.name) {
    const wait =
      label === undefined
        ? 'too few operations to say how long your users wait'
        : `your users wait ${timeText(during[`${label}Ms`] ?? Infinity)} (${label})`
    const reads =
      during.loads === null
        ? ''
        : ` and your database gets ${grouped(Math.round(during.sourcePerSecond))} reads/s`
    return `Without a fault, ${wait}${reads}; ${endings(told)}.`
  }
  const database =
    during.loads === null
      ? isLimiterAlone([before, during])
        ? ''
        : ' (what your database gets, nobody counts)'
      : ` and your database ${sourceCost(before, during, told.timeline)}`
  const wait = waitCost(before, during, told, label)
  return `${culprit(fault)} costs your users ${during.loads === null ? wait.replace(/,$/, '') : wait}${database}; ${endings(told)}${recovery(told)}.`
}

function labelOf(phases: readonly AnyPhase[]): Label | undefined {
  return (['p95', 'p50'] as const).find((each) => phases.every(({ uncertain }) => !uncertain.includes(each)))
}

function waitCost(
  before: LoadPhase,
  during: LoadPhase,
  { transitions }: Told,
  label: Label | undefined,
): string {
  if (label === undefined) return 'an unknown time (too few operations to say)'
  const [onset, settled] = transitions
  const parts = onset && settled && labelOf([before, onset, settled]) === label
  if (!parts) return costOf(before, during, label)
  const [first, then] = [costMs(before, onset, label), costMs(before, settled, label)]
  if (!Number.isFinite(then) || first < NOTHING_MS || first < APART * Math.max(then, NOTHING_MS))
    return costOf(before, during, label)
  const rest = then < NOTHING_MS ? 'nothing' : `+${timeText(then)}`
  return `${costOf(before, onset, label)} in the first ${timeText(onset.durationMs)}, then ${rest},`
}

function costMs(before: LoadPhase, phase: AnyPhase, label: Label): number {
  return (phase[`${label}Ms`] ?? Infinity) - (before[`${label}Ms`] ?? Infinity)
}

function costOf(before: LoadPhase, phase: AnyPhase, label: Label): string {
  const [was, is] = [before[`${label}Ms`], phase[`${label}Ms`]]
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

function endings({ phases, apart }: Told): string {
  const total = (pick: (phase: LoadPhase) => number) => phases.reduce((sum, phase) => sum + pick(phase), 0)
  const errors = total((each) => each.errors)
  const pending = total((each) => each.pending)
  const over = total((each) => each.overAdmitted)
  const of = `of ${grouped(total((each) => each.sent))}${apart ? ' requests' : ''}`
  const [before, during] = phases.map(({ denied, sent }) => denied / sent)
  const away = (during ?? 0) - (before ?? 0) > TURNED_AWAY
  const parts = [
    errors > 0 && `${grouped(errors)} ${of} get an error`,
    pending > 0 && `${grouped(pending)} ${of} get no answer at all`,
    away && `${percent(during)} ${apart ? 'get 429' : 'are turned away'} instead of ${percent(before)}`,
    over > 0 && `the limiter lets ${grouped(over)} too many through`,
  ].filter((part) => part !== false)
  return errors + pending > 0 ? parts.join(', ') : ['nobody gets an error', ...parts].join(', ')
}

function percent(share: number | undefined): string {
  return `${Math.round((share ?? 0) * 100)} %`
}

function recovery({ moments, couldRecover, phases }: Told): string {
  if (!moments || !couldRecover) return ''
  const { recoveredMs } = moments
  if (recoveredMs === null) {
    const lasted = phases.at(-1)?.durationMs ?? 0
    return `; ${timeText(lasted)} after the heal it is still not well`
  }
  return recoveredMs > PROMPT_MS ? `; it is well again ${timeText(recoveredMs)} after the heal` : ''
}
