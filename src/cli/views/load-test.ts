import type { LoadReport } from '../../ops/report/load-report.js'
import { inAscii } from '../in-ascii.js'
import type { Terminal } from '../terminal.js'
import { momentsText } from './load-moments.js'
import { partsText } from './load-parts.js'
import { phasesText, transitionsText } from './load-phases.js'
import { planText } from './load-plan.js'
import { repeatText } from './load-repeat.js'
import { timelineText } from './load-timeline.js'
import { slosText, verdictText } from './load-verdict.js'

/**
 * What was run, what users saw in each phase and what it cost, when what happened, the time line, the SLOs, and the
 * verdict. Quiet: only what failed, and the verdict.
 */
export function loadText(report: LoadReport, terminal: Terminal): string {
  const blocks = terminal.quiet
    ? [[...slosText(report, terminal), ...verdictText(report, terminal)]]
    : [
        planText(report, terminal),
        ...measured(report, terminal),
        repeatText(report, terminal),
        slosText(report, terminal),
        verdictText(report, terminal),
      ]
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return inAscii(text.join('\n\n'), terminal)
}

function measured(report: LoadReport, terminal: Terminal): string[][] {
  if (report.phases.length === 0) return []
  return [
    phasesText(report, terminal),
    partsText(report, terminal),
    transitionsText(report, terminal),
    momentsText(report, terminal),
    timelineText(report, terminal),
  ]
}
