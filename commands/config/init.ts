import { Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import type { Report } from '../../src/ops/report/report.js'

interface ConfigInitReport extends Report {
  /** What was written; null with --print. */
  file: string | null
  /** Its text. */
  text: string
}

export default class ConfigInit extends BaseCommand<typeof ConfigInit> {
  static override summary = 'Write a cache.config.yaml with every setting in it, as comments.'
  static override description =
    'Writes into the working directory, and never over anything: where this project has a project file, in any ' +
    'format, nothing is written.\n\nExit code 0: written, or printed. 2: there is one already.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --print',
  ]
  static override flags = {
    print: Flags.boolean({ summary: 'Print it, and write nothing.' }),
  }

  protected async execute({ flags }: Context<typeof ConfigInit>): Promise<Outcome> {
    const { template } = await import('../../src/ops/config/template.js')
    const { initConfig } = await import('../../src/ops/config/init.js')
    const text = template()
    const file = flags.print ? null : await initConfig(process.cwd())
    const report: ConfigInitReport = {
      schema: 'cache.config.init/1',
      command: 'config init',
      verdict: 'pass',
      file,
      text,
    }
    const said = `Wrote ${file}: every setting is in it, as a comment.\nNext: cache config show --origin`
    return { report, text: () => (file === null ? text : said) }
  }
}
