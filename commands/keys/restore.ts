import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { inAscii } from '../../src/cli/in-ascii.js'
import { ask, canAsk } from '../../src/cli/views/keys-confirm.js'
import { keysFlags } from '../../src/cli/views/keys-flags.js'
import { describeProgress } from '../../src/cli/views/keys-progress.js'
import { restoreText } from '../../src/cli/views/keys-restore.js'
import type { RestoreReport } from '../../src/ops/report/restore-report.js'

export default class KeysRestore extends BaseCommand<typeof KeysRestore> {
  static override summary = 'Bring back what a purge took away, with the lifetimes left.'
  static override description =
    'Reads the undo file of a purge and looks what would come back. With --apply it does: values of every type, as ' +
    'they were; what would have expired by now stays away; a key that is there again is left alone. It asks for the ' +
    "target's name as a purge does.\n\n" +
    'Exit code 0: done. 3: unreachable, or not all was restored. 4: refused, nothing was changed.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> .cache/purges/2026-11-27T21-50-12Z-9f3a/undo.ndjson',
    '<%= config.bin %> <%= command.id %> undo.ndjson --apply --confirm redis-prod',
  ]
  static override args = {
    file: Args.string({ required: true, description: 'The undo file of a purge.' }),
  }
  static override flags = {
    ...keysFlags,
    apply: Flags.boolean({ summary: 'Do it, instead of only saying what would be.' }),
    overwrite: Flags.boolean({ summary: 'Also replace what stands under a key by now.' }),
    confirm: Flags.string({ summary: "The target's name, instead of typing it.", helpValue: 'NAME' }),
  }

  protected override undoes: string = 'stopping; nothing has been changed'

  protected async execute(context: Context<typeof KeysRestore>): Promise<Outcome> {
    const { flags, args, signal, progress, terminal, warn } = context
    const { catalogueOf } = await import('../../src/ops/keyspace/families.js')
    const { nameServer, openServer } = await import('../../src/ops/keyspace/server.js')
    const { commandLine } = await import('../../src/ops/keyspace/purge/command-line.js')
    const { requireConfirmed } = await import('../../src/ops/keyspace/purge/gates.js')
    const { UndoReader } = await import('../../src/ops/keyspace/purge/undo-reader.js')
    const { RESTORE, runRestore } = await import('../../src/ops/keyspace/purge/run-restore.js')
    const { loadConfig } = await import('../../src/ops/config/load.js')

    const config = await loadConfig()
    const { environments } = config.settings
    const named = nameServer({ url: flags.url, environment: process.env, environments })
    const { target } = named
    const command = commandLine(['cache', 'keys', 'restore', args.file], {
      overwrite: flags.overwrite,
      apply: true,
      url: flags.url,
      confirm: target.production ? target.name : undefined,
    })
    const undo = await UndoReader.open(args.file)
    try {
      const needsName = flags.apply && target.production
      const asks = needsName && flags.confirm === undefined && canAsk(flags.json)
      if (needsName && !asks) requireConfirmed(target, RESTORE, flags.confirm, command)
      progress.update(`connecting to ${target.host}:${target.port}`)
      const server = await openServer(named, signal)
      try {
        const report = await runRestore(server, {
          undo,
          file: args.file,
          named,
          catalogue: catalogueOf(config),
          apply: flags.apply,
          overwrite: flags.overwrite,
          command,
          confirm: asks
            ? (planned) => {
                progress.stop()
                this.logToStderr(inAscii(restoreText(planned, terminal), terminal))
                const question = `\nThis counts as production. Type the target's name (${target.name}) to restore: `
                return ask(question, signal)
              }
            : null,
          signal,
          onEvent: (event) => progress.update(describeProgress(event)),
          onWarning: warn,
          onApply: () => (this.undoes = 'stopping after this batch; what is restored stays'),
        })
        return { report, text: (on, shown: RestoreReport) => inAscii(restoreText(shown, on), on) }
      } finally {
        server.close()
      }
    } finally {
      await undo.close()
    }
  }
}
