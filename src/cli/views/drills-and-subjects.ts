import type { Report } from '../../ops/report/report.js'
import type { Outcome } from '../base-command.js'
import { renderTable, type Column } from '../table.js'

interface ListReport extends Report {
  drills: { name: string; summary: string }[]
  subjects: { name: string; summary: string }[]
}

/** What can go wrong, and for whom. */
export function drillsAndSubjects(
  drills: readonly { name: string; summary: string }[],
  subjects: readonly { name: string; summary: string }[],
): Outcome<ListReport> {
  const short = ({ name, summary }: { name: string; summary: string }) => ({ name, summary })
  const columns = (title: string): Column[] => [{ title }, { title: '', wraps: true }]
  const rows = (items: readonly { name: string; summary: string }[]) =>
    items.map(({ name, summary }) => [name, summary])
  return {
    report: {
      schema: 'cache.simulate-outage.list/1',
      command: 'simulate-outage',
      verdict: 'pass',
      drills: drills.map(short),
      subjects: subjects.map(short),
    },
    text: (terminal) =>
      [
        renderTable(columns('drill'), rows(drills), terminal),
        '',
        renderTable(columns('subject'), rows(subjects), terminal),
      ].join('\n'),
  }
}
