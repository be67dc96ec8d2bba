import type { CheckReport, DoctorReport } from '../../ops/report/doctor-report.js'
import { formatDuration } from '../format.js'
import { sanitise } from '../sanitise.js'
import { renderTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { checkLines, judged, notJudged } from './doctor-checks.js'
import { inAscii } from './keys-parts.js'
import { entry } from './labelled-lines.js'

/**
 * What it is about and what users feel, the judged checks by group, what was not judged, the verdict, what to do next.
 * Quiet: what is not ok, and the verdict.
 */
export function doctorText(report: DoctorReport, terminal: Terminal): string {
  const shown = judged(report, terminal)
  const groups = [...new Set(shown.map(({ group }) => group))]
  const body = groups.flatMap((group) => [
    terminal.style.bold(group),
    ...shown.filter((check) => check.group === group).flatMap((check) => checkLines(check, terminal)),
    '',
  ])
  const lines = [
    ...headOf(report, terminal),
    ...body,
    ...notJudged(report, terminal),
    verdictOf(report, terminal),
    ...(terminal.quiet ? [] : nextOf(report, terminal)),
  ]
  return inAscii(lines.join('\n'), terminal)
}

function headOf({ target, impact, probedWrites }: DoctorReport, terminal: Terminal): string[] {
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
    '',
  ]
}

function verdictOf(
  { verdict, summary, interrupted, durationMs, checks }: DoctorReport,
  terminal: Terminal,
): string {
  const { style } = terminal
  const counts = Object.entries(summary)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ')
  const all = `${counts} in ${formatDuration(durationMs)}`
  if (interrupted) return entry('stopped', `${all}; interrupted, so this is partial`, terminal, style.caution)
  const failed = checks.filter(({ status }) => status === 'FAIL')
  if (verdict === 'fail') {
    const what =
      failed.length === 0 ? 'there are warnings, and --fail-on warn was given' : SENTENCES[worstGroup(failed)]
    return entry('FAIL', `${all}: ${what}`, terminal, style.bad)
  }
  if (verdict === 'inconclusive') {
    const why =
      summary.broken > 0 ? 'not every check came to an end, so this proves nothing' : 'nothing was judged'
    return entry('broken', `${all}: ${why}`, terminal, style.bad)
  }
  const open = summary.unknown > 0 ? '; unknown is not ok' : ''
  if (failed.length > 0)
    return entry('warn', `${all}: failures, and --fail-on never was given${open}`, terminal, style.caution)
  if (summary.warn > 0) return entry('warn', `${all}: works, with warnings${open}`, terminal, style.caution)
  const ready = open === '' && READINESS.every((id) => checks.some((check) => check.id === id))
  return entry(
    'ok',
    `${all}: ${ready ? 'healthy, and ready to lose Redis' : `nothing found${open}`}`,
    terminal,
    style.good,
  )
}

/** Without these nobody can say so. */
const READINESS = ['CON-001', 'TTF-001', 'SUP-001', 'LIM-001']

const SENTENCES = {
  supabase: 'without Supabase nothing works',
  redis: 'Redis does not do its job now',
  other: 'not ready to lose Redis',
}

function worstGroup(failed: readonly CheckReport[]): keyof typeof SENTENCES {
  if (failed.some(({ id }) => id === 'SUP-001' || id === 'ENV-001')) return 'supabase'
  return failed.some(({ group }) => group === 'connectivity') ? 'redis' : 'other'
}

function nextOf({ checks, impact, probedWrites, summary }: DoctorReport, terminal: Terminal): string[] {
  const worst =
    checks.find(({ status }) => status === 'FAIL') ?? checks.find(({ status }) => status === 'warn')
  const commands = [
    ...(worst ? [`cache explain ${worst.id}`] : []),
    ...(impact.redis === 'away' ? ['cache runbook run redis-unavailable'] : []),
    ...(impact.redis === 'up' && !probedWrites && summary.unknown > 0 ? ['cache doctor --probe-writes'] : []),
    ...(impact.redis === 'away' ? [] : ['cache simulate-outage']),
  ]
  return commands.map((command, index) => entry(index === 0 ? 'next' : '', command, terminal))
}

export interface ListedCheck {
  id: string
  group: string
  title: string
  writes: boolean
}

export function doctorListText(checks: readonly ListedCheck[], terminal: Terminal): string {
  const rows = checks.map(({ id, group, title, writes }) => [
    id,
    group,
    title + (writes ? ' (--probe-writes)' : ''),
  ])
  return renderTable([{ title: 'id' }, { title: 'group' }, { title: 'check', wraps: true }], rows, terminal)
}
