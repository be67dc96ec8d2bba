import type { DrillReport } from '../../ops/report/drill-report.js'

type OutageEvent =
  | { type: 'drill'; name: string; index: number; of: number }
  | { type: 'phase'; name: string; phase: 'warm-up' | 'before' | 'during' | 'after'; takes: string }
  | { type: 'judged'; report: Pick<DrillReport, 'name' | 'verdict'> }

/** What is going on, in a few words. */
export function describeEvent(event: OutageEvent): string {
  if (event.type === 'drill')
    return `drill ${event.index + 1} of ${event.of}: ${event.name}: starting the servers`
  if (event.type === 'judged') return `${event.report.name}: ${event.report.verdict}`
  const what = {
    'warm-up': 'warming up',
    before: 'steady traffic',
    during: `${event.takes} is away`,
    after: `${event.takes} is back`,
  }
  return `${event.name}: ${what[event.phase]}`
}
