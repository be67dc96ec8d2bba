import { formatBytes, formatCount, formatDuration, formatShare } from '../format.js'
import type { Unit } from './chart.js'

const FORMATS: Record<Unit, (value: number) => string> = {
  time: formatDuration,
  count: formatCount,
  perSecond: (value) => `${value > 0 && value < 10 ? Number(value.toFixed(1)) : formatCount(value)}/s`,
  bytes: formatBytes,
  share: formatShare,
}

/** As the text of the report writes it; `-` where there is none. */
export function valueText(value: number | null | undefined, unit: Unit): string {
  return value === null || value === undefined ? '-' : FORMATS[unit](value)
}
