import type { LoadReport } from '../../ops/report/load-report.js'
import { formatDuration, formatQuantity, formatShare } from '../../ops/report/format.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'

/** What was asked of whom, and whether the machine kept up. */
export function planText(report: LoadReport, terminal: Terminal): string[] {
  const { subject, seed, fault, environment, witness } = report
  const [before, during, after] = [report.plan.beforeMs, report.plan.duringMs, report.plan.afterMs].map(
    formatDuration,
  )
  const phases =
    fault === 'none'
      ? `${before} before, ${during} during, ${after} after, all of them healthy`
      : `${before} before, ${during} under ${fault}, ${after} after`
  const traffic = trafficOf(report)
  return [
    entry('subject', `${subject}, ${rateOf(report)}, seed ${seed}`, terminal),
    entry('plan', `${phases}${timesOf(report)}`, terminal),
    ...(traffic === '' ? [] : [entry('traffic', traffic, terminal)]),
    entry('server', serverOf(environment), terminal),
    entry('load', `latency from when it was due; ${healthOf(report)}`, terminal),
    ...(witness ? [entry('seen', witness.evidence, terminal)] : []),
  ]
}

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

function timesOf({ repeat, merged }: LoadReport): string {
  if (repeat) return `; ${repeat.times} runs`
  return merged === undefined ? '' : `; ${merged} reports together`
}

/** More than these are endpoints of a file that is there to be read. */
const MOST_PARTS = 6

function trafficOf({ traffic, phases }: LoadReport): string {
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

function serverOf({ server, emulated }: LoadReport['environment']): string {
  // An app that runs already has its own, and says so.
  const ours = server === 'none' || server.startsWith("the app's") ? server : `${server}, of our own`
  return [ours, ...emulated.map((part) => `emulated: ${part}`)].join('; ')
}
