import type { Protocol } from '../../../faults/doors/door.js'
import type { DeclaredLimit } from '../../limiting.js'

/** Where somebody's own factory is, or what it made. Plain data, as it crosses processes. */
export interface ModuleReference {
  /** As it was typed, for people. */
  name: string
  /** Absolute path of what Node imports. */
  file: string
  /** Null: the default export, or the only one that fits. */
  exportName: string | null
  protocol: Exclude<Protocol, 'postgrest'>
  /** What it is declared to allow, if it is a limiter, as far as that was said. */
  declared?: Partial<DeclaredLimit>
  /** Third argument of every `set`, as it is. Absent: `set` is called without. */
  ttl?: unknown
}
