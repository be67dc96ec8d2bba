import { setTimeout as sleep } from 'node:timers/promises'
import type { ScoutLoad, Source } from './source.js'

export interface AmbushParts {
  source: Source
  nowMs(): number
  /** Processes that live. */
  processes(): string[]
  tell(process: string, type: 'change' | 'read', keys: string[]): void
  random(): number
}

const KEYS = 24
const CHANGES_ARRIVE_MS = 60
const READ_AFTER_MS = [30, 1050, 2500]

/**
 * Makes the most of a fault: keys that a victim was loading or storing when it began are changed just before it or during it,
 * then left alone until it is over, and read by everybody. What is late, lost or forgotten shows then.
 */
export class Ambush {
  readonly #parts: AmbushParts
  readonly #victims: readonly string[]
  #changed: string[] = []

  constructor(parts: AmbushParts, victims: readonly string[]) {
    this.#parts = parts
    this.#victims = victims
  }

  /** The victims' loads have read the source, and their answers are still to come. */
  async before(): Promise<void> {
    const { source } = this.#parts
    const loading = source
      .recentScouts()
      .filter((each) => !each.answered && this.#victims.includes(each.process))
    const keys = loading.slice(-KEYS).map(({ key }) => key)
    this.#change(keys, false)
    if (keys.length > 0) await sleep(CHANGES_ARRIVE_MS)
  }

  /** What the victims stored as the fault began may be under way, and what they still load may outlast the fault. */
  during(sinceMs: number): void {
    const fresh = this.#parts.source
      .recentScouts()
      .filter(({ key, process }) => this.#victims.includes(process) && !this.#changed.includes(key))
    const keysOf = (loads: ScoutLoad[]) => loads.slice(-KEYS).map(({ key }) => key)
    const stored = fresh.filter(({ answered, readMs }) => answered && readMs > sinceMs - 100)
    this.#change(keysOf(stored.filter((_, index) => index % 4 !== 0)), false)
    this.#change(keysOf(stored.filter((_, index) => index % 4 === 0)), true)
    this.#change(keysOf(fresh.filter(({ answered }) => !answered)), false)
  }

  async after(): Promise<void> {
    let waited = 0
    for (const ms of READ_AFTER_MS) {
      await sleep(ms - waited)
      waited = ms
      for (const process of this.#parts.processes()) this.#parts.tell(process, 'read', this.#changed)
    }
  }

  /** By a victim itself, whose invalidation then cannot arrive, or by another process. */
  #change(keys: string[], byVictim: boolean): void {
    if (keys.length === 0) return
    const { processes, random, tell } = this.#parts
    const all = processes()
    const fitting = all.filter((name) => this.#victims.includes(name) === byVictim)
    const choice = fitting.length > 0 ? fitting : all
    const by = choice[Math.floor(random() * choice.length)]
    if (by === undefined) return
    tell(by, 'change', keys)
    this.#changed.push(...keys)
  }
}
