import type { Chart } from '../chart.js'
import { inPhases, worst, type Steps } from './steps.js'

/** Memory of the process of the subject, or of all of an app's; none where nobody looked. */
export function memoryChart(rssBytes: (number | null)[], steps: Steps): Chart[] {
  if (worst(rssBytes) === null) return []
  return [
    {
      ...steps,
      title: 'Memory',
      says: `The process held ${inPhases(rssBytes, steps, worst, 'bytes')} at most.`,
      unit: 'bytes',
      kind: 'lines',
      curves: [{ name: 'memory', values: rssBytes, look: 'main' }],
      limits: [],
    },
  ]
}

/** Reads of the source of truth per second. */
export function sourceChart(perSecond: number[], steps: Steps): Chart {
  return {
    ...steps,
    title: 'Reads of the source',
    says: `The source of truth was read ${inPhases(perSecond, steps, worst, 'perSecond')} at most.`,
    unit: 'perSecond',
    kind: 'lines',
    curves: [{ name: 'source', values: perSecond, look: 'main' }],
    limits: [],
  }
}
