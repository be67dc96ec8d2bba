import { readFileSync } from 'node:fs'
import type { FixesReport } from '../../report/audit-report.js'
import type { Found } from '../collected.js'
import type { Places } from '../places.js'
import { writeWhole } from '../write-whole.js'
import { decoded, reasonAgainst } from './file-on-disk.js'
import { edited } from './edit.js'
import { planOf } from './plan.js'
import { unifiedDiff } from './unified-diff.js'

/**
 * Mends what can be mended without a doubt. Files outside of the working directory, links, and files that were changed since they
 * were read stay as they are.
 *
 * @param write false: only says what would be done
 */
export function fixFound(
  found: readonly Found[],
  { cwd, places, write }: { cwd: string; places: Places; write: boolean },
): FixesReport {
  const plan = planOf(found, (file) => reasonAgainst(file, cwd))
  const diffs: string[] = []
  for (const [file, edits] of plan.edits) {
    diffs.push(unifiedDiff(places.name(file.fileName), file.text, edits))
    if (!write) continue
    const { mark, text } = decoded(readFileSync(file.fileName))
    writeWhole(file.fileName, mark + edited(text, edits))
  }
  return {
    written: write && plan.applied.length > 0,
    applied: plan.applied.map(({ fix }) => fix),
    skipped: plan.skipped,
    diff: diffs.join(''),
  }
}
