/** The same data with every number to three decimals: nobody measures a drill in nanoseconds. */
export function rounded<T>(data: T): T {
  return round(data) as T
}

function round(data: unknown): unknown {
  if (typeof data === 'number') return Math.round(data * 1000) / 1000
  if (Array.isArray(data)) return data.map(round)
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, round(value)]))
}
