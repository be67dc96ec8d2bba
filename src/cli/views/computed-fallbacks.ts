import type { DrillReport } from '../../ops/report/drill-report.js'
import { formatDuration } from '../../ops/report/format.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'

/** What the options of the client make of a fault, beside what was measured; once for drills in which that is the same. */
export function computedFallbacks(drills: readonly DrillReport[], terminal: Terminal): string[] {
  const namesOf = new Map<string, string[]>()
  for (const { name, computedFallback: computed } of drills) {
    if (!computed) continue
    const most = computed.worstMs === null ? 'never' : `${formatDuration(computed.worstMs)} at most`
    const text = `fallback ${most} for ${computed.client} (${computed.because})`
    namesOf.set(text, [...(namesOf.get(text) ?? []), name])
  }
  return [...namesOf].map(([text, names]) =>
    entry('computed', `${names.join(', ')}: ${text}`, terminal, terminal.style.dim),
  )
}
