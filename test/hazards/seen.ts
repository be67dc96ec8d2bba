import type { Redis } from 'ioredis'

/** Whether it comes true in time; a naive subject that would take for ever is not waited for. */
export async function within(ms: number, condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = performance.now() + ms
  for (;;) {
    if (await settlesWithin(end - performance.now(), Promise.resolve(condition()), false)) return true
    if (performance.now() >= end) return false
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** The answer, or `otherwise` when there is none in time. */
export async function settlesWithin<T, O>(ms: number, answer: Promise<T>, otherwise: O): Promise<T | O> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<O>((resolve) => (timer = setTimeout(resolve, Math.max(0, ms), otherwise)))
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

/** `for 299 s`: how much longer Redis will hand the key out. */
export async function lifeLeft(raw: Redis, key: string): Promise<string> {
  const ms = await raw.pttl(key)
  return ms === -1 ? 'for ever' : `for ${Math.round(ms / 1000)} s`
}

export const milliseconds = (ms: number): string =>
  ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
