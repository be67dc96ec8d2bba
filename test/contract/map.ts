import type { CacheBackend } from '../../src/library/index.js'

/** A foreign backend in twenty lines: no Redis, no scripts, nothing to close. */
export function mapBackend(entries = new Map<string, { text: string; endsAt: number }>()): CacheBackend {
  return {
    get(key) {
      const entry = entries.get(key)
      return Promise.resolve(entry && performance.now() < entry.endsAt ? entry.text : null)
    },
    set(key, text, ttlSeconds = Infinity) {
      entries.set(key, { text, endsAt: performance.now() + ttlSeconds * 1000 })
      return Promise.resolve()
    },
    del(key) {
      entries.delete(key)
      return Promise.resolve()
    },
  }
}
