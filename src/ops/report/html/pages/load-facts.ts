import { formatDuration } from '../../format.js'
import type { LoadReport } from '../../load-report.js'
import { healthOf, rateOf, trafficOf } from '../../load-traffic.js'
import type { Fact, PageOrigin } from '../page.js'
import { originFacts } from './origin.js'

/** What was asked of whom, and whether the machine kept up. */
export function loadFacts(report: LoadReport, origin: PageOrigin): Fact[] {
  const { subject, seed, fault, plan, environment, witness, repeat, merged, stoppedBy } = report
  const [before, during, after] = [plan.beforeMs, plan.duringMs, plan.afterMs].map(formatDuration)
  const traffic = trafficOf(report)
  return [
    { label: 'subject', text: `${subject}, ${rateOf(report)}, seed ${seed}` },
    ...originFacts(origin),
    {
      label: 'plan',
      text: `${before} before, ${during} ${fault === 'none' ? 'during' : `under ${fault}`}, ${after} after${repeat ? `; ${repeat.times} runs` : ''}`,
    },
    ...(merged === undefined
      ? []
      : [{ label: 'reports', text: `${merged}, of several generators, added up` }]),
    ...(traffic === '' ? [] : [{ label: 'traffic', text: traffic }]),
    { label: 'server', text: environment.server },
    ...environment.emulated.map((text) => ({ label: 'emulated', text })),
    { label: 'load', text: `latency counts from when a call was due; ${healthOf(report)}` },
    ...(witness ? [{ label: 'witness', text: witness.evidence }] : []),
    ...(stoppedBy === undefined ? [] : [{ label: 'stopped by', text: stoppedBy }]),
    ...(report.warnings ?? []).map((text) => ({ label: 'warning', text })),
  ]
}
