import { seededRandom } from '../../src/ops/experiment/random.js'
import { isScout, kindOf } from './keys.js'

/** A load of a scout's key: the version has been read, and the answer may still be on its way. */
export interface ScoutLoad {
  key: string
  process: string
  readMs: number
  answered: boolean
}

const KEEP_SCOUTS_MS = 3000
/** Longest that an answer is on its way; a cache may store a load of up to tombstoneMs - 1 s. */
export const LONGEST_LOAD_MS = 2000

/** The system of record: versions only grow, nothing fails, answers may take long after the version was read. */
export class Source {
  readonly #versions = new Map<string, number>()
  readonly #random: () => number
  readonly #nowMs: () => number
  #scouts: ScoutLoad[] = []
  loads = 0
  commits = 0

  constructor(seed: number, nowMs: () => number) {
    this.#random = seededRandom(seed)
    this.#nowMs = nowMs
  }

  latest(key: string): number {
    return this.#versions.get(key) ?? 1
  }

  load(key: string, process: string, answer: (version: number) => void): void {
    this.loads++
    const scout = isScout(key) ? { key, process, readMs: 0, answered: false } : null
    setTimeout(() => {
      const version = this.latest(key)
      // With bare get and set, answers arrive in the order of the commits: the process adds no race of its own.
      if (kindOf(key).how === 'bare') return answer(version)
      if (scout) {
        scout.readMs = this.#nowMs()
        this.#scouts.push(scout)
      }
      setTimeout(
        () => {
          if (scout) scout.answered = true
          answer(version)
        },
        this.#answerTakesMs(scout !== null),
      )
    }, this.#random() * 5)
  }

  commit(key: string, answer: (version: number) => void): void {
    this.commits++
    setTimeout(
      () => {
        const version = this.latest(key) + 1
        this.#versions.set(key, version)
        answer(version)
      },
      1 + this.#random() * 2,
    )
  }

  /** Scouts' loads whose version was read in the last 3 s. */
  recentScouts(): ScoutLoad[] {
    const from = this.#nowMs() - KEEP_SCOUTS_MS
    this.#scouts = this.#scouts.filter(({ readMs }) => readMs >= from)
    return this.#scouts
  }

  #answerTakesMs(isScout: boolean): number {
    const isSlow = this.#random() < (isScout ? 0.3 : 0.03)
    return this.#random() * (isSlow ? LONGEST_LOAD_MS : 20)
  }
}
