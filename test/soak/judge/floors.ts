/** A `del` that has returned. */
export interface Acknowledged {
  process: string
  key: string
  version: number
  atMs: number
}

interface Step {
  atMs: number
  /** From here on nobody may be told an older version. */
  version: number
  by: Acknowledged
}

/** What others may still be told after a `del` has returned and the way of its process has been sound: DESIGN C9. */
export const OTHERS_HEAR_WITHIN_MS = 1000
/** A value read before the change may still be stored when its load ends, and then lives for its TTL. */
const TTL_SLACK_MS = 3000
const KEEP_MS = 20_000

/**
 * The oldest version that a read may be answered with. It rises for a process when its own `del` returns, for everybody one
 * sound second later, and in any case when no stored value can live any more.
 */
export class Floors {
  readonly #steps = new Map<string, Step[]>()
  readonly #waiting = new Map<string, Acknowledged[]>()
  readonly #soundSince: (process: string) => number
  readonly #heardAt: (process: string) => number
  readonly #longestTtlMs: (key: string) => number
  /** Invalidations that were judged by the second, and those that only the TTL bounded. */
  settled = { withinASecond: 0, byTtl: 0 }

  /** @param heardAt when a process was last known to be awake: what is due later is not settled by the second */
  constructor(of: {
    soundSince: (process: string) => number
    heardAt: (process: string) => number
    longestTtlMs: (key: string) => number
  }) {
    this.#soundSince = of.soundSince
    this.#heardAt = of.heardAt
    this.#longestTtlMs = of.longestTtlMs
  }

  acknowledged(del: Acknowledged): void {
    this.#raise(`${del.process} ${del.key}`, { atMs: del.atMs, version: del.version, by: del })
    const waiting = this.#waiting.get(del.process)
    if (waiting) waiting.push(del)
    else this.#waiting.set(del.process, [del])
  }

  /** Everything that is due by now. To be called before the way of a process breaks, and now and then. */
  settle(nowMs: number, only?: string): void {
    for (const [process, waiting] of this.#waiting) {
      if (only !== undefined && process !== only) continue
      const since = this.#soundSince(process)
      const awakeMs = Math.min(nowMs, this.#heardAt(process))
      const left = waiting.filter((del) => !this.#settleOne(del, since, awakeMs, nowMs))
      if (left.length === 0) this.#waiting.delete(process)
      else this.#waiting.set(process, left)
    }
  }

  /** Oldest version that a read of this process, begun then, may be answered with; null when any will do. */
  floor(process: string, key: string, startMs: number): Step | null {
    const own = this.#at(`${process} ${key}`, startMs)
    const everybody = this.#at(key, startMs)
    if (!own || !everybody) return own ?? everybody
    return own.version > everybody.version ? own : everybody
  }

  #settleOne(del: Acknowledged, since: number, awakeMs: number, nowMs: number): boolean {
    const soon = Math.max(del.atMs, since) + OTHERS_HEAR_WITHIN_MS
    const late = del.atMs + this.#longestTtlMs(del.key) + TTL_SLACK_MS
    const isSoon = soon <= awakeMs && soon <= late
    if (!isSoon && late > nowMs) return false
    this.settled[isSoon ? 'withinASecond' : 'byTtl']++
    this.#raise(del.key, { atMs: isSoon ? soon : late, version: del.version, by: del })
    return true
  }

  #raise(id: string, step: Step): void {
    let steps = this.#steps.get(id)
    if (!steps) this.#steps.set(id, (steps = []))
    steps.push(step)
    if (steps.length < 50) return
    // Reads that began long ago have been judged; of the rest only the highest step matters.
    const old = steps.filter(({ atMs }) => atMs < step.atMs - KEEP_MS)
    const highest = old.sort((one, other) => other.version - one.version)[0]
    const recent = steps.filter(({ atMs }) => atMs >= step.atMs - KEEP_MS)
    this.#steps.set(id, highest ? [highest, ...recent] : recent)
  }

  #at(id: string, startMs: number): Step | null {
    let best: Step | null = null
    for (const step of this.#steps.get(id) ?? []) {
      if (step.atMs <= startMs && (best === null || step.version > best.version)) best = step
    }
    return best
  }
}
