import { join } from 'node:path'
import { Args } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../src/cli/base-command.js'
import { grammarOf } from '../src/cli/completion/grammar.js'
import { completions } from '../src/cli/completion/index.js'
import { RULES } from '../src/ops/report/keys-report.js'
import type { Report } from '../src/ops/report/report.js'

interface CompletionReport extends Report {
  shell: string
  script: string
}

export default class Completion extends BaseCommand<typeof Completion> {
  static override summary = 'Print what makes a shell complete commands, flags and names.'
  static override description =
    'In bash: source <(cache completion bash) in ~/.bashrc. In zsh: the same with zsh, after compinit. ' +
    'In fish: cache completion fish > ~/.config/fish/completions/cache.fish. ' +
    'The names are those of this version; run it again after an update. Names of a project, such as its families and records, are ' +
    'not proposed: its file would have to be run for that, wherever a shell happens to start.'
  static override examples = ['source <(<%= config.bin %> <%= command.id %> bash)']
  static override args = {
    shell: Args.string({
      description: 'Which shell.',
      required: true,
      options: Object.keys(completions),
    }),
  }

  protected async execute({ args }: Context<typeof Completion>): Promise<Outcome<CompletionReport>> {
    const { subjects } = await import('../src/ops/experiment/subjects/index.js')
    const { loadFaults } = await import('../src/ops/load/faults.js')
    const { faults } = await import('../src/ops/faults/index.js')
    const names = (items: readonly { name: string }[]) => items.map(({ name }) => name)
    const { CHECK_GROUPS } = await import('../src/ops/doctor/check.js')
    const { checks } = await import('../src/ops/doctor/checks/index.js')
    const { listPages } = await import('../src/ops/doctor/pages.js')
    const { allFamilies } = await import('../src/library/families/families.js')
    const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id)
    const shell = args.shell as keyof typeof completions
    const script = completions[shell](
      grammarOf(this.config, {
        drill: names(faults),
        fault: names(loadFaults),
        subject: names(subjects),
        only: ids(checks),
        group: CHECK_GROUPS,
        skip: ids(checks),
        family: ids(allFamilies),
        'fail-on': RULES,
        id: ids(listPages(join(this.config.root, 'docs'))),
        // Which records there are is the project's; these words every project knows.
        record: ['last', 'last~1'],
      }),
    )
    return {
      report: { schema: 'cache.completion/1', command: 'completion', verdict: 'pass', shell, script },
      text: () => script,
    }
  }
}
