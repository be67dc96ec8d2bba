import type ts from 'typescript'
import type { FixReport } from '../../report/audit-report.js'
import type { Found } from '../collected.js'
import type { Fix } from '../rule.js'
import type { Edit } from './edit.js'
import { importEdit } from './imports.js'

/** Edits of each file that can be made together, in order; and what has to wait, or cannot be done. */
export interface Plan {
  edits: Map<ts.SourceFile, Edit[]>
  /** Which files each fix changes. */
  applied: { fix: FixReport; files: ts.SourceFile[] }[]
  skipped: (FixReport & { because: string })[]
}

/** Takes the fixes in the order of the code; one that meets another waits for the next pass. Only sure findings are mended. */
export function planOf(found: readonly Found[], refuse: (file: ts.SourceFile) => string | undefined): Plan {
  const plan: Plan = { edits: new Map(), applied: [], skipped: [] }
  for (const { finding, violation } of found) {
    const { fix } = violation
    if (!fix || finding.confidence !== 'high') continue
    const { rule, file, line, column } = finding
    const report = { rule, file, line, column, title: fix.title }
    const because = whyNot(fix, plan, refuse)
    if (because !== undefined) {
      plan.skipped.push({ ...report, because })
      continue
    }
    for (const { file: source, ...edit } of fix.edits) add(plan, source, edit)
    for (const needed of fix.imports ?? []) {
      const source = fix.edits[0]!.file
      const edit = importEdit(source, needed)
      // Two fixes may need the same name.
      const isPlanned = plan.edits.get(source)?.some(({ text }) => text === edit?.text)
      if (edit && !isPlanned) add(plan, source, edit)
    }
    plan.applied.push({ fix: report, files: [...new Set(fix.edits.map((each) => each.file))] })
  }
  return plan
}

function add({ edits }: Plan, file: ts.SourceFile, edit: Edit): void {
  const all = [...(edits.get(file) ?? []), edit]
  edits.set(
    file,
    all.sort((a, b) => a.start - b.start || a.end - b.end),
  )
}

function whyNot(
  { edits }: Fix,
  plan: Plan,
  refuse: (file: ts.SourceFile) => string | undefined,
): string | undefined {
  for (const { file, start, end } of edits) {
    const refused = refuse(file)
    if (refused !== undefined) return refused
    const meets = (plan.edits.get(file) ?? []).some((each) => start <= each.end && end >= each.start)
    if (meets) return 'another fix changes the same code: run it again'
  }
  return undefined
}
