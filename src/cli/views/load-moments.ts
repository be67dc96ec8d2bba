import type { LoadReport } from '../../ops/report/load-report.js'
import { momentsOf } from '../../ops/report/load-moments.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'

/** When what happened, counted from the fault and from the heal; nothing without a fault. */
export function momentsText(report: LoadReport, terminal: Terminal): string[] {
  const [outage, heal] = momentsOf(report)
  return [
    ...(outage.length > 0 ? [entry('outage', outage.join('; '), terminal)] : []),
    ...(heal.length > 0 ? [entry('heal', heal.join('; '), terminal)] : []),
  ]
}
