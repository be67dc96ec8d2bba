import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { recordListText } from '../../src/cli/views/report-list.js'
import { RECORDS } from '../../src/ops/config/records.js'
import type { RecordListReport } from '../../src/ops/report/record-list-report.js'

export default class ReportList extends BaseCommand<typeof ReportList> {
  static override summary = 'List the runs of simulate-outage and load-test that were kept.'
  static override description =
    'Newest first. A run leaves a record in .cache/records, or where records.directory says; the newest 50 stay ' +
    '(records.keep). A file in there that is no record is named in a warning, and the others are listed.\n\n' +
    'Exit code 0, also when there are none. 2: the directory cannot be read.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]

  protected override readonly undoes = 'stopping; nothing has been changed'

  protected async execute({ warn }: Context<typeof ReportList>): Promise<Outcome<RecordListReport>> {
    const { loadConfig } = await import('../../src/ops/config/load.js')
    const { reportRecords } = await import('../../src/ops/records/record-list.js')
    const { directory = RECORDS } = (await loadConfig()).settings.records
    const { warnings = [], ...report } = await reportRecords(directory)
    for (const text of warnings) warn(text)
    return { report, text: (terminal, shown) => recordListText(shown, terminal) }
  }
}
