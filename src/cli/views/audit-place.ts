import type { Place } from '../../ops/report/audit-report.js'
import { sanitise } from '../sanitise.js'

/** As editors and terminals open it: `src/cache.ts:12:3`. */
export function placeOf({ file, line, column }: Place): string {
  return `${sanitise(file)}:${line}:${column}`
}
