import type { Protocol } from '../../faults/doors/door.js'
import type { LimiterAlone, LimiterDeclaration } from '../limiting.js'
import type { ClientInUse } from '../measurement.js'
import type { Viewer } from '../records.js'
import type { ModuleReference } from './module/module-reference.js'

/** What the drill stores: the key tells a swapped answer, the version a stale one. */
export interface VersionedValue {
  key: string
  version: number
}

/** What one read through the cache gave. */
export interface ReadAnswer {
  value: unknown
  /** The answer came from the source, by this call's own load or by one that it shared. */
  loaded: boolean
  /** On whose behalf it was asked; absent where the subject does not tell. */
  viewer?: Viewer
  /** This viewer was told that there is nothing for him. */
  denied?: boolean
  /** He got what is not shared with him. */
  forbidden?: boolean
}

/** The cache as an application holds it. `get` answers null for a miss. */
export interface SubjectCache {
  get(key: string): Promise<unknown>
  /** @param ttlSeconds @default what the subject gives by itself; not every subject takes it */
  set(key: string, value: VersionedValue, ttlSeconds?: number): Promise<void>
  del(key: string): Promise<void>
  /** Reads through the cache in one call, where it offers that. Absent: `get`, the source, then `set`. */
  readThrough?(key: string, load: () => Promise<VersionedValue>, ttlSeconds?: number): Promise<ReadAnswer>
  /**
   * Of a subject with a source of truth of its own: changes what the key stands for, there and in the cache, in place of a
   * commit and `set` or `del`. Answers the stamp that the source has given the change.
   */
  change?(key: string): Promise<number>
  /** Whether an error tells by its type that the source of truth could not do what was asked. Absent: none does. */
  isClear?(error: unknown): boolean
  /** In place of every operation, where there is nothing to read or write: one question to a limiter. */
  ask?(key: string): Promise<void>
  /**
   * Called once, with nothing wrong and before any traffic: what never works is told here, not counted as harm. Rejects with
   * UsageError when it does not.
   */
  rehearse?(key?: string): Promise<void>
  /** Whether `set` takes a time to live that the drill does not know, so that it gives none. */
  readonly ttlLeftOut?: boolean
  /** Present when the subject is a limiter and no cache. */
  readonly limiterAlone?: LimiterAlone
  /** The limiters that the subject brings, made by this call. Absent when it has none. */
  limiters?(): SubjectLimiter[]
  /** Ends connections; must not throw. */
  close(): Promise<void> | void
  /** What the cache says about its backend, `up` when all is well. Absent when the subject says nothing. */
  status?(): string
  /** What the factory under test returned, where the subject had to wrap it. */
  readonly wrapped?: object | null
  /** The methods of that on which callers rely. Absent: those of a cache. */
  readonly relied?: readonly string[]
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
  /** As a subject whose source of truth it is finds it. */
  supabase?: { url: string; serviceRoleKey: string }
  /** On a server that others use, too: what the keys of this run begin with. Not for subjects, whose host sees to it. */
  keyPrefix?: string
}

/** A way of using Redis as a cache that is put to the test. Its client is loaded by `create`, not before. */
export interface Subject {
  /** Kebab-case; what `--subject` takes. */
  name: string
  summary: string
  /** What it speaks to its backend, which decides what can be taken away from it. */
  protocol: Protocol
  /** What it has for a source of truth, which can be taken away too. Absent: the drill's own, which never fails. */
  source?: 'supabase'
  /** The client that it uses, and what it has set. Absent: nobody knows. */
  client?: ClientInUse
  /** Longest time to live that it gives its keys, in ms. Absent: it does not say. */
  longestTtlMs?: number
  /** Where it is, if it is not of ours: only a host's process may call `create` then, as that runs somebody's code. */
  module?: ModuleReference
  create(environment: SubjectEnvironment): Promise<SubjectCache>
}
