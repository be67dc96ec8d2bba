import { formatDuration, formatQuantity, formatShare } from './format.js'
import type { LoadReport } from './load-report.js'

/** `200 operations/s`, and how they are spread where that is not evenly. */
export function rateOf({ ratePerSecond, arrivals = 'constant' }: LoadReport): string {
  const rate = `${formatQuantity(ratePerSecond, 'operation')}/s`
  return arrivals === 'constant' ? rate : `${rate} (${arrivals})`
}

/** Whether operations were started when they were due: if not, what is measured is this machine. */
export function healthOf({ generator, merged }: LoadReport): string {
  const { latenessP99Ms, limitMs, unstarted } = generator
  if (latenessP99Ms === null) return 'nothing was started'
  const missed =
    unstarted === undefined ? '' : `, ${unstarted === 0 ? 'none' : formatQuantity(unstarted, 'start')} missed`
  const of = merged === undefined ? '' : `; of ${merged} generators the worst`
  return `starts ${formatDuration(latenessP99Ms)} late at p99 (limit ${formatDuration(limitMs)})${missed}${of}`
}

/** More than these are endpoints of a file that is there to be read. */
const MOST_PARTS = 6

/** What was asked for how often; empty where a report does not say. */
export function trafficOf({ traffic, phases }: LoadReport): string {
  if (!traffic) return ''
  const { parts, limiterShare } = traffic
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  const keys = parts.reduce((sum, each) => sum + (each.keys ?? 0), 0)
  const byWeight = [...parts].sort((a, b) => b.weight - a.weight)
  const shares = byWeight
    .slice(0, MOST_PARTS)
    .map(({ name, weight }) => `${name} ${formatShare(weight / total)}`)
  const more = parts.length - shares.length
  return [
    ...(shares.length > 0 ? [[...shares, ...(more > 0 ? [`${more} more`] : [])].join(', ')] : []),
    ...(keys > 0 ? [formatQuantity(keys, 'key')] : []),
    // A subject without limiters is asked nothing of them, whatever was wanted.
    ...(limiterShare > 0 && phases.some(({ checks }) => checks > 0)
      ? [`limiters ${formatShare(limiterShare)} of all`]
      : []),
  ].join('; ')
}
