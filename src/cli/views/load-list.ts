import type { LoadListReport, Named } from '../../ops/report/load-report.js'
import { inAscii } from '../in-ascii.js'
import { renderTable } from '../table.js'
import type { Terminal } from '../terminal.js'

export function loadListText({ faults, subjects, metrics }: LoadListReport, terminal: Terminal): string {
  const table = (title: string, items: readonly Named[]) =>
    renderTable(
      [{ title }, { title: '', wraps: true }],
      items.map(({ name, summary }) => [name, summary]),
      terminal,
    )
  const tables = [table('fault', faults), table('subject', subjects), table('metric', metrics)]
  return inAscii(tables.join('\n\n'), terminal)
}
