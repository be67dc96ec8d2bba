import { timeToFallbackOf } from '../client-options/index.js'
import type { Measurement } from '../experiment/measurement.js'
import type { ComputedFallback } from '../report/drill-report.js'

/** By the options of the subject's client that keeps its callers longest; null where nothing is known of one. */
export function computedFallback({
  clients = [],
  away,
}: Pick<Measurement, 'clients' | 'away'>): ComputedFallback | null {
  if (away === undefined) return null
  const all = clients.flatMap(({ library, options, introducedAs }) => {
    const { timeToFallback } = timeToFallbackOf(library, options)
    const settings = Object.entries(options).map(([name, value]) => `${name} ${value}`)
    const how = settings.length === 0 ? 'its defaults' : settings.join(', ')
    const client = introducedAs
      ? `${introducedAs} (as it introduced itself), if its options are the defaults`
      : `${library} with ${how}`
    return away.map((way): ComputedFallback => {
      const { worstMs, because } = timeToFallback[way]
      return { worstMs, because, client }
    })
  })
  return all.sort((left, right) => (right.worstMs ?? Infinity) - (left.worstMs ?? Infinity))[0] ?? null
}
