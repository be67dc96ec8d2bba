import type { Change, ChangeKind, CheckReport, DoctorReport } from '../../ops/report/doctor-report.js'
import { CHANGE_KINDS } from '../../ops/report/doctor-report.js'
import { formatQuantity } from '../../ops/report/format.js'
import type { Terminal } from '../terminal.js'
import { checkLines, linesByReason } from './doctor-checks.js'

const TITLES: Record<ChangeKind, string> = {
  worse: 'worse than in the baseline',
  other: 'as bad as in the baseline, but something else',
  lost: 'judged in the baseline, not judged now',
  better: 'better than in the baseline',
}

/** What changed, the gravest kind first; quiet without what got better. */
export function changeLines({ checks, baseline }: DoctorReport, terminal: Terminal): string[] {
  if (!baseline) return []
  const shown = CHANGE_KINDS.filter((kind) => kind !== 'better' || !terminal.quiet)
  return shown.flatMap((kind) => {
    const alike = baseline.changes.filter((change) => change.kind === kind)
    if (alike.length === 0) return []
    const changed = alike.flatMap((change) => {
      const check = checks.find(({ id }) => id === change.id)
      return check ? [{ check, change }] : []
    })
    const lines =
      kind === 'lost'
        ? linesByReason(
            changed.map(({ check, change }) => lost(check, change)),
            terminal,
          )
        : changed.flatMap(({ check, change }) => checkLines(check, terminal, wasOf(change)))
    return [terminal.style.bold(TITLES[kind]), ...lines, '']
  })
}

function lost(check: CheckReport, { was }: Change): CheckReport {
  const grave = was !== null && was.status !== 'ok' ? ` (was ${was.status})` : ''
  return { ...check, message: check.message + grave }
}

function wasOf({ was }: Change): string {
  return was === null ? 'was: not in the baseline' : `was: ${was.status}: ${was.message}`
}

/** What the comparison is with, in one line. */
export function baselineFact({ baseline }: DoctorReport): string | null {
  if (!baseline) return null
  const { file, leftOut } = baseline
  const rest =
    leftOut.length === 0 ? '' : `; ${formatQuantity(leftOut.length, 'check')} of it not looked at now`
  return file + rest
}
