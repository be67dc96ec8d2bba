import type { AuditReport, FixReport } from '../../ops/report/audit-report.js'
import { formatQuantity } from '../../ops/report/format.js'
import { sanitise } from '../sanitise.js'
import type { Terminal } from '../terminal.js'

/** What was not counted, and why; what was mended; and what the baseline no longer needs. One line each. */
export function adoptionLines(report: AuditReport, { style }: Terminal): string[] {
  const { off, known, changed, baseline, fixes, maxWarnings, summary } = report
  const [ok, skip, warn] = [style.word('ok'), style.word('skip'), style.word('warn')]
  const lines = (fixes?.applied ?? []).map(
    (each) => `${ok} ${fixes!.written ? 'fixed' : 'would fix'} ${placed(each)}`,
  )
  for (const each of fixes?.skipped ?? []) lines.push(`${skip} not fixed ${placed(each)}: ${each.because}`)
  if (fixes && lines.length === 0) lines.push(`${skip} nothing that can be fixed without a doubt`)
  for (const rule of off) lines.push(`${skip} ${rule} is switched off by the project file`)
  if (changed) {
    const count = formatQuantity(changed.unchanged, 'finding')
    const since = `${sanitise(changed.since)} (${changed.commit.slice(0, 9)})`
    lines.push(`${skip} ${count} in code that did not change since ${since}`)
  }
  if (baseline) lines.push(...ofBaseline(baseline, known.length, { ok, skip }))
  if (maxWarnings !== null && summary.warnings > maxWarnings) {
    const count = formatQuantity(summary.warnings, 'warning')
    lines.push(`${warn} ${count}, and no more than ${maxWarnings} are allowed`)
  }
  return lines
}

function ofBaseline(
  { file, fixed, written }: NonNullable<AuditReport['baseline']>,
  known: number,
  { ok, skip }: { ok: string; skip: string },
): string[] {
  const name = sanitise(file)
  if (written) {
    const { findings, added, removed } = written
    return [
      `${ok} ${name} written: ${formatQuantity(findings, 'finding')}, ${added} added, ${removed} removed`,
    ]
  }
  const lines = [`${skip} ${formatQuantity(known, 'finding')} known from ${name}`]
  if (fixed.length > 0) lines.push(`${ok} ${fixed.length} of them fixed: --update-baseline removes them`)
  return lines
}

function placed({ file, line, column, rule, title }: FixReport): string {
  return `${sanitise(file)}:${line}:${column} ${rule} ${title}`
}
