import { conclusionOf } from '../../ops/report/doctor-conclusion.js'
import { nextCommands } from '../../ops/report/doctor-next.js'
import { privilegesSentence } from '../../ops/report/doctor-privileges.js'
import type { CheckListReport, DoctorReport } from '../../ops/report/doctor-report.js'
import { formatDuration } from '../../ops/report/format.js'
import { inAscii } from '../in-ascii.js'
import { sanitise } from '../sanitise.js'
import { renderTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { baselineFact, changeLines } from './doctor-baseline.js'
import { checkLines, judged, notJudged } from './doctor-checks.js'
import { entry, INDENT } from './labelled-lines.js'

/**
 * What it is about and what users feel, the judged checks by group, what was not judged, the verdict, what to do next.
 * Quiet: what is not ok, and the verdict. Compared with a baseline: what changed instead of the checks.
 */
export function doctorText(report: DoctorReport, terminal: Terminal): string {
  const lines = [
    ...headOf(report, terminal),
    ...(report.baseline ? changeLines(report, terminal) : checksOf(report, terminal)),
    ...privilegesOf(report, terminal),
    verdictOf(report, terminal),
    ...(terminal.quiet ? [] : nextOf(report, terminal)),
  ]
  return inAscii(lines.join('\n'), terminal)
}

function checksOf(report: DoctorReport, terminal: Terminal): string[] {
  const shown = judged(report, terminal)
  const groups = [...new Set(shown.map(({ group }) => group))]
  const body = groups.flatMap((group) => [
    terminal.style.bold(group),
    ...shown.filter((check) => check.group === group).flatMap((check) => checkLines(check, terminal)),
    '',
  ])
  return [...body, ...notJudged(report, terminal)]
}

function headOf(report: DoctorReport, terminal: Terminal): string[] {
  const { target, impact, probedWrites } = report
  const baseline = baselineFact(report)
  const paint = impact.redis === 'away' || impact.redis === 'half' ? terminal.style.bad : terminal.style.dim
  const now = [impact.headline, ...impact.effects].map((text, index) =>
    entry(index === 0 ? 'now' : '', sanitise(text), terminal, paint),
  )
  if (terminal.quiet) return impact.redis === 'up' ? [] : [...now, '']
  return [
    entry(
      'redis',
      target.redis === null ? 'not configured' : `${target.redis}, from ${target.decidedBy}`,
      terminal,
    ),
    entry('supabase', target.supabase ?? 'not configured', terminal),
    ...now,
    entry(
      'probes',
      probedWrites
        ? 'reads, and writes to scratch keys'
        : 'reads only; --probe-writes also tries SET, EVAL and the limiter',
      terminal,
    ),
    ...(baseline === null ? [] : [entry('baseline', sanitise(baseline), terminal)]),
    '',
  ]
}

/** The command is one line, however long, because it is to be pasted. */
function privilegesOf({ privileges }: DoctorReport, terminal: Terminal): string[] {
  if (privileges === null || terminal.quiet) return []
  const command = ' '.repeat(INDENT) + sanitise(privileges.command)
  return [entry('allow', sanitise(privilegesSentence(privileges)), terminal), command, '']
}

function verdictOf(report: DoctorReport, terminal: Terminal): string {
  const { word, counts, sentence } = conclusionOf(report)
  const { style } = terminal
  const paint = {
    ok: style.good,
    warn: style.caution,
    FAIL: style.bad,
    broken: style.bad,
    stopped: style.caution,
  }[word]
  const between = word === 'stopped' ? ';' : ':'
  const text = `${counts} in ${formatDuration(report.durationMs)}${between} ${sentence}`
  return entry(word, text, terminal, paint)
}

function nextOf(report: DoctorReport, terminal: Terminal): string[] {
  return nextCommands(report).map((command, index) => entry(index === 0 ? 'next' : '', command, terminal))
}

export function doctorListText({ checks }: CheckListReport, terminal: Terminal): string {
  const rows = checks.map(({ id, group, title, writes }) => [
    id,
    group,
    title + (writes ? ' (--probe-writes)' : ''),
  ])
  return renderTable([{ title: 'id' }, { title: 'group' }, { title: 'check', wraps: true }], rows, terminal)
}
