import { timeToFallbackOf } from '../client-options/index.js'
import type { Measurement } from '../experiment/measurement.js'
import type { ComputedFallback } from '../report/drill-report.js'

/** By the options of the subject's client that keeps its callers longest; null where nothing is known of one. */
export function computedFallback({
  clients = [],
  away,
}: Pick<Measurement, 'clients' | 'away'>): ComputedFallback | null {
  if (away === undefined) return null
  const all = clients.map(({ library, options }): ComputedFallback => {
    const { worstMs, because } = timeToFallbackOf(library, options).timeToFallback[away]
    const settings = Object.entries(options).map(([name, value]) => `${name} ${value}`)
    const how = settings.length === 0 ? 'its defaults' : settings.join(', ')
    return { worstMs, because, client: `${library} with ${how}` }
  })
  return all.sort((left, right) => (right.worstMs ?? Infinity) - (left.worstMs ?? Infinity))[0] ?? null
}
