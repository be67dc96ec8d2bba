import { join } from 'node:path'
import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Context, type Outcome } from '../src/cli/base-command.js'
import { renderTable } from '../src/cli/table.js'
import { pageText } from '../src/cli/views/page.js'
import type { Report } from '../src/ops/report/report.js'
import { UsageError } from '../src/ops/report/errors.js'

interface ExplainReport extends Report {
  kind: string
  id: string
  title: string
  /** Where the page is in the package. */
  page: string
  markdown: string
}

interface ExplainListReport extends Report {
  pages: { kind: string; id: string; title: string; page: string }[]
}

export default class Explain extends BaseCommand<typeof Explain> {
  static override summary = 'Why it matters and how to mend it: a check, a drill, a clause or a rule.'
  static override description =
    'Prints the page of an id as it stands in a report: a check of doctor (CON-001), a drill of simulate-outage ' +
    '(stall), a clause of the contract (C3), a rule of audit (R1). Nothing is connected.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> TTF-001',
    '<%= config.bin %> <%= command.id %> stall',
    '<%= config.bin %> <%= command.id %> --list',
  ]
  static override args = {
    id: Args.string({ description: 'What to explain, in any case.', required: false }),
  }
  static override flags = { list: Flags.boolean({ summary: 'List everything that can be explained.' }) }

  protected async execute({ args, flags }: Context<typeof Explain>): Promise<Outcome> {
    const { findPage, listPages } = await import('../src/ops/doctor/pages.js')
    const docs = join(this.config.root, 'docs')
    if (flags.list && args.id !== undefined) {
      throw new UsageError('CONFLICTING_FLAGS', '--list lists everything, and an id is given as well.', [
        'leave one of them out',
      ])
    }
    if (flags.list) return listOf(listPages(docs))
    if (args.id === undefined) {
      throw new UsageError('NO_ID', 'Nothing was named that could be explained.', ['cache explain --list'])
    }
    const { kind, id, title, path, markdown } = findPage(args.id, docs)
    const report: ExplainReport = {
      schema: 'cache.explain/1',
      command: 'explain',
      verdict: 'pass',
      kind,
      id,
      title,
      page: path,
      markdown,
    }
    return { report, text: (terminal) => pageText(markdown, terminal) }
  }
}

function listOf(
  found: readonly { kind: string; id: string; title: string; path: string }[],
): Outcome<ExplainListReport> {
  const pages = found.map(({ kind, id, title, path }) => ({ kind, id, title, page: path }))
  return {
    report: { schema: 'cache.explain.list/1', command: 'explain', verdict: 'pass', pages },
    text: (terminal) =>
      renderTable(
        [{ title: 'id' }, { title: 'kind' }, { title: '', wraps: true }],
        pages.map(({ kind, id, title }) => [id, kind, title]),
        terminal,
      ),
  }
}
