import { Args } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { globalFlagsFor } from '../../src/cli/global-flags.js'
import { runOutcome } from '../../src/cli/views/run-outcome.js'
import { RECORDS } from '../../src/ops/config/records.js'

export default class ReportShow extends BaseCommand<typeof ReportShow> {
  static override summary = 'Show a run that was kept, as it was shown then or in another format.'
  static override description =
    'The text is that of the run, and so is the document of --json. It is judged by nothing: what it shows was judged when it ' +
    'was run.\n\n' +
    'Exit code 0, whatever the verdict of the run; with --json it is in `verdict`. 2: there is no such record, or it cannot be read.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> last~1',
    '<%= config.bin %> <%= command.id %> 20261129T02 --reporter markdown',
    '<%= config.bin %> <%= command.id %> last --output html=report.html',
    '<%= config.bin %> <%= command.id %> main.json --output junit=drills.xml',
  ]
  static override args = {
    record: Args.string({
      default: 'last',
      description:
        'An id, or its beginning; last, last~1, …; a record or JSON report as a file; - for stdin.',
    }),
  }
  static override baseFlags = globalFlagsFor(['text', 'json', 'junit', 'markdown', 'github', 'html'])

  protected override readonly undoes = 'stopping; nothing has been changed'

  protected async execute({ args }: Context<typeof ReportShow>): Promise<Outcome> {
    const { loadConfig } = await import('../../src/ops/config/load.js')
    const { findRun } = await import('../../src/ops/records/find-run.js')
    const { directory = RECORDS } = (await loadConfig()).settings.records
    const { report, record } = await findRun(directory, args.record)
    const origin = record ? { startedAt: record.start, endedAt: record.end } : {}
    return { ...runOutcome(report, origin), isShown: true }
  }
}
