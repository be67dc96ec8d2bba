import { quantile } from '../quantile.js'
import type { Sight } from '../lookout.js'

/** How far back shares and percentiles look. */
export const WINDOW_MS = 1000
/** One of two answers is half of them, and no reason to end anything. */
const MIN_ANSWERS = 5

interface Answer {
  atMs: number
  waitMs: number
  isError: boolean
  is5xx: boolean
}

/** What came back: of the last second each answer, of all before only how many failed. */
export class Recent {
  #answers: Answer[] = []
  /** Since the traffic began. */
  errors = 0
  fivexx = 0

  add(settled: Sight['settled'], nowMs: number): void {
    for (const { dueMs, endMs, error, status } of settled) {
      if (endMs === null) continue
      const is5xx = status !== undefined && status >= 500
      this.#answers.push({ atMs: endMs, waitMs: endMs - dueMs, isError: error !== null, is5xx })
      if (error !== null) this.errors++
      if (is5xx) this.fivexx++
    }
    this.#answers = this.#answers.filter(({ atMs }) => atMs > nowMs - WINDOW_MS)
  }

  get answers(): number {
    return this.#answers.length
  }

  /** In percent; null where too little came back. */
  share(of: 'isError' | 'is5xx'): number | null {
    if (this.#answers.length < MIN_ANSWERS) return null
    return (100 * this.#answers.filter((answer) => answer[of]).length) / this.#answers.length
  }

  /** Of the time from when an answer was due; null where too little came back. */
  waitMs(rank: number): number | null {
    if (this.#answers.length < MIN_ANSWERS) return null
    return quantile(
      this.#answers.map(({ waitMs }) => waitMs).sort((a, b) => a - b),
      rank,
    )
  }
}
