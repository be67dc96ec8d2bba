import type { ComparedNumber } from './drill-compare-report.js'
import { formatBytes, formatCount, formatDuration, formatFactor, formatShare } from './format.js'
import type { ComparedUnit, ComparedValue } from './load-compare-report.js'

/** Those that a reader looks for, besides all times of the drill itself. */
const DURING = new Set(['p99', 'worst', 'errors', 'pending', 'hit ratio', 'source'])

/** The numbers that say what the outage was like, where the two are not the same to a reader. */
export function shownNumbers(numbers: readonly ComparedNumber[]): ComparedNumber[] {
  return numbers.filter(
    ({ where, metric, unit, a, b }) =>
      (where === 'drill' || (where === 'during' && DURING.has(metric))) &&
      comparedValue(a, unit) !== comparedValue(b, unit),
  )
}

/** Such as `250 ms` or `97 %`; `never`, and `-` for what is not known. */
export function comparedValue(value: ComparedValue, unit: ComparedUnit): string {
  if (value === null) return '-'
  if (value === 'never') return 'never'
  switch (unit) {
    case 'time':
      return formatDuration(value)
    case 'share':
      return formatShare(value)
    case 'perSecond':
      return `${fewDigits(value)}/s`
    case 'bytes':
      return formatBytes(value)
    case 'factor':
      return formatFactor(value)
    case 'callerSeconds':
      return `${fewDigits(value)} s`
    case 'count':
      return formatCount(value)
  }
}

/** Such as `+1.2 s` or `-12 points`; `0` where it is less than what is shown of it, `-` where one of them is no number. */
export function differenceOf({
  difference,
  unit,
}: {
  difference: number | null
  unit: ComparedUnit
}): string {
  if (difference === null) return '-'
  const size = Math.abs(difference)
  const text = unit === 'share' ? pointsText(size * 100) : comparedValue(size, unit)
  const isNothing = /^0(?:\.0+)?(?![\d.])/.test(text)
  return isNothing ? '0' : `${difference < 0 ? '-' : '+'}${text}`
}

function pointsText(points: number): string {
  return `${Number(points.toFixed(points < 1 ? 2 : points < 10 ? 1 : 0))} points`
}

function fewDigits(value: number): string {
  return value < 10 ? String(Number(value.toFixed(1))) : formatCount(value)
}
