import { Args } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { openFile } from '../../src/cli/browser.js'
import { runOutcome } from '../../src/cli/views/run-outcome.js'
import { RECORDS } from '../../src/ops/config/records.js'
import type { OpenedReport } from '../../src/ops/report/opened-report.js'

export default class ReportOpen extends BaseCommand<typeof ReportOpen> {
  static override summary = 'Make an HTML page of a run that was kept, and open it.'
  static override description =
    'The page is one file beside the record, which loads nothing; it goes when the record does. It is opened by BROWSER, or by ' +
    'xdg-open, open or explorer, whichever the platform has. Where there is none, or nobody at a terminal, only its path is printed.\n\n' +
    'Exit code 0, whatever the verdict of the run. 2: there is no such record. 3: the page cannot be written.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> last~1',
  ]
  static override args = {
    record: Args.string({
      default: 'last',
      description: 'An id, or its beginning; last, last~1, …; a record as a file.',
    }),
  }

  protected override readonly undoes = 'stopping; nothing has been changed'

  protected async execute({ args, write }: Context<typeof ReportOpen>): Promise<Outcome<OpenedReport>> {
    const { loadConfig } = await import('../../src/ops/config/load.js')
    const { findRun } = await import('../../src/ops/records/find-run.js')
    const { makePageFile } = await import('../../src/ops/records/page-file.js')
    const { directory = RECORDS } = (await loadConfig()).settings.records
    const run = await findRun(directory, args.record)
    const { id, start, end, file } = await makePageFile(run)
    await write({ format: 'html', path: file }, runOutcome(run.report, { startedAt: start, endedAt: end }))
    const opened = process.stdout.isTTY === true && (await openFile(file))
    const report: OpenedReport = {
      schema: 'cache.report-open/1',
      command: 'report open',
      verdict: 'pass',
      id,
      file,
      opened,
    }
    return { report, text: (_terminal, shown) => shown.file }
  }
}
