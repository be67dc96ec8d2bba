import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { globalFlagsFor } from '../../src/cli/global-flags.js'
import { loadOutcome } from '../../src/cli/views/run-outcome.js'

export default class LoadTestMerge extends BaseCommand<typeof LoadTestMerge> {
  static override summary = 'Add up what several generators saw of one load test.'
  static override description =
    'Reads the reports of cache load-test runs that put the same subject under load at the same time, each with a seed of ' +
    'its own, and prints one report as if one generator had asked it all: histograms and counts are added exactly, and ' +
    'percentiles are of what was added. SLOs are judged anew on the whole; those of the parts are left out.\n\n' +
    'Exit code 0: every SLO holds; without any, every part passed. 1: an SLO was missed. 2: the reports are not of one ' +
    'experiment. 3: it could not be told, as a part was not sound.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> one.json two.json three.json',
    "<%= config.bin %> <%= command.id %> part-*.json --slo 'during.p99 < 250ms' --output json=whole.json",
  ]
  static override args = {
    file: Args.string({
      required: true,
      multiple: true,
      description: 'JSON reports of load-test, two at least; - for stdin.',
    }),
  }
  static override baseFlags = globalFlagsFor(['text', 'json', 'junit', 'markdown', 'github'])
  static override flags = {
    slo: Flags.string({
      summary: 'A promise, such as during.p99<250ms; may be repeated.',
      helpValue: 'EXPR',
      multiple: true,
      multipleNonGreedy: true,
    }),
  }

  protected override readonly undoes = 'stopping; nothing has been changed'

  protected async execute({ args, flags, warn }: Context<typeof LoadTestMerge>): Promise<Outcome> {
    const { parseSlo } = await import('../../src/ops/load/slo/parse.js')
    const slos = (flags.slo ?? []).map(parseSlo)
    const { readSavedReports } = await import('../../src/ops/load/saved-reports.js')
    const { mergeReports, sameSeed } = await import('../../src/ops/load/merge.js')
    const saved = await readSavedReports(args.file)
    const report = mergeReports(saved, slos)
    const twins = sameSeed(saved)
    if (twins !== null) warn(twins)
    if (slos.length === 0 && saved.some(({ report: part }) => part.slos.length > 0))
      warn('the SLOs of the parts are not of the whole, and left out: --slo judges them anew')
    return loadOutcome(report)
  }
}
