import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import type { Terminal } from '../../src/cli/terminal.js'
import { ask, canAsk } from '../../src/cli/views/keys-confirm.js'
import { gentleFlag, keysFlags } from '../../src/cli/views/keys-flags.js'
import { describeProgress } from '../../src/cli/views/keys-progress.js'
import { inAscii } from '../../src/cli/views/keys-parts.js'
import { planText, purgeText } from '../../src/cli/views/keys-purge.js'
import type { ProgressEvent } from '../../src/ops/keyspace/every-second.js'
import type { PurgeReport } from '../../src/ops/report/keys-report.js'

export default class KeysPurge extends BaseCommand<typeof KeysPurge> {
  static override summary =
    'Delete the keys of one family, and nothing else; a dry run unless told otherwise.'
  static override description =
    'Counts what would be deleted and says what users and the database will feel. With --apply it deletes: every ' +
    "key is checked against the family's pattern and deleted by its exact name, so no id can widen it. Tombstones " +
    'stay. A server that counts as production (any that cache.config does not declare otherwise) wants its name ' +
    'typed, or --confirm NAME.\n\n' +
    'Exit code 0: done. 3: unreachable, or broken off. 4: refused, nothing was deleted.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> conv',
    '<%= config.bin %> <%= command.id %> conv --apply --confirm redis-prod',
  ]
  static override args = {
    family: Args.string({ required: true, description: 'Family of keys, such as conv.' }),
  }
  static override flags = {
    ...keysFlags,
    apply: Flags.boolean({ summary: 'Delete, instead of only saying what would be.' }),
    confirm: Flags.string({ summary: "The target's name, instead of typing it.", helpValue: 'NAME' }),
    ...gentleFlag,
  }

  /** What is true of a dry run, and before the first key is deleted. */
  protected override undoes: string = 'stopping; nothing has been deleted'

  protected async execute(context: Context<typeof KeysPurge>): Promise<Outcome> {
    const { flags, args, signal, progress, terminal } = context
    const { catalogueOf, familyNamed } = await import('../../src/ops/keyspace/families.js')
    const { nameServer, openServer } = await import('../../src/ops/keyspace/server.js')
    const { planPurge, requirePurgeable, requirePurgeConfirmed } =
      await import('../../src/ops/keyspace/purge-plan.js')
    const { purgeFamily } = await import('../../src/ops/keyspace/purge.js')
    const { reportTarget } = await import('../../src/ops/keyspace/target-report.js')
    const { loadConfig } = await import('../../src/ops/config/load.js')

    const config = await loadConfig()
    const { environments } = config.settings
    const catalogue = catalogueOf(config)
    const family = familyNamed(catalogue, args.family, (name) => `cache keys purge ${name}`)
    const named = nameServer({ url: flags.url, environment: process.env, environments })
    const { target } = named
    const command = commandLine(family.id, flags, target.production ? target.name : undefined)
    const asks = flags.apply && target.production && flags.confirm === undefined && canAsk(flags.json)
    if (flags.apply && !asks) requirePurgeConfirmed(target, family, flags.confirm, command)

    progress.update(`connecting to ${target.host}:${target.port}`)
    const server = await openServer(named, signal)
    try {
      if (flags.apply) requirePurgeable(server)
      const onEvent = (event: ProgressEvent) => progress.update(describeProgress(event))
      const { gentle } = flags
      const plan = await planPurge(server, family, { catalogue, gentle, signal, onEvent })
      const report: PurgeReport = {
        schema: 'cache.keys-purge/1',
        command: 'keys purge',
        verdict: plan.complete ? 'pass' : 'inconclusive',
        target: reportTarget(server, named.url),
        family: family.id,
        pattern: family.pattern.text,
        mode: flags.apply ? 'apply' : 'dry-run',
        plan,
        result: null,
        apply: command,
      }
      if (flags.apply && plan.complete && plan.keys > 0) {
        if (asks) {
          progress.stop()
          this.logToStderr(planText(report, terminal))
          const question = `\nThis counts as production. Type the target's name (${target.name}) to delete: `
          requirePurgeConfirmed(target, family, await ask(question, signal), command)
        }
        this.undoes = 'stopping after this batch; what is deleted stays deleted'
        const { client } = server
        const purged = await purgeFamily({ client, family, expected: plan.keys, gentle, signal, onEvent })
        report.result = purged.result
        report.verdict = purged.result.complete ? 'pass' : 'inconclusive'
        if (purged.error) report.error = purged.error
      }
      if (signal.aborted) report.interrupted = true
      // Whoever was asked has the plan on the screen.
      const isKnown = (shown: Terminal) => asks && shown === terminal && process.stdout.isTTY
      return {
        report,
        text: (shown) =>
          inAscii(purgeText(report, isKnown(shown) ? { ...shown, quiet: true } : shown), shown),
      }
    } finally {
      server.close()
    }
  }
}

/** The command line that carries the plan out, ready to paste. */
function commandLine(
  family: string,
  flags: { url?: string | undefined; gentle: boolean },
  confirm: string | undefined,
): string {
  const words = ['cache keys purge', family, '--apply']
  if (flags.url !== undefined) words.push('--url', quoted(flags.url))
  if (flags.gentle) words.push('--gentle')
  if (confirm !== undefined) words.push('--confirm', quoted(confirm))
  return words.join(' ')
}

function quoted(word: string): string {
  return /^[\w.:/@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
