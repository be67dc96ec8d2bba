import { tryCatchCache } from './try-catch-cache.js'

/** The third: a race against a timer. */
export function deadlineCache(url: string, ms = 100) {
  const cache = tryCatchCache(url)
  const tooLate = () => new Promise<null>((resolve) => setTimeout(resolve, ms, null))
  return { ...cache, get: (key: string) => Promise.race([cache.get(key), tooLate()]) }
}
