import type { Protocol } from '../../faults/doors/door.js'
import type { LimiterDeclaration } from '../limiting.js'

/** What the drill stores: the key tells a swapped answer, the version a stale one. */
export interface VersionedValue {
  key: string
  version: number
}

/** The cache as an application holds it. `get` answers null for a miss. */
export interface SubjectCache {
  get(key: string): Promise<unknown>
  set(key: string, value: VersionedValue): Promise<void>
  del(key: string): Promise<void>
  /**
   * Reads through the cache in one call, where it offers that; `loaded` when the answer came from the source, by this
   * call's own load or by one that it shared. Absent: `get`, the source, then `set`.
   */
  readThrough?(key: string, load: () => Promise<VersionedValue>): Promise<{ value: unknown; loaded: boolean }>
  /** The limiters that the subject brings, made by this call. Absent when it has none. */
  limiters?(): SubjectLimiter[]
  /** Ends connections; must not throw. */
  close(): Promise<void> | void
  /** What the cache says about its backend, `up` when all is well. Absent when the subject says nothing. */
  status?(): string
  /** What the factory under test returned, where the subject had to wrap it. */
  readonly wrapped?: object | null
}

/** A limiter as an application holds it. */
export interface SubjectLimiter extends LimiterDeclaration {
  /** `counted` is false when the limiter itself tells that its policy decided. */
  check(identifier: string): Promise<{ allowed: boolean; counted: boolean }>
}

/** Where the subject finds its backend; null as an application without the variables has it. */
export interface SubjectEnvironment {
  redisUrl: string | null
  /** As a subject that speaks REST finds it, which then has no `redisUrl`. */
  upstash?: { url: string; token: string } | null
}

/** A way of using Redis as a cache that is put to the test. Its client is loaded by `create`, not before. */
export interface Subject {
  /** Kebab-case; what `--subject` takes. */
  name: string
  summary: string
  /** What it speaks to its backend, which decides what can be taken away from it. */
  protocol: Protocol
  create(environment: SubjectEnvironment): Promise<SubjectCache>
}
