/** A check that was allowed because Redis counted it: somewhere between its start and its end. */
export interface Allowed {
  startMs: number
  endMs: number
}

export interface Quota {
  limit: number
  windowMs: number
}

/** Longest that a check, and the message that tells of it, may be on its way. */
const COMPLETE_AFTER_MS = 3000

/** Never more than the limit within any window, as long as the counts were not lost in it. */
export class Limits {
  readonly #quotas: ReadonlyMap<string, Quota>
  readonly #allowed = new Map<string, Allowed[]>()
  #losses: number[] = []
  windows = 0

  constructor(quotas: ReadonlyMap<string, Quota>) {
    this.#quotas = quotas
  }

  allowed(limiter: string, id: string, check: Allowed): void {
    const name = `${limiter} ${id}`
    const known = this.#allowed.get(name)
    if (known) known.push(check)
    else this.#allowed.set(name, [check])
  }

  /** The server lost its data at some time in between. */
  lost(fromMs: number, toMs: number): void {
    this.#losses.push(fromMs, toMs)
  }

  /** The first window with more than its limit, in words. Windows that began more than 3 s ago are judged, once. */
  judge(nowMs: number): string | null {
    for (const [name, checks] of this.#allowed) {
      const quota = this.#quotas.get(name.split(' ')[0]!)
      if (!quota) continue
      const dueMs = nowMs - COMPLETE_AFTER_MS - quota.windowMs
      checks.sort((one, other) => one.startMs - other.startMs)
      const due = checks.filter(({ startMs }) => startMs < dueMs)
      for (const { startMs } of due) {
        this.windows++
        const endMs = startMs + quota.windowMs
        if (this.#losses.some((atMs) => atMs >= startMs - COMPLETE_AFTER_MS && atMs <= endMs)) continue
        const within = checks.filter((each) => each.startMs >= startMs && each.endMs <= endMs).length
        if (within > quota.limit)
          return `${name}: ${within} allowed and counted within ${quota.windowMs} ms, limit ${quota.limit}`
      }
      this.#allowed.set(name, checks.slice(due.length))
    }
    this.#losses = this.#losses.filter((atMs) => atMs > nowMs - 60_000)
    return null
  }
}
