import { plainText } from '../experiment/plain-text.js'
import { UsageError } from '../report/errors.js'
import type { ComparedRun, CompareRow, LoadCompareReport, RowVerdict } from '../report/load-compare-report.js'
import type { Verdict } from '../report/report.js'
import { comparedInWords } from './compare-in-words.js'
import { momentRows } from './compare-moments.js'
import { row, windowRows } from './compare-rows.js'
import { differencesBetween, trafficOf } from './differences.js'
import { CONFIDENCE } from './noise.js'
import type { Allowance } from './options.js'
import type { SavedReport } from './saved-report.js'
import { timeText } from './time-text.js'

export interface CompareOptions {
  allowance: Allowance
  /** Also what is not the same experiment, and what a busy machine began late. */
  anyway: boolean
}

/**
 * What B costs more, or less, than A. Pure: the same reports give the same comparison.
 *
 * `fail` when something is worse beyond both chance and the allowance; `inconclusive` when one of the runs was, or nothing could
 * be told.
 *
 * @throws UsageError when they had another fault, rate, plan or arrivals, unless `anyway`
 */
export function compareReports(
  a: SavedReport,
  b: SavedReport,
  { allowance: asked, anyway }: CompareOptions,
): LoadCompareReport {
  // Latency counts from when an operation was due, so that what it was begun late is in it.
  const lateMs = Math.max(...[a, b].map(({ report }) => report.generator.latenessP99Ms ?? 0))
  const allowance = { ...asked, floorMs: Math.max(asked.floorMs, lateMs) }
  const differences = differencesBetween(a.report, b.report, ['fault', 'rate', 'plan', 'arrivals'])
  if (differences.length > 0 && !anyway) {
    throw new UsageError(
      'NOT_THE_SAME_EXPERIMENT',
      `${plainText(a.file)} and ${plainText(b.file)} are not of the same experiment: ${plainText(differences.join('; '))}.`,
      ['run one of them again as the other was', '--anyway'],
    )
  }
  // Which limiters a subject has decides part of its traffic, so that other traffic is told and not refused.
  const traffic = [a, b].map(({ report }) => trafficOf(report))
  if (traffic[0] !== traffic[1]) differences.push('traffic: other keys, or another share of each kind')
  const reason = unsound('A', a) ?? unsound('B', b) ?? (anyway ? null : (late('A', a) ?? late('B', b)))
  const rows =
    reason === null
      ? sorted([...endRows(a, b), ...windowRows(a, b, allowance), ...momentRows(a, b, allowance)])
      : []
  const nothing = reason === null && rows.every(({ verdict }) => verdict === 'unknown')
  const why = nothing ? 'neither run has enough operations for any number to be told' : reason
  return {
    schema: 'cache.load-test-compare/1',
    command: 'load-test compare',
    verdict: why === null ? verdictOf(rows) : 'inconclusive',
    a: runOf(a),
    b: runOf(b),
    allowance,
    ...(lateMs > asked.floorMs && { raisedBy: 'lateness' as const }),
    confidence: CONFIDENCE,
    differences: differences.map(plainText),
    rows,
    inWords: why === null ? comparedInWords(rows, a.report.fault) : null,
    ...(why !== null && { reason: why }),
  }
}

/** An inconclusive run proves nothing, and neither does what is compared with it. */
function unsound(letter: string, { report, windows }: SavedReport): string | null {
  const { verdict, reason, interrupted } = report
  if (interrupted) return `${letter} was interrupted: what it shows is partial`
  const why = reason === undefined ? '' : `: ${plainText(reason)}`
  // An SLO that could not be judged makes a run inconclusive as well, and its numbers are sound.
  if (verdict === 'inconclusive' && reason !== undefined) return `${letter} was not sound${why}`
  return windows.size === 0 ? `${letter} measured nothing` : null
}

/** What starts later than this shows the machine, not the cache, whatever `load.lateness` let pass when it was run. */
const LATE_MS = 5

function late(letter: string, { report: { generator } }: SavedReport): string | null {
  const ms = generator.latenessP99Ms ?? 0
  return ms <= LATE_MS
    ? null
    : `operations of ${letter} were begun ${timeText(ms)} late (p99), so that it shows how busy the machine was; ` +
        `above ${LATE_MS} ms only --anyway compares it`
}

/** A subject whose process ended: no number of what was answered until then is as bad. */
function endRows(a: SavedReport, b: SavedReport): CompareRow[] {
  const ends = ({ report }: SavedReport) =>
    report.verdict === 'fail' && report.reason !== undefined ? plainText(report.reason) : null
  const [then, now] = [ends(a), ends(b)]
  if (then === null && now === null) return []
  const verdict = then === null ? 'worse' : now === null ? 'better' : 'same'
  const reason = [then === null ? [] : [`A: ${then}`], now === null ? [] : [`B: ${now}`]].flat().join('; ')
  const ended = { where: 'moments', metric: 'ended', unit: 'count' } as const
  return [row(ended, then === null ? 0 : 1, now === null ? 0 : 1, verdict, reason)]
}

function runOf({ file, report }: SavedReport): ComparedRun {
  const { subject, fault, seed, ratePerSecond, arrivals = 'constant', plan, verdict, merged } = report
  const { beforeMs, duringMs, afterMs } = plan
  return {
    file: plainText(file),
    subject: plainText(subject),
    fault: plainText(fault),
    seed,
    ratePerSecond,
    arrivals: plainText(arrivals),
    plan: { beforeMs, duringMs, afterMs },
    verdict,
    ...(merged !== undefined && { merged }),
  }
}

const RANKS: readonly RowVerdict[] = ['worse', 'better', 'differs', 'unknown', 'same']

function sorted(rows: CompareRow[]): CompareRow[] {
  return rows.sort((left, right) => RANKS.indexOf(left.verdict) - RANKS.indexOf(right.verdict))
}

function verdictOf(rows: readonly CompareRow[]): Verdict {
  return rows.some(({ verdict }) => verdict === 'worse') ? 'fail' : 'pass'
}
