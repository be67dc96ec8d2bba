import { NOT_FOUND } from '../../../src/library/index.js'
import { monotonicMs } from '../../../src/ops/experiment/monotonic.js'
import { kindOf } from '../keys.js'
import type { SoakRecord } from '../messages.js'
import { isNothing, valueOf, versionOf, type Value } from '../value.js'
import type { Subjects } from './caches.js'
import type { Parent } from './parent.js'

export interface Operations {
  read(key: string): void
  /** Changes the source, then invalidates. */
  change(key: string): void
  check(limiter: string, id: string): void
  /** Those that have ended since the last call. */
  take(): SoakRecord[]
  pending(): number
  /** Age of the oldest that is under way, in ms. */
  oldestMs(): number
}

type Ended = SoakRecord extends infer R
  ? R extends SoakRecord
    ? Omit<R, 'startMs' | 'endMs' | 'error'>
    : never
  : never

export function createOperations(subjects: Subjects, parent: Parent, random: () => number): Operations {
  let ended: SoakRecord[] = []
  const underWay = new Set<{ startMs: number }>()

  /** Notes how a call ended; `failed` stands for its outcome when it rejects, which it must not. */
  const watch = <T>(call: Promise<T>, startMs: number, outcome: (answer: T) => Ended, failed: Ended) => {
    const entry = { startMs }
    underWay.add(entry)
    const end = (what: Ended, error?: string) => {
      underWay.delete(entry)
      ended.push({ ...what, startMs, endMs: monotonicMs(), ...(error === undefined ? {} : { error }) })
    }
    void call.then(
      (answer) => end(outcome(answer)),
      (error: unknown) => end(failed, String(error)),
    )
  }
  const anyTtl = (key: string) => {
    const { ttls } = kindOf(key)
    return ttls[Math.floor(random() * ttls.length)]
  }
  const found = (key: string, answer: Value | null) => (answer === null ? null : versionOf(key, answer))

  const readThrough = (key: string) => {
    let loaded = false
    const load = () =>
      new Promise<Value | typeof NOT_FOUND>((resolve) => {
        loaded = true
        parent.ask('load', key, (version) =>
          resolve(isNothing(key, version) ? NOT_FOUND : valueOf(key, version)),
        )
      })
    const ttlSeconds = anyTtl(key)
    const options = ttlSeconds === undefined ? {} : { ttlSeconds }
    const startMs = monotonicMs()
    const call = subjects.caches[kindOf(key).cache].getOrLoad(key, load, options)
    watch(call, startMs, (answer) => ({ op: 'read', key, found: found(key, answer), loaded }), {
      op: 'read',
      key,
      found: null,
      loaded,
    })
  }

  const readBare = (key: string) => {
    const cache = subjects.caches[kindOf(key).cache]
    const startMs = monotonicMs()
    const call = cache.get(key)
    const nothing = { op: 'read', key, found: null, loaded: false } as const
    watch(call, startMs, (answer) => ({ ...nothing, found: found(key, answer) }), nothing)
    void call.then(
      (answer) => {
        if (answer !== null) return
        parent.ask('load', key, (version) => {
          const set = { op: 'set', key, version } as const
          watch(cache.set(key, valueOf(key, version), anyTtl(key)), monotonicMs(), () => set, set)
        })
      },
      () => undefined,
    )
  }

  return {
    read: (key) => (kindOf(key).how === 'bare' ? readBare(key) : readThrough(key)),
    change(key) {
      parent.ask('commit', key, (version) => {
        const del = { op: 'del', key, version } as const
        watch(subjects.caches[kindOf(key).cache].del(key), monotonicMs(), () => del, del)
      })
    },
    check(limiter, id) {
      const none = { op: 'check', limiter, id, allowed: false, counted: false } as const
      const startMs = monotonicMs()
      watch(
        subjects.limiters.get(limiter)!.limit(id),
        startMs,
        ({ allowed, reason }) => ({ ...none, allowed, counted: reason !== 'unavailable' }),
        none,
      )
    },
    take() {
      const taken = ended
      ended = []
      return taken
    },
    pending: () => underWay.size,
    oldestMs() {
      const [oldest] = underWay
      return oldest ? monotonicMs() - oldest.startMs : 0
    },
  }
}
