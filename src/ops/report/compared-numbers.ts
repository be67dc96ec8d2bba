import type { ComparedNumber } from './drill-compare-report.js'
import { formatCount, formatDuration, formatFactor, formatShare } from './format.js'
import type { ComparedValue } from './load-compare-report.js'

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
export function comparedValue(value: ComparedValue, unit: ComparedNumber['unit']): string {
  if (value === null) return '-'
  if (value === 'never') return 'never'
  switch (unit) {
    case 'time':
      return formatDuration(value)
    case 'share':
      return formatShare(value)
    case 'perSecond':
      return `${value < 10 ? Number(value.toFixed(1)) : formatCount(value)}/s`
    case 'factor':
      return formatFactor(value)
    case 'count':
      return formatCount(value)
  }
}

/** Such as `+1.2 s` or `-12 points`; `-` where one of them is no number. */
export function differenceOf({ difference, unit }: ComparedNumber): string {
  if (difference === null) return '-'
  const sign = difference < 0 ? '-' : '+'
  const size = Math.abs(difference)
  const text = unit === 'share' ? `${Number((size * 100).toFixed(1))} points` : comparedValue(size, unit)
  return /^0(?:\.0+)?(?![\d.])/.test(text) ? '0' : `${sign}${text}`
}
