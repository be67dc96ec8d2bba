import type { AuditReport, FixesReport } from '../../report/audit-report.js'
import type { Found } from '../collected.js'
import { Places } from '../places.js'
import { fixFound } from './fix-found.js'

/** A report, and the findings in it that may be mended. */
export interface Audited {
  report: AuditReport
  open: readonly Found[]
}

// One fix may wait for another, and a third one for that.
const MOST_PASSES = 5

/** Mends and audits again until nothing is left that can be mended; the report is of the code as it is afterwards. */
export async function mended(
  first: Audited,
  { cwd, write, again }: { cwd: string; write: boolean; again(): Promise<Audited> },
): Promise<AuditReport> {
  let { report, open } = first
  const fixes: FixesReport = { written: false, applied: [], skipped: [], diff: '' }
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const made = fixFound(open, { cwd, places: new Places(cwd), write })
    fixes.written ||= made.written
    fixes.applied.push(...made.applied)
    fixes.skipped = made.skipped
    fixes.diff += made.diff
    if (!made.written) break
    ;({ report, open } = await again())
  }
  return { ...report, fixes }
}
