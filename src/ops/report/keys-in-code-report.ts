import type { Place, Severity } from './audit-report.js'
import type { Report } from './report.js'

/** A place in the code that reads or writes keys of one pattern. */
export interface KeyPlace extends Place {
  /** As Redis names it, in lower case. */
  command: string
  access: 'read' | 'write' | 'delete' | 'expire'
}

/** What the code does with the keys of one spelling. */
export interface CodeKeys {
  /** With `*` for what is known only at run time: `app:user:*`. */
  pattern: string
  /** Declared families that such keys may be of; several where the unknown part decides. */
  families: string[]
  reads: number
  writes: number
  deletes: number
  /** TTLs that stand in the code, in seconds, each once. */
  ttlSeconds: number[]
  /** In the order of the code. */
  places: KeyPlace[]
  /** Whether such keys were seen in Redis; null without --live, and where that pass was not complete. */
  seen: boolean | null
}

/** A declared family, held against the code. */
export interface DeclaredKeys {
  family: string
  pattern: string
  /** `library`, or where the project declares it. */
  declaredIn: string
  ttlDeclaredSeconds: number | null
  /** TTLs that the code writes for it, in seconds. */
  ttlWrittenSeconds: number[]
  used: boolean
  live: LiveKeys | null
}

/** What was seen in Redis of one family. */
export interface LiveKeys {
  keys: number
  /** Estimated from a sample. */
  withoutTtl: number
  /** Half of the keys live for at most so long from now. */
  ttlSeconds: number | null
}

/** `cache audit --keys`. */
export interface KeysInCodeReport extends Report {
  command: 'audit'
  paths: string[]
  failOn: Severity | 'never'
  families: DeclaredKeys[]
  /** By pattern. */
  patterns: CodeKeys[]
  /** Places whose key is made where it cannot be read. */
  outOfSight: KeyPlace[]
  /** What Redis holds; null without --live. */
  live: {
    /** `host:port`. */
    server: string
    complete: boolean
    keys: number
    /** Families, and groups of keys of none, that Redis holds and no code in sight writes. */
    unwritten: { pattern: string; family: string | null; keys: number }[]
  } | null
  summary: { files: number; read: number; undeclared: number; unused: number; mismatched: number }
}
