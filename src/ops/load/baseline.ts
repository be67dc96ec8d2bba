import { UsageError } from '../report/errors.js'
import type { LoadMoments, LoadPhase, LoadReport, SloResult } from '../report/load-report.js'
import { SLOT_MS } from './load-run.js'
import type { Allowance } from './options.js'
import { grouped } from './slo/value.js'
import { timeText } from './time-text.js'

/** Of a thousand operations one in error is the least that can be told from none. */
const ERRORS = 0.001
/** As far as a hit rate of 50 reads may be off, nearly. */
const HITS = 0.05
/** A source that is asked twice a second is asked five times in another run. */
const READS_PER_SECOND = 5
/** A recovery is told in slots, and may begin anywhere in one, in both runs. */
const RECOVER_MS = 2 * SLOT_MS

/** Something that may not be worse than it was. */
interface Figure {
  name: string
  was: number
  /** Null: it never came. */
  now: number | null
  floor: number
  show(value: number): string
  /** As the grammar of SLOs writes it. */
  write(value: number): string
  least?: true
}

/**
 * Throws UsageError when a run of that plan could not be compared with the baseline, naming what differs, or when the
 * baseline concluded nothing itself.
 */
export function checkBaseline(
  plan: Pick<LoadReport, 'fault' | 'ratePerSecond' | 'arrivals' | 'plan'>,
  baseline: LoadReport,
): void {
  const differences = [
    differs('fault', baseline.fault, plan.fault),
    differs('rate', baseline.ratePerSecond, plan.ratePerSecond),
    differs('arrivals', baseline.arrivals ?? 'constant', plan.arrivals ?? 'constant'),
    ...(['before', 'during', 'after'] as const).map((name) =>
      differs(name, timeText(baseline.plan[`${name}Ms`]), timeText(plan.plan[`${name}Ms`])),
    ),
  ].filter((each) => each !== null)
  if (differences.length > 0) {
    throw new UsageError(
      'BASELINE_DIFFERS',
      `The baseline was another test: ${differences.map(({ text }) => text).join(', ')}.`,
      ['a baseline of this plan', ...differences.map(({ flag }) => flag)],
    )
  }
  // With a reason it was not sound, or broke off as the subject ended.
  if (baseline.verdict === 'inconclusive' || baseline.reason !== undefined || baseline.phases.length === 0) {
    throw new UsageError(
      'BASELINE_INCONCLUSIVE',
      'The baseline concluded nothing, so there is nothing to be no worse than.',
      ['a baseline from a sound run'],
    )
  }
}

function differs(name: string, then: string | number, now: string | number) {
  if (then === now) return null
  const value = String(then).replaceAll(' ', '')
  return { text: `its ${name} was ${then}, not ${now}`, flag: `--${name} ${value}` }
}

/**
 * What was in the baseline may be worse by `factor`, or by a floor, whichever is more; of times the floor is `floorMs`.
 * Pure. Only what both runs had enough operations for is looked at; with nothing to look at, one result says so.
 */
export function baselineGates(
  phases: readonly LoadPhase[],
  moments: LoadMoments | null | undefined,
  baseline: LoadReport,
  { factor, floorMs }: Allowance,
): SloResult[] {
  const figures = [
    ...phases.flatMap((phase) => {
      const then = baseline.phases.find(({ name }) => name === phase.name)
      return then ? figuresOf(then, phase, floorMs) : []
    }),
    ...recovery(baseline.moments, moments, floorMs),
  ]
  if (figures.length === 0) return [nothing()]
  return figures.map((figure) => gate(figure, factor))
}

function gate({ name, was, now, floor, show, write, least }: Figure, factor: number): SloResult {
  const limit = least ? Math.min(was / factor, was - floor) : Math.max(was * factor, was + floor)
  const holds = now !== null && (least ? now >= limit : now <= limit)
  return {
    slo: `${name} ${least ? '>=' : '<='} ${write(limit)}`,
    result: holds ? 'pass' : 'fail',
    evidence: `got ${now === null ? 'never' : show(now)}, then ${show(was)}, limit ${show(limit)}`,
    actual: now,
    limit,
    heldFromMs: null,
    from: 'baseline',
  }
}

function figuresOf(then: LoadPhase, now: LoadPhase, floorMs: number): Figure[] {
  if (then.sent === 0 || now.sent === 0) return []
  const of = (metric: string) => `${now.name}.${metric}`
  const figures = (['p50', 'p95', 'p99'] as const).flatMap((label): Figure[] => {
    const was = then[`${label}Ms`]
    const isKnown = ![then, now].some(({ uncertain }) => uncertain.includes(label))
    return was === null || !isKnown ? [] : [time(of(label), was, now[`${label}Ms`], floorMs)]
  })
  const rate = { show: percent, write: percentWritten }
  figures.push({
    name: of('error_rate'),
    was: then.errors / then.sent,
    now: now.errors / now.sent,
    floor: ERRORS,
    ...rate,
  })
  if (then.hitRatio !== null && now.hitRatio !== null) {
    const hits = { was: then.hitRatio, now: now.hitRatio, floor: HITS }
    figures.push({ name: of('hit_rate'), ...hits, ...rate, least: true })
  }
  if (then.loads !== null && now.loads !== null) {
    figures.push({
      name: of('db_qps'),
      was: then.sourcePerSecond,
      now: now.sourcePerSecond,
      floor: READS_PER_SECOND,
      show: (value) => grouped(Math.round(value)),
      write: (value) => String(Number(value.toFixed(1))),
    })
  }
  return figures
}

function recovery(
  then: LoadMoments | undefined,
  now: LoadMoments | null | undefined,
  floorMs: number,
): Figure[] {
  const was = then?.recoveredMs ?? null
  return was === null || !now
    ? []
    : [time('after.recover', was, now.recoveredMs, Math.max(floorMs, RECOVER_MS))]
}

function time(name: string, was: number, now: number | null, floor: number): Figure {
  return { name, was, now, floor, show: timeText, write: (ms) => `${Number(ms.toFixed(3))}ms` }
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`
}

function percentWritten(share: number): string {
  return `${Number(Math.max(0, share * 100).toFixed(2))}%`
}

function nothing(): SloResult {
  return {
    slo: 'no worse than the baseline',
    result: 'not judged',
    evidence: 'there is nothing that both runs had enough operations for',
    actual: null,
    limit: null,
    heldFromMs: null,
    from: 'baseline',
  }
}
