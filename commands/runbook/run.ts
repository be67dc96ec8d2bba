import { join } from 'node:path'
import { Args } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../../src/cli/base-command.js'
import { globalFlagsFor } from '../../src/cli/global-flags.js'
import { runbookText } from '../../src/cli/views/runbook.js'
import type { RunbookRunReport } from '../../src/ops/report/runbook-report.js'

export default class RunbookRun extends BaseCommand<typeof RunbookRun> {
  static override summary = 'Run the steps of a Markdown runbook, and check what they print.'
  static override description =
    'The bash, sh and cache blocks of the document are the steps, its headings the addresses. Comments such as ' +
    '`# Expected: PONG` or `# Expected: < 10 ms` are checked against the output of the command above. Each step has ' +
    'a deadline (60s) that ends it with all it started; the first that does not pass ends the run; cleanup steps run ' +
    'in any case. A manual step is shown to the person at the terminal, and skipped where there is none. ' +
    'docs/runbooks.md has the format.\n\n' +
    'Built in: redis-unavailable.\n\n' +
    'Exit code 0: all that ran passed. 1: a step did not. 2: the document cannot be used. 3: nothing could run, ' +
    'something that a step needs is missing, or a command of ours could not tell. 4: a dangerous command was refused, and nothing ran.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> redis-unavailable',
    '<%= config.bin %> <%= command.id %> docs/redis-down.md#verify-recovery',
    '<%= config.bin %> <%= command.id %> docs/redis-down.md --output junit=runbook.xml',
  ]
  static override args = {
    file: Args.string({
      description: 'A Markdown file or a built-in runbook; FILE#HEADING runs one section.',
      required: true,
    }),
  }
  static override baseFlags = globalFlagsFor(['text', 'json', 'junit'])

  protected override readonly undoes = 'ending the step and running the cleanup steps'

  protected async execute({
    args,
    signal,
    progress,
  }: Context<typeof RunbookRun>): Promise<Outcome<RunbookRunReport>> {
    const { runRunbook } = await import('../../src/ops/runbook/run-runbook.js')
    const { runbookSuite } = await import('../../src/ops/runbook/test-suite.js')
    const report = await runRunbook({
      address: args.file,
      builtIns: join(this.config.root, 'runbooks'),
      cli: join(this.config.root, 'bin/run.js'),
      attended: Boolean(process.stdin.isTTY && process.stdout.isTTY && !process.env['CI']),
      signal,
      onEvent: ({ index, of, name }) => progress.update(`step ${index + 1} of ${of}: ${name}`),
    })
    return {
      report,
      text: (terminal, shown) => runbookText(shown, terminal),
      junit: runbookSuite,
    }
  }
}
