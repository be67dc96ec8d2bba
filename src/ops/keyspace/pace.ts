import { setTimeout as sleep } from 'node:timers/promises'

/** How hard a pass leans on a server that others use as well. */
export interface Pace {
  /** Keys asked for in one SCAN; what one command holds the server up for. */
  readonly count: number
  /** Keys measured in one pipeline. */
  readonly measured: number
  /** Whether the next page is asked for while this one is looked at. */
  readonly ahead: boolean
  /** Runs one round trip's work, then rests if the pace says so. Cut short by the signal. */
  run<T>(work: () => Promise<T>): Promise<T>
}

interface Steps {
  count: number
  measured: number
  ahead: boolean
  /** How much longer than each step the rest after it is. */
  rest: number
  leastRestMs: number
}

const STEPS = {
  /** COUNT 1000: twice as fast as COUNT 10 000 is gentle, and as fast (peers study, one million keys). */
  counting: { count: 1000, measured: 250, ahead: true, rest: 0, leastRestMs: 0 },
  /** One thing at a time: a server that always has the next question waiting serves nobody else as fast. */
  measuring: { count: 500, measured: 200, ahead: false, rest: 0, leastRestMs: 0 },
  /** A quarter of a tenth of the step, and at work for an eleventh of the time at most: others must not notice. */
  gentle: { count: 25, measured: 25, ahead: false, rest: 10, leastRestMs: 3 },
  /** A look at some keys that takes no long time whatever it does. */
  brief: { count: 100, measured: 100, ahead: false, rest: 3, leastRestMs: 1 },
} satisfies Record<string, Steps>

/** Keys that one SCAN asks for. */
export const SCAN_COUNT = { full: STEPS.counting.count, gentle: STEPS.gentle.count }

const MOST_REST_MS = 250

interface PaceOptions {
  gentle: boolean
  /** What is done, where nobody asked for gentleness. @default 'counting' */
  steps?: 'counting' | 'measuring' | 'brief'
  signal?: AbortSignal | undefined
  /** How many keys are wanted in all, so that one page does not bring many more. */
  limit?: number | null
}

export function createPace({ gentle, steps = 'counting', signal, limit }: PaceOptions): Pace {
  const { count, measured, ahead, rest, leastRestMs } = STEPS[gentle ? 'gentle' : steps]
  return {
    count: Math.min(count, limit ?? count),
    measured,
    ahead,
    async run(work) {
      const begun = performance.now()
      const result = await work()
      if (rest > 0 && !signal?.aborted) {
        const ms = Math.min(MOST_REST_MS, Math.max(leastRestMs, (performance.now() - begun) * rest))
        await sleep(ms, undefined, { signal }).catch(() => {})
      }
      return result
    },
  }
}
