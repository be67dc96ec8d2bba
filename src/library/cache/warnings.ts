import { emit } from '../kernel/events.js'

/** More kinds than these are a stream of generated ones, which nobody reads. */
const MAX_KINDS = 20
const MAX_CACHES = 1000
const saidOf = new Map<string, Set<string>>()

/** Says what is wrong with the keys and values that a cache is given: each thing once per process and cache name. */
export class Warnings {
  readonly #cache: string

  constructor(cache: string) {
    this.#cache = cache
  }

  /** @param message the reason and the way out; never a key, never a value */
  once(message: string): void {
    let said = saidOf.get(this.#cache)
    if (!said) {
      if (saidOf.size >= MAX_CACHES) return
      saidOf.set(this.#cache, (said = new Set()))
    }
    if (said.has(message) || said.size >= MAX_KINDS) return
    said.add(message)
    emit({ type: 'warning', subject: this.#cache, message })
  }
}
