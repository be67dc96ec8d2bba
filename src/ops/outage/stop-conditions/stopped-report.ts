import type { OutageReport } from '../../report/drill-report.js'
import { UsageError } from '../../report/errors.js'
import type { StopCondition } from './stop-condition.js'

/** What a run reports besides, when a stop condition ended it: whoever set it wants to know first that it was met. */
export function stoppedReport(why: string | undefined): Pick<OutageReport, 'stoppedBy' | 'error'> {
  if (why === undefined) return {}
  return {
    stoppedBy: why,
    error: {
      kind: 'safety',
      code: 'STOP_CONDITION',
      message: `Stopped before its end, and the fault lifted at once: ${why}.`,
      suggestions: ['see what failed, above; or raise the limit of --abort-if'],
    },
  }
}

/** @throws UsageError for `5xx` where no HTTP is spoken: it could never be met */
export function checkConditions(conditions: readonly StopCondition[], isHttp: boolean): void {
  const idle = conditions.find(({ metric }) => metric === '5xx')
  if (isHttp || idle === undefined) return
  throw new UsageError(
    'BAD_STOP_CONDITION',
    `The stop condition ${JSON.stringify(idle.text)} cannot be used: a cache is no app, and answers no 5xx.`,
    [`--abort-if '${idle.text.replace(/5xx/i, 'errors')}'`],
  )
}
