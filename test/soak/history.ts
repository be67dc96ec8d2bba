interface Entry {
  atMs: number
  text: string
}

const KEPT_PER_KEY = 400
const KEPT_FAULTS = 200
const SHOWN = 150

/** What happened to each key, and which faults there were, for the day on which something is wrong. */
export class History {
  readonly #keys = new Map<string, Entry[]>()
  readonly #faults: Entry[] = []

  note(key: string, atMs: number, text: string): void {
    let entries = this.#keys.get(key)
    if (!entries) this.#keys.set(key, (entries = []))
    entries.push({ atMs, text })
    if (entries.length > 2 * KEPT_PER_KEY) entries.splice(0, KEPT_PER_KEY)
  }

  fault(atMs: number, text: string): void {
    this.#faults.push({ atMs, text })
    if (this.#faults.length > 2 * KEPT_FAULTS) this.#faults.splice(0, KEPT_FAULTS)
  }

  /** The last 150 in the order of time, each with seconds since `originMs`. */
  of(key: string | null, sinceMs: number, untilMs: number, originMs: number): string[] {
    const entries = [...this.#faults, ...(key === null ? [] : (this.#keys.get(key) ?? []))]
    return entries
      .filter(({ atMs }) => atMs >= sinceMs && atMs <= untilMs)
      .sort((one, other) => one.atMs - other.atMs)
      .slice(-SHOWN)
      .map(({ atMs, text }) => `${((atMs - originMs) / 1000).toFixed(3).padStart(9)} s  ${text}`)
  }
}
