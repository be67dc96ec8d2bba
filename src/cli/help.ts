import { CommandHelp, Help, type Config } from '@oclif/core'

// Every flag is listed below the usage with its meaning; oclif would list them all here as well.
class UsageInOneLine extends CommandHelp {
  protected override defaultUsage(): string {
    return `${super.defaultUsage()} [FLAGS]`
  }
}

class CacheHelp extends Help {
  protected override CommandHelpClass = UsageInOneLine
}

/** Shows the help of a command or topic, or of the whole CLI when `id` is undefined. */
export async function showHelp(id: string | undefined, config: Config): Promise<void> {
  const help = new CacheHelp(config, { maxWidth: 80, docopts: false, hideAliasesFromRoot: true })
  await help.showHelp(id === undefined ? [] : id.split(':'))
}
