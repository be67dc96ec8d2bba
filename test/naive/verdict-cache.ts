import { tryCatchCache } from './try-catch-cache.js'

/** A login check whose every failure is a verdict, and is remembered like one. */
export function verdictCache(url: string) {
  const cache = tryCatchCache(url)
  async function isValid(user: string, ask: () => Promise<boolean | null>): Promise<boolean> {
    const verdict = async () => ({ isValid: (await ask().catch(() => false)) === true })
    return ((await cache.getOrLoad(`auth:${user}`, verdict)) as { isValid: boolean }).isValid
  }
  return { isValid, close: cache.close }
}
