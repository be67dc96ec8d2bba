import type { Report } from '../../ops/report/report.js'
import type { Outcome } from '../base-command.js'
import { renderTable, type Column } from '../table.js'

interface Named {
  name: string
  summary: string
}

interface Drill extends Named {
  protocols: readonly string[]
  needs?: string | undefined
}

interface ListReport extends Report {
  /** `protocols`: what has to be spoken where it happens. `needs`: what the drill brings for it besides a door. */
  drills: { name: string; summary: string; protocols: readonly string[]; needs: string | null }[]
  subjects: Named[]
}

/** What can go wrong, and for whom. */
export function drillsAndSubjects(drills: readonly Drill[], subjects: readonly Named[]): Outcome<ListReport> {
  const columns = (title: string): Column[] => [{ title }, { title: '', wraps: true }]
  const rows = (items: readonly Named[]) => items.map(({ name, summary }) => [name, summary])
  return {
    report: {
      schema: 'cache.simulate-outage.list/1',
      command: 'simulate-outage',
      verdict: 'pass',
      drills: drills.map(({ name, summary, protocols, needs = null }) => ({
        name,
        summary,
        protocols,
        needs,
      })),
      subjects: subjects.map(({ name, summary }) => ({ name, summary })),
    },
    text: (terminal) =>
      [
        renderTable(columns('drill'), rows(drills), terminal),
        '',
        renderTable(columns('subject'), rows(subjects), terminal),
      ].join('\n'),
  }
}
