import { Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { fromDotEnv } from '../../src/cli/dot-env.js'
import { configText } from '../../src/cli/views/config-show.js'
import type { ConfigReport } from '../../src/ops/config/show.js'

export default class ConfigShow extends BaseCommand<typeof ConfigShow> {
  static override summary = 'Every setting: its value, where it is from, and what it overrode.'
  static override description =
    'Flags win over CACHE_* variables, these over the project file (cache.config.yaml, .json, .mjs, .ts, or cache in ' +
    "package.json), this over the application's own environment and its .env, this over defaults. Secrets are masked. " +
    'Nothing is connected and nothing written.\n\n' +
    'Exit code 0: all of it can be used. 2: something cannot, and it says what.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --origin',
    '<%= config.bin %> <%= command.id %> --env staging --json',
  ]
  static override flags = {
    origin: Flags.boolean({ summary: 'Also say where each is from, and what it overrode.' }),
    env: Flags.string({ summary: 'With the variables of this environment.', helpValue: 'NAME' }),
  }

  protected async execute({ flags }: Context<typeof ConfigShow>): Promise<Outcome> {
    const { loadConfig } = await import('../../src/ops/config/load.js')
    const { readDotEnv } = await import('../../src/ops/config/dot-env.js')
    const { environmentNamed } = await import('../../src/ops/config/named-environment.js')
    const { showConfig } = await import('../../src/ops/config/show.js')
    const { settings, layers, file, notRead } = await loadConfig()
    const { environments } = settings
    const { env } = flags
    const report = showConfig({
      layers,
      file,
      notRead,
      env,
      variables: environmentNamed(env, { env: process.env, environments }),
      fromDotEnv: fromDotEnv(),
      dotEnv: readDotEnv(process.cwd()),
      sources: env === undefined ? undefined : environments[env]?.variables,
    })
    return { report, text: (terminal, shown: ConfigReport) => configText(shown, flags, terminal) }
  }
}
