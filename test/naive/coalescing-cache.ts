import { tryCatchCache } from './try-catch-cache.js'

/** Single-flight as it is usually added: a map of the promises that are under way. */
export function coalescingCache(url: string) {
  const cache = tryCatchCache(url)
  const flights = new Map<string, Promise<unknown>>()
  function getOrLoad(key: string, load: () => Promise<unknown>): Promise<unknown> {
    const flight = flights.get(key) ?? cache.getOrLoad(key, load).finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }
  return { ...cache, getOrLoad }
}
