import type { OutageReport } from '../../report/drill-report.js'
import { formatDuration } from '../../report/format.js'
import { narrowingOf } from '../../report/narrowing.js'

/** What an experiment is, besides its drills. */
const SAID: readonly [aspect: string, say: (report: OutageReport) => string][] = [
  ['subject', ({ subject, app }) => (app ? app.command : subject)],
  ['seed', ({ seed }) => String(seed)],
  ['rate', ({ ratePerSecond }) => `${ratePerSecond}/s`],
  [
    'plan',
    ({ plan: { beforeMs, duringMs, afterMs } }) =>
      [beforeMs, duringMs, afterMs].map(formatDuration).join(' + '),
  ],
  ['narrowed to', ({ narrowing }) => (narrowing ? narrowingOf(narrowing) : 'nothing')],
  ['server', ({ environment }) => environment.server],
]

/** A phrase for each of these in which two runs are not alike, such as `seed: 1 and 2`. */
export function differencesBetween(a: OutageReport, b: OutageReport): string[] {
  return SAID.flatMap(([aspect, say]) => {
    const [left, right] = [say(a), say(b)]
    return left === right ? [] : [`${aspect}: ${left} and ${right}`]
  })
}
