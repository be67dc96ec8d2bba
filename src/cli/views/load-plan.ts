import type { LoadReport } from '../../ops/report/load-report.js'
import { formatDuration } from '../../ops/report/format.js'
import { healthOf, rateOf, trafficOf } from '../../ops/report/load-traffic.js'
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

function timesOf({ repeat, merged }: LoadReport): string {
  if (repeat) return `; ${repeat.times} runs`
  return merged === undefined ? '' : `; ${merged} reports together`
}

function serverOf({ server, emulated }: LoadReport['environment']): string {
  // An app that runs already has its own, and says so.
  const ours = server === 'none' || server.startsWith("the app's") ? server : `${server}, of our own`
  return [ours, ...emulated.map((part) => `emulated: ${part}`)].join('; ')
}
