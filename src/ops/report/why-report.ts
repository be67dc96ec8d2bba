import type { AcceptedFinding, AuditFinding, Place } from './audit-report.js'
import type { Report } from './report.js'

/** What a thing can be to the rules; `null` is the nothing that stands in where Redis is not there. */
export type Believed =
  'client' | 'cache' | 'limiter' | 'store' | 'queue' | 'memory' | 'pass-through' | 'factory' | 'null'

/** What the audit believes a name on the line to be. */
export interface Belief extends Place {
  /** As it is written. */
  text: string
  /** Several where it may be one or the other; empty where it is nothing to the rules. */
  is: Believed[]
  /** What the belief rests on, or what it was taken for instead. */
  because: string
  /** False where the code that decides is out of sight: a type or an import that leads nowhere. */
  isResolved: boolean
  /** Null where it is not declared in code that was read. */
  declared: Place | null
}

/** A call that asks a client, a cache or a limiter, and so may fail or never answer. */
export interface OperationThere extends Place {
  /** Without its arguments: `redis.get`. */
  call: string
  on: 'client' | 'cache' | 'limiter'
  /** The function that does it, where the call is not the client's own. */
  through: Place | null
  /** Why the rules for caches do not hold for it, such as `a lock`; null where they do. */
  exempt: string | null
}

/** A place on the line that a rule looked at and has nothing against, or cannot judge. */
export interface SiteThere extends Place {
  rule: string
  site: 'conforms' | 'unprovable'
  what: string
}

/** `cache audit --why FILE:LINE`. */
export interface WhyReport extends Report {
  command: 'audit'
  file: string
  line: number
  /** The lines around it, the first of them numbered `from`. */
  frame: { from: number; lines: string[] }
  /** Why an audit does not read the file, or leaves it out; null where it does read it. */
  leftOut: string | null
  /** Who the code of the line is; null where the file was not read. */
  role: { role: 'implementation' | 'factory' | 'exempt' | 'application'; because: string } | null
  /** In the order of the line. */
  things: Belief[]
  operations: OperationThere[]
  /** Findings whose code the line is part of. */
  findings: AuditFinding[]
  accepted: AcceptedFinding[]
  sites: SiteThere[]
  /** Comments on the line, or above it, that accept nothing, and syntax errors there. */
  problems: (Place & { message: string })[]
  /** Rules that were applied and said nothing. */
  silent: string[]
  /** Rules that the project file switches off, here or everywhere. */
  off: string[]
}
