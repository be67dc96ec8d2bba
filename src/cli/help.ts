import { Help, type Config } from '@oclif/core'

/** Shows the help of a command or topic, or of the whole CLI when `id` is undefined. */
export async function showHelp(id: string | undefined, config: Config): Promise<void> {
  const help = new Help(config, {
    maxWidth: 80,
    hideAliasesFromRoot: true,
    ...config.pjson.oclif.helpOptions,
  })
  await help.showHelp(id === undefined ? [] : id.split(':'))
}
