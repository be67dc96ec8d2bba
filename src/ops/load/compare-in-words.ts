import type { ComparedValue, CompareRow } from '../report/load-compare-report.js'
import { none } from './none.js'
import { grouped } from './slo/value.js'
import { timeText } from './time-text.js'

/** More than that is nothing to be read at once. */
const MOST = 3

/**
 * The comparison in one sentence: `B costs users +180 ms p95 in the outage (212 ms instead of 32 ms); the rest is the same.`
 * Rows come in order of importance.
 */
export function comparedInWords(rows: readonly CompareRow[], fault: string): string {
  const [worse, better] = (['worse', 'better'] as const).map((verdict) => told(rows, verdict))
  const where = (row: CompareRow) => placeOf(row, fault)
  const first = phrases(worse!, where)
  const second = phrases(better!, where)
  const rest = rows.some(({ verdict }) => verdict === 'unknown')
    ? 'nothing else can be told apart'
    : 'the rest is the same'
  if (first === '') return second === '' ? nothingIn(rows) : `B ${second}; ${rest}.`
  return second === '' ? `B ${first}; ${rest}.` : `B ${first}; but it ${second}.`
}

function nothingIn(rows: readonly CompareRow[]): string {
  const chance = rows.find(
    ({ where, verdict, unit, b }) =>
      where !== 'moments' && verdict === 'unknown' && unit === 'share' && b !== 0 && b !== null,
  )
  const but = chance ? `, but B has ${titleOf(chance)} where A had none: too few to tell from chance` : ''
  return `B costs as much as A, as far as these runs can tell${but}.`
}

/** One row for each thing that is told: of several percentiles and windows the most important. */
function told(rows: readonly CompareRow[], verdict: 'worse' | 'better'): CompareRow[] {
  const seen = new Set<string>()
  return rows.filter((row) => {
    if (row.verdict !== verdict) return false
    const kind =
      row.unit === 'time' && row.where !== 'moments' && row.metric.startsWith('p') ? 'wait' : row.metric
    if (seen.has(kind)) return false
    seen.add(kind)
    return true
  })
}

function phrases(rows: readonly CompareRow[], where: (row: CompareRow) => string): string {
  const shown = rows.slice(0, MOST).map((row) => phraseOf(row, where(row)))
  const more = rows.length - shown.length
  if (more > 0) shown.push(`is ${rows[0]!.verdict} in ${more} more`)
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

function phraseOf(row: CompareRow, place: string): string {
  const { metric, unit, a, b, verdict, where, difference } = row
  const values = `(${show(b, row)} instead of ${show(a, row)})`
  if (metric === 'ended') return verdict === 'worse' ? 'ends its process' : 'keeps its process alive'
  if (where === 'moments') return momentText(row)
  if (metric === 'errors')
    return `gives ${shareText(b, 'no')} errors ${place} (instead of ${shareText(a, 'none')})`
  if (metric === 'pending')
    return `leaves ${shareText(b, 'none')} of the operations ${place} without an answer (instead of ${shareText(a, 'none')})`
  if (unit === 'time' && metric.startsWith('p')) {
    if (difference === null)
      return `lets users wait ${show(b, row)} at ${metric} ${place} (instead of ${show(a, row)})`
    const cost = timeText(Math.abs(difference))
    return verdict === 'worse'
      ? `costs users +${cost} ${metric} ${place} ${values}`
      : `saves users ${cost} ${metric} ${place} ${values}`
  }
  if (metric === 'database') return `asks the database ${show(b, row)} ${place} (instead of ${show(a, row)})`
  return `has ${titleOf(row)} of ${show(b, row)} ${place} (instead of ${show(a, row)})`
}

/** What is said of a moment, `$` standing for its value; and when it never came. */
const MOMENTS: Record<string, [text: string, never: string]> = {
  recovered: ['recovers $ after the heal', 'does not recover in the run'],
  fallback: ['first answers from the database $ after the fault', 'never answers from the database instead'],
  detected: ['can be seen to be broken $ after the fault', 'never lets an operator see that it is broken'],
  herd: ['asks the database $ as much in the worst second after the heal', ''],
  waited: ['makes users wait $ in all', ''],
}

function momentText(row: CompareRow): string {
  const [text = row.metric, never = row.metric] = MOMENTS[row.metric] ?? []
  const was = row.a === 'never' ? 'never' : show(row.a, row)
  return `${row.b === 'never' ? never : text.replace('$', () => show(row.b, row))} (instead of ${was})`
}

const TITLES: Record<string, string> = {
  hit: 'a hit ratio',
  'over-admitted': 'a share of over-admissions',
  'cpu/op': 'a processor time per operation',
  'log/op': 'log output per operation',
  rss: 'a memory',
  errors: 'errors',
  pending: 'operations without an answer',
}

function titleOf({ metric }: CompareRow): string {
  return TITLES[metric] ?? metric
}

function placeOf({ where }: CompareRow, fault: string): string {
  if (fault === none.name) return `in ${where}`
  const places: Record<string, string> = {
    before: 'before the fault',
    during: 'in the outage',
    after: 'after the heal',
    onset: 'when the outage begins',
    settled: 'later in the outage',
    recovery: 'just after the heal',
    recovered: 'long after the heal',
  }
  return places[where] ?? `in ${where}`
}

function show(value: ComparedValue, { unit }: CompareRow): string {
  if (value === null) return 'unknown'
  if (value === 'never') return unit === 'time' ? 'for ever' : 'endless'
  switch (unit) {
    case 'time':
      return timeText(value)
    case 'share':
      return shareText(value, '0 %')
    case 'perSecond':
      return `${grouped(Number(value.toFixed(value < 10 ? 1 : 0)))}/s`
    case 'bytes':
      return value < 10_000
        ? `${grouped(Math.round(value))} B`
        : `${grouped(Math.round(value / 1_000_000))} MB`
    case 'factor':
      return `${value.toFixed(1)} x`
    case 'callerSeconds':
      return `${grouped(Math.round(value))} s`
    case 'count':
      return grouped(value)
  }
}

function shareText(value: ComparedValue, zero: string): string {
  if (typeof value !== 'number') return 'an unknown share of'
  if (value === 0) return zero
  const percent = value * 100
  return percent < 0.1 ? '<0.1 %' : `${Number(percent.toFixed(1))} %`
}
