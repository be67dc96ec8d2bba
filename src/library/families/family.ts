import { parsePattern, type KeyPattern } from './pattern.js'

/** What may stand under a key, as Redis names it. */
export type KeyType = 'string' | 'list' | 'set' | 'zset' | 'hash' | 'stream'

/** A declared kind of key: how its keys are spelt, how long they live, and what may happen to them. */
export interface Family {
  /** Short name, as the CLI takes it, such as `auth.validation`. */
  readonly id: string
  /** Builds and recognises its keys. */
  readonly pattern: KeyPattern
  /** Lifetime in seconds; null where each key's window decides. */
  readonly ttlSeconds: number | null
  /** What stands under its keys; null where that differs. */
  readonly type: KeyType | null
  /** What is kept under such keys, in a few words; may be empty. */
  readonly summary: string
  /** Whether the server may evict them: it costs a miss and nothing else. */
  readonly evictable: boolean
  /** Whether readers may get what the source no longer says, for up to the TTL, as after an invalidation that was lost. */
  readonly staleOk: boolean
  /** Whether what somebody may do is decided by them. */
  readonly authorisation: boolean
}

/** A family as it is written down. */
export interface FamilyDeclaration {
  /** Short name, such as `session`. */
  readonly id: string
  /** Words and `{parameters}` between colons, such as `app:session:{userId}`. */
  readonly pattern: string
  /** Lifetime in seconds; null where each key decides. */
  readonly ttlSeconds: number | null
  /** @default 'string'; null where that differs */
  readonly type?: KeyType | null
  /** @default '' */
  readonly summary?: string
  /** @default true */
  readonly evictable?: boolean
  /** @default false */
  readonly staleOk?: boolean
  /** @default false */
  readonly authorisation?: boolean
}

/**
 * A family of the application's own. Its keys are built as the library builds its own: no value can reach into another
 * segment or widen a pattern.
 *
 * @throws RangeError for what is no pattern, saying why
 */
export function declareFamily(declaration: FamilyDeclaration): Family {
  const { id, ttlSeconds, type = 'string', summary = '' } = declaration
  const { evictable = true, staleOk = false, authorisation = false } = declaration
  const pattern = parsePattern(declaration.pattern)
  return { id, pattern, ttlSeconds, type, summary, evictable, staleOk, authorisation }
}
