import type { LoadReport } from '../../ops/report/load-report.js'
import { formatCount } from '../../ops/report/format.js'
import { renderTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'
import {
  COST,
  saying,
  TRANSITIONS,
  USERS,
  type PhaseColumn,
  type Shown,
} from '../../ops/report/load-columns.js'

/** What users saw in each phase and, as one table would be too wide, what it cost in another. */
export function phasesText(report: LoadReport, terminal: Terminal): string[] {
  const { phases, interrupted } = report
  const context = { interrupted: interrupted === true }
  return [
    tableOf('users', USERS, phases, context, terminal),
    ...notesOf(report, terminal),
    ...(saying(COST, phases).length === 0 ? [] : ['', tableOf('cost', COST, phases, context, terminal)]),
  ]
}

/** How it was while things changed, and once they had; nothing without a fault. */
export function transitionsText(report: LoadReport, terminal: Terminal): string[] {
  const { transitions = [], interrupted } = report
  const rows = transitions.filter(({ durationMs }) => durationMs > 0)
  if (rows.length === 0) return []
  const table = tableOf('within', TRANSITIONS, rows, { interrupted: interrupted === true }, terminal)
  // Said once, where it is first met.
  return [table, ...(isRough(rows) && !isRough(report.phases) ? [rough(terminal)] : [])]
}

function notesOf({ phases, interrupted }: LoadReport, terminal: Terminal): string[] {
  const noteOf = (told: string, pick: (phase: Shown) => number, of: (phase: Shown) => number) => {
    const where = phases
      .filter((phase) => pick(phase) > 0)
      .map((phase) => `${formatCount(pick(phase))} of ${formatCount(of(phase))} in ${phase.name}`)
    return where.length === 0 ? [] : [entry('', `${told}: ${where.join(', ')}`, terminal)]
  }
  const sent = (phase: Shown) => phase.sent
  const checks = (phase: Shown) => phase.checks
  const unanswered = interrupted ? 'on their way when the run was stopped' : 'no answer when the run ended'
  return [
    ...noteOf(unanswered, ({ pending }) => pending, sent),
    ...noteOf('limiter decided without counting', ({ uncounted }) => uncounted, checks),
    ...noteOf('limiter let through above its limit', ({ overAdmitted }) => overAdmitted, checks),
    ...(isRough(phases) ? [rough(terminal)] : []),
  ]
}

function isRough(phases: readonly Shown[]): boolean {
  return phases.some(
    ({ sent, uncertain }) => sent > 0 && uncertain.some((label) => /^p(50|90|99)$/.test(label)),
  )
}

function rough(terminal: Terminal): string {
  return entry('', '~ of too few operations to be judged', terminal)
}

function tableOf(
  title: string,
  columns: readonly PhaseColumn[],
  phases: readonly Shown[],
  context: { interrupted: boolean },
  terminal: Terminal,
): string {
  const shown = saying(columns, phases)
  return renderTable(
    [{ title }, ...shown.map((column) => ({ title: column.title, align: 'right' as const }))],
    phases.map((phase) => [phase.name, ...shown.map((column) => column.show(phase, context))]),
    terminal,
  )
}
