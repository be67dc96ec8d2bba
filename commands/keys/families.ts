import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { inAscii } from '../../src/cli/in-ascii.js'
import { familiesText } from '../../src/cli/views/keys-families.js'
import type { FamiliesReport } from '../../src/ops/report/families-report.js'

export default class KeysFamilies extends BaseCommand<typeof KeysFamilies> {
  static override summary = 'The kinds of key that are declared: how they are spelt, TTL, type, policy.'
  static override description =
    'Those of the library, and those of the project file. All commands about keys tell keys apart by them, and take ' +
    'their names. No Redis is contacted.\n\n' +
    'Exit code 0: all of them can be used. 2: one cannot, such as two families that have keys in common.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]

  protected async execute(_context: Context<typeof KeysFamilies>): Promise<Outcome<FamiliesReport>> {
    const { loadConfig } = await import('../../src/ops/config/load.js')
    const { catalogueOf } = await import('../../src/ops/keyspace/families.js')
    const { listFamilies } = await import('../../src/ops/keyspace/list-families.js')
    const config = await loadConfig()
    const report = listFamilies(catalogueOf(config), config.file)
    return { report, text: (on, shown: FamiliesReport) => inAscii(familiesText(shown, on), on) }
  }
}
