import { Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { durationFlag } from '../../src/cli/duration-flag.js'
import { describePhase, loadListText, loadText } from '../../src/cli/views/load-test.js'
import { requireDrillsAllowed } from '../../src/ops/config/drills-allowed.js'
import type { LoadListReport, LoadReport } from '../../src/ops/report/load-report.js'

const phase = (summary: string) => durationFlag({ summary, minMs: 500, maxMs: 600_000 })

export default class LoadTest extends BaseCommand<typeof LoadTest> {
  static override summary = 'What does a failover cost under load: before, during, after?'
  static override description =
    'Runs a cache under steady load in front of a source of truth, with a fault of Redis in the middle, and shows what ' +
    'callers and the source saw. Operations start when they are due, whatever became of earlier ones, and latency ' +
    'counts from there. Redis is a real server of our own on loopback, and gone afterwards; no other server is touched.\n\n' +
    'Exit code 0: every SLO holds, or none was given. 1: an SLO was missed. 3: it could not be told. 4: refused, as ' +
    'CACHE_DRILLS_DISABLED is set, which forbids drills and load tests on a machine.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --fault refused',
    "<%= config.bin %> <%= command.id %> --fault stall --slo 'during.errors == 0' --slo 'during.p99 < 250ms'",
    "<%= config.bin %> <%= command.id %> --fault cold --slo 'after.hit_rate > 0.9 * before within 5s' --slo 'db.qps < before * 12'",
    '<%= config.bin %> <%= command.id %> --subject naive-ioredis6 --rate 500 --json',
  ]
  static override flags = {
    subject: Flags.string({ summary: 'The cache under load (default: library).', helpValue: 'NAME' }),
    module: Flags.string({
      summary: 'Your own cache or limiter: the factory, class or instance that FILE exports.',
      helpValue: 'FILE#EXPORT',
      exclusive: ['subject'],
    }),
    backend: Flags.string({
      summary: 'What the module speaks to (default: redis).',
      options: ['redis', 'upstash'],
    }),
    fault: Flags.string({
      summary: 'What happens to Redis in the middle (default: none).',
      helpValue: 'NAME',
    }),
    rate: Flags.integer({ summary: 'Operations per second (default: 200).', min: 1, max: 2000 }),
    before: phase('Load before the fault (default: 5s).'),
    during: phase('How long the fault lasts (default: 10s).'),
    after: phase('Load after the fault (default: 10s).'),
    seed: Flags.integer({ summary: 'Decides the traffic (default: 1).', min: 0, max: 2 ** 31 }),
    slo: Flags.string({
      summary: 'A promise, such as during.p99<250ms; may be repeated.',
      helpValue: 'EXPR',
      multiple: true,
      multipleNonGreedy: true,
    }),
    list: Flags.boolean({ summary: 'List faults, subjects and metrics, and run nothing.' }),
  }

  protected override readonly undoes = 'lifting the fault and stopping the servers'

  protected async execute({ flags, signal, progress, warn }: Context<typeof LoadTest>): Promise<Outcome> {
    const { loadTest } = await import('../../src/ops/load/load-test.js')
    if (flags.list) {
      const { listOf } = await import('../../src/ops/load/list.js')
      const report: LoadListReport = listOf()
      return { report, text: (terminal) => loadListText(report, terminal) }
    }
    requireDrillsAllowed('put anything under load', process.env)
    const { loadConfig } = await import('../../src/ops/config/load.js')
    const inMs = (ms: number | undefined) => (ms === undefined ? undefined : `${ms}ms`)
    const { settings } = await loadConfig({
      flags: {
        'load.subject': flags.subject,
        'load.fault': flags.fault,
        'load.seed': flags.seed,
        'load.rate': flags.rate,
        'load.before': inMs(flags.before),
        'load.during': inMs(flags.during),
        'load.after': inMs(flags.after),
      },
    })
    const { subject, fault, seed, rate, before, during, after, slo, lateness } = settings.load
    const { moduleInFlags } = await import('../../src/ops/experiment/subjects/module/module-in-flags.js')
    const report = await loadTest({
      subject,
      module: moduleInFlags(flags.module, { backend: flags.backend }, settings.limiters),
      fault,
      seed,
      ratePerSecond: rate,
      beforeMs: before,
      duringMs: during,
      afterMs: after,
      // As they were typed: a `;` in one is for the parser to refuse.
      slos: flags.slo ?? slo,
      maxLatenessMs: lateness,
      signal,
      onEvent: (event) => {
        if (event.type === 'foreseen') warn(event.text)
        else progress.update(event.type === 'starting' ? 'starting Redis' : describePhase(event.phase, fault))
      },
    })
    return { report, text: (terminal, shown: LoadReport) => loadText(shown, terminal) }
  }
}
