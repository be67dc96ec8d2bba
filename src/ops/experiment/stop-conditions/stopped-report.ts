import { UsageError } from '../../report/errors.js'
import type { Report } from '../../report/report.js'
import type { StopCondition } from './stop-condition.js'

/** What a run reports besides, when a stop condition ended it: whoever set it wants to know first that it was met. */
export function stoppedReport(why: string | undefined): Pick<Report, 'error'> & { stoppedBy?: string } {
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

/** What it is about: something in a process of ours, an app that we start, or one that runs already. */
export type Drilled = 'subject' | 'app' | 'running app'

/** @throws UsageError for what cannot be seen there, and so could never be met */
export function checkConditions(conditions: readonly StopCondition[], drilled: Drilled): void {
  const blind = { subject: '5xx', 'running app': 'rss', app: undefined }[drilled]
  const idle = conditions.find(({ metric }) => metric === blind)
  if (idle === undefined) return
  const [why, ways] =
    drilled === 'subject'
      ? ['a cache is no app, and answers no 5xx', [`--abort-if '${idle.text.replace(/5xx/i, 'errors')}'`]]
      : [
          'the app was not started for this, so its memory is not seen',
          ["--abort-if 'pending > 200', or start the app behind --"],
        ]
  throw new UsageError(
    'BAD_STOP_CONDITION',
    `The stop condition ${JSON.stringify(idle.text)} cannot be used: ${why}.`,
    ways,
  )
}
