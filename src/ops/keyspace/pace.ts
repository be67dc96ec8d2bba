import { setTimeout as sleep } from 'node:timers/promises'

/** How hard a pass leans on a server that others use as well. */
export interface Pace {
  /** Keys asked for in one SCAN; what one command holds the server up for. */
  readonly count: number
  /** Whether the next page is asked for while this one is looked at. */
  readonly ahead: boolean
  /** Runs one round trip's work, then rests if the pace says so. Cut short by the signal. */
  run<T>(work: () => Promise<T>): Promise<T>
}

/** COUNT 1000: twice as fast as COUNT 10 000 is gentle, and as fast (peers study, one million keys). */
const FULL = { count: 1000, rest: 0 }
/** A tenth of the step, and three times as long at rest as at work. */
const GENTLE = { count: 100, rest: 3 }

/** Keys that one SCAN asks for. */
export const SCAN_COUNT = { full: FULL.count, gentle: GENTLE.count }

interface PaceOptions {
  gentle: boolean
  signal?: AbortSignal | undefined
  /** How many keys are wanted in all, so that one page does not bring many more. */
  limit?: number | null
}

export function createPace(options: PaceOptions): Pace {
  const { count: step, rest } = options.gentle ? GENTLE : FULL
  const count = Math.min(step, options.limit ?? step)
  return {
    count,
    ahead: rest === 0,
    async run(work) {
      const begun = performance.now()
      const result = await work()
      if (rest > 0 && !options.signal?.aborted) {
        const ms = Math.min(250, Math.max(1, (performance.now() - begun) * rest))
        await sleep(ms, undefined, { signal: options.signal }).catch(() => {})
      }
      return result
    },
  }
}
