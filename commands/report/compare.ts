import { Args, Flags } from '@oclif/core'
import { allowanceFlag } from '../../src/cli/allowance-flag.js'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { globalFlagsFor } from '../../src/cli/global-flags.js'
import { drillCompareText } from '../../src/cli/views/drill-compare.js'
import { compareText } from '../../src/cli/views/load-compare.js'
import { ALLOWED } from '../../src/ops/config/allowance.js'
import { RECORDS } from '../../src/ops/config/records.js'
import type { SavedRun } from '../../src/ops/records/read-run.js'
import { drillCompareDigest } from '../../src/ops/report/drill-compare-digest.js'
import type { DrillCompareReport } from '../../src/ops/report/drill-compare-report.js'
import type { OutageReport } from '../../src/ops/report/drill-report.js'
import { UsageError } from '../../src/ops/report/errors.js'
import { compareDigest } from '../../src/ops/report/load-compare-digest.js'
import type { LoadCompareReport } from '../../src/ops/report/load-compare-report.js'

export default class ReportCompare extends BaseCommand<typeof ReportCompare> {
  static override summary = 'Is run B worse than run A?'
  static override description =
    'Compares two runs of drills, or two load tests: two caches under one fault, or one before and after a change. Of drills, ' +
    'clauses and verdicts decide: it is worse where a clause that held is broken, or a drill that passed fails. Numbers are shown ' +
    'and decide nothing, as one run cannot tell a difference from chance. Of what only one of them has it is said. Load tests are ' +
    'compared as load-test compare does it, with --allow and --anyway.\n\n' +
    'Exit code 0: nothing is worse. 1: something is. 2: one of them cannot be read, or they are of different commands. 3: it could ' +
    'not be told: a run is partial, B did not run a drill of A, or something is not judged any more.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> last~1 last',
    '<%= config.bin %> <%= command.id %> main.json last --reporter markdown',
    '<%= config.bin %> <%= command.id %> --output html=compared.html',
  ]
  static override args = {
    a: Args.string({
      default: 'last~1',
      description: 'As report show takes it.',
    }),
    b: Args.string({ default: 'last', description: 'The one that may be worse.' }),
  }
  static override baseFlags = globalFlagsFor(['text', 'json', 'junit', 'markdown', 'github', 'html'])
  static override flags = {
    allow: allowanceFlag({
      summary: 'Of load tests: how much more is not worse yet, whichever is more (default: 1.3x,5ms).',
    }),
    anyway: Flags.boolean({
      summary: 'Of load tests: also when fault, rate, plan or arrivals differ, or a machine was late.',
    }),
  }

  protected override readonly undoes = 'stopping; nothing has been changed'

  protected async execute({ args, flags, warn }: Context<typeof ReportCompare>): Promise<Outcome> {
    const { loadConfig } = await import('../../src/ops/config/load.js')
    const { findRun, nameOf } = await import('../../src/ops/records/find-run.js')
    const { directory = RECORDS } = (await loadConfig()).settings.records
    if (args.a === '-' && args.b === '-') {
      throw new UsageError('STDIN_TWICE', 'Only one run can come from stdin, and - is named twice.', [
        'name a file or a record in place of one of them',
      ])
    }
    const a = await findRun(directory, args.a)
    const b = await findRun(directory, args.b)
    if (nameOf(a) === nameOf(b)) warn('A and B are one run: nothing can be worse.')
    if (isOfDrills(a) && isOfDrills(b)) {
      if (flags.allow ?? flags.anyway)
        throw new UsageError(
          'FLAG_OF_LOAD_TESTS',
          '--allow and --anyway are of load tests, and these are drills: their numbers decide nothing.',
          ['leave them out'],
        )
      const { compareReports } = await import('../../src/ops/outage/compare/compare-reports.js')
      const of = (run: typeof a) => ({ name: nameOf(run), at: run.record?.start ?? null, report: run.report })
      return {
        ...drillOutcome(compareReports(of(a), of(b))),
        page: async () => {
          const { comparedDrillsPage } = await import('../../src/ops/report/html/index.js')
          return {
            pageOf: (shown: DrillCompareReport) => comparedDrillsPage(shown, a.report, b.report),
          }
        },
      }
    }
    if (isOfDrills(a) || isOfDrills(b)) {
      throw new UsageError(
        'NOT_THE_SAME_COMMAND',
        `${nameOf(a)} is of cache ${a.report.command}, and ${nameOf(b)} of cache ${b.report.command}: there is nothing to compare.`,
        ['cache report list'],
      )
    }
    const { parseSavedReport } = await import('../../src/ops/load/saved-report.js')
    const { compareReports } = await import('../../src/ops/load/compare.js')
    const [left, right] = [a, b].map((run) => parseSavedReport(nameOf(run), JSON.stringify(run.report)))
    const { allow = ALLOWED, anyway } = flags
    const report = compareReports(left!, right!, { allowance: allow, anyway })
    for (const text of report.differences) warn(`not the same experiment: ${text}`)
    return {
      ...loadOutcome(report),
      page: async () => {
        const { comparedLoadsPage } = await import('../../src/ops/report/html/index.js')
        return {
          pageOf: (shown: LoadCompareReport) => comparedLoadsPage(shown, left!.report, right!.report),
        }
      },
    }
  }
}

function isOfDrills(run: SavedRun): run is SavedRun & { report: OutageReport } {
  return run.report.command === 'simulate-outage'
}

function drillOutcome(report: DrillCompareReport): Outcome<DrillCompareReport> {
  return {
    report,
    text: (terminal, shown) => drillCompareText(shown, terminal),
    digest: drillCompareDigest,
  }
}

function loadOutcome(report: LoadCompareReport): Outcome<LoadCompareReport> {
  return { report, text: (terminal, shown) => compareText(shown, terminal), digest: compareDigest }
}
