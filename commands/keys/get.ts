import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { inAscii } from '../../src/cli/in-ascii.js'
import { keysFlags } from '../../src/cli/views/keys-flags.js'
import { getKeyText } from '../../src/cli/views/keys-get.js'
import { UsageError } from '../../src/ops/report/errors.js'
import type { GetKeyReport } from '../../src/ops/report/get-key-report.js'

export default class KeysGet extends BaseCommand<typeof KeysGet> {
  static override summary =
    'What stands under one key: family, TTL, type, size; the value only when asked for.'
  static override description =
    'Reads one key and changes nothing. Ids are masked, and the value is described but not printed unless ' +
    '--show-value is given. Tombstones, which a deletion leaves behind for some seconds, are explained.\n\n' +
    'Exit code 0: it is there. 3: nothing is there, or unreachable.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> copilot:conv:8c1f2a',
    '<%= config.bin %> <%= command.id %> copilot:llm:policy:t42 --show-value',
  ]
  static override args = { key: Args.string({ required: true, description: 'The whole name of the key.' }) }
  static override flags = {
    ...keysFlags,
    'show-value': Flags.boolean({ summary: 'Print the value, up to 64 KiB of it.' }),
  }

  protected override readonly undoes = 'closing the connection'

  protected async execute({ flags, args, signal, progress }: Context<typeof KeysGet>): Promise<Outcome> {
    if (args.key === '') throw new UsageError('EMPTY_KEY', 'The key is empty.')
    const { catalogueOf } = await import('../../src/ops/keyspace/families.js')
    const { nameServer, openServer } = await import('../../src/ops/keyspace/server.js')
    const { getKey } = await import('../../src/ops/keyspace/get-key.js')
    const { loadConfig } = await import('../../src/ops/config/load.js')
    const config = await loadConfig()
    const { environments } = config.settings
    const named = nameServer({ url: flags.url, environment: process.env, environments, upstash: true })
    progress.update(`connecting to ${named.target.host}:${named.target.port}`)
    const server = await openServer(named, signal)
    try {
      const report = await getKey(server, named, args.key, {
        catalogue: catalogueOf(config),
        showValue: flags['show-value'],
      })
      return { report, text: (on, shown: GetKeyReport) => inAscii(getKeyText(shown, on), on) }
    } finally {
      server.close()
    }
  }
}
