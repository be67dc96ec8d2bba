import { Args, Flags } from '@oclif/core'
import { allowanceFlag } from '../../src/cli/allowance-flag.js'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { globalFlagsFor } from '../../src/cli/global-flags.js'
import { compareText } from '../../src/cli/views/load-compare.js'
import { ALLOWED } from '../../src/ops/config/allowance.js'
import { compareDigest } from '../../src/ops/report/load-compare-digest.js'
import type { LoadCompareReport } from '../../src/ops/report/load-compare-report.js'

export default class LoadTestCompare extends BaseCommand<typeof LoadTestCompare> {
  static override summary = 'What does load test B cost more, or less, than A?'
  static override description =
    'Reads two reports of cache load-test and compares every number of every phase: two caches under one fault, or one ' +
    'cache before and after a change. It is worse where its 95 % interval does not meet the other one, and where it is ' +
    'beyond what --allow says: more by the factor, and by the time.\n\n' +
    'Exit code 0: nothing is worse. 1: something is. 2: they are not of the same experiment. 3: it could not be told.'
  static override examples = [
    '<%= config.bin %> load-test --fault stall --output json=a.json',
    '<%= config.bin %> load-test --fault stall --subject naive-ioredis6 --output json=b.json',
    '<%= config.bin %> <%= command.id %> a.json b.json',
    '<%= config.bin %> <%= command.id %> main.json branch.json --allow 1.5x,20ms --reporter markdown',
  ]
  static override args = {
    a: Args.string({ required: true, description: 'A JSON report of load-test; - for stdin.' }),
    b: Args.string({ required: true, description: 'The one that may be worse.' }),
  }
  static override baseFlags = globalFlagsFor(['text', 'json', 'junit', 'markdown', 'github', 'html'])
  static override flags = {
    allow: allowanceFlag({
      summary: 'How much more is not worse yet, whichever is more (default: 1.3x,5ms).',
    }),
    anyway: Flags.boolean({
      summary: 'Compare them although fault, rate, plan or arrivals differ, or a machine was late.',
    }),
  }

  protected override readonly undoes = 'stopping; nothing has been changed'

  protected async execute({ args, flags, warn }: Context<typeof LoadTestCompare>): Promise<Outcome> {
    const { readSavedReports } = await import('../../src/ops/load/saved-reports.js')
    const { compareReports } = await import('../../src/ops/load/compare.js')
    const [a, b] = await readSavedReports([args.a, args.b])
    const report = compareReports(a!, b!, { allowance: flags.allow ?? ALLOWED, anyway: flags.anyway })
    for (const text of report.differences) warn(`not the same experiment: ${text}`)
    return {
      report,
      text: (terminal, shown: LoadCompareReport) => compareText(shown, terminal),
      digest: (shown) => compareDigest(shown as LoadCompareReport),
      page: async () => {
        const { comparedLoadsPage } = await import('../../src/ops/report/html/index.js')
        return {
          pageOf: (shown: LoadCompareReport) => comparedLoadsPage(shown, a!.report, b!.report),
        }
      },
    }
  }
}
