import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { durationFlag } from '../../src/cli/duration-flag.js'
import { inAscii } from '../../src/cli/in-ascii.js'
import type { Terminal } from '../../src/cli/terminal.js'
import { ask, canAsk } from '../../src/cli/views/keys-confirm.js'
import { gentleFlag, keysFlags } from '../../src/cli/views/keys-flags.js'
import { describeProgress } from '../../src/cli/views/keys-progress.js'
import { planText, purgeText } from '../../src/cli/views/keys-purge.js'
import type { PurgeReport } from '../../src/ops/report/purge-report.js'

export default class KeysPurge extends BaseCommand<typeof KeysPurge> {
  static override summary =
    'Take away the keys of one family, and nothing else; a dry run unless told otherwise.'
  static override description =
    'Counts what would go and says what users and the database will feel. With --apply it is done: every key is ' +
    "checked against the family's pattern and goes by its exact name, so no id can widen it. What stood there is " +
    'kept in an undo file, which `cache keys restore` brings back. Tombstones stay. A server that counts as ' +
    'production (any that cache.config does not declare otherwise) wants its name typed, or --confirm NAME.\n\n' +
    'Exit code 0: done. 3: unreachable, or not all was done. 4: refused, nothing was changed.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> conv',
    '<%= config.bin %> <%= command.id %> conv --where no-ttl --apply --confirm redis-prod',
    '<%= config.bin %> <%= command.id %> llm.policy --where tenantId=t42 --plan purge.json',
    '<%= config.bin %> <%= command.id %> --apply-plan purge.json --confirm redis-prod',
  ]
  static override args = {
    family: Args.string({ description: 'Family of keys, such as conv.' }),
  }
  static override flags = {
    ...keysFlags,
    where: Flags.string({
      summary: 'Only keys without a TTL, or with this parameter; repeatable, all must hold.',
      helpValue: 'no-ttl|PARAM=VALUE',
      multiple: true,
      default: [],
    }),
    match: Flags.string({ summary: 'Keys that this glob matches, instead of a family.', helpValue: 'GLOB' }),
    across: Flags.string({
      summary: 'The families (and orphans) that --match may reach, when it reaches several.',
      helpValue: 'NAMES',
      dependsOn: ['match'],
    }),
    apply: Flags.boolean({ summary: 'Do it, instead of only saying what would be.' }),
    plan: Flags.string({ summary: 'Write down what would be done, for review.', helpValue: 'FILE' }),
    'apply-plan': Flags.string({ summary: 'Do what was reviewed.', helpValue: 'FILE' }),
    'max-drift': Flags.integer({
      summary: 'How much the number of keys may differ from the plan, in percent (default: 10).',
      helpValue: 'PERCENT',
      min: 0,
      dependsOn: ['apply-plan'],
    }),
    resume: Flags.string({
      summary: 'Go on with a purge that did not come to its end.',
      helpValue: 'LEDGER',
    }),
    method: Flags.option({
      summary: 'Delete now, or lower lifetimes so that the keys expire one by one.',
      options: ['unlink', 'fade'] as const,
      default: 'unlink',
    })(),
    over: durationFlag({
      summary: 'Span over which a fade spreads the expiries (default: 60s).',
      minMs: 1000,
      maxMs: 86_400_000,
    }),
    'max-rate': Flags.integer({ summary: 'Keys per second at most.', helpValue: 'N', min: 1 }),
    'no-undo': Flags.boolean({ summary: 'Keep no undo file: what is deleted is lost.' }),
    ledger: Flags.string({
      summary: 'Where the ledger and the undo file of this purge go (default: .cache/purges).',
      helpValue: 'DIR',
    }),
    confirm: Flags.string({ summary: "The target's name, instead of typing it.", helpValue: 'NAME' }),
    ...gentleFlag,
  }

  /** What is true of a dry run, and before the first key is touched. */
  protected override undoes: string = 'stopping; nothing has been changed'

  protected async execute(context: Context<typeof KeysPurge>): Promise<Outcome> {
    const { flags, args, signal, progress, terminal, warn } = context
    const { catalogueOf } = await import('../../src/ops/keyspace/families.js')
    const { nameServer, openServer } = await import('../../src/ops/keyspace/server.js')
    const { preparePurge } = await import('../../src/ops/keyspace/purge/prepare.js')
    const { runPurge } = await import('../../src/ops/keyspace/purge/run.js')
    const { loadConfig } = await import('../../src/ops/config/load.js')

    const config = await loadConfig()
    const named = nameServer({
      url: flags.url,
      environment: process.env,
      environments: config.settings.environments,
    })
    const prepared = await preparePurge({
      family: args.family,
      match: flags.match,
      where: flags.where,
      across: flags.across?.split(',').map((name) => name.trim()) ?? [],
      apply: flags.apply,
      planTo: flags.plan,
      planFrom: flags['apply-plan'],
      resume: flags.resume,
      method: { kind: flags.method, overMs: flags.over, maxRate: flags['max-rate'] },
      undo: !flags['no-undo'],
      ledgers: flags.ledger,
      url: flags.url,
      gentle: flags.gentle,
      confirm: flags.confirm,
      catalogue: catalogueOf(config),
      named,
      canAsk: canAsk(flags.json),
    })
    progress.update(`connecting to ${named.target.host}:${named.target.port}`)
    const server = await openServer(named, signal)
    try {
      let asked = false
      const report: PurgeReport = await runPurge(server, prepared, {
        maxDrift: (flags['max-drift'] ?? 10) / 100,
        signal,
        onEvent: (event) => progress.update(describeProgress(event)),
        onWarning: warn,
        onApply: () =>
          (this.undoes = 'stopping after this batch; what is done stays done until it is restored'),
        confirm: async (planned) => {
          asked = true
          progress.stop()
          this.logToStderr(inAscii(planText(planned, terminal), terminal))
          const { name } = named.target
          return ask(`\nThis counts as production. Type the target's name (${name}) to go on: `, signal)
        },
      })
      // Whoever was asked has the plan on the screen.
      const isKnown = (on: Terminal) => asked && on === terminal && process.stdout.isTTY
      return {
        report,
        text: (on, shown: PurgeReport) =>
          inAscii(purgeText(shown, isKnown(on) ? { ...on, quiet: true } : on), on),
      }
    } finally {
      server.close()
    }
  }
}
