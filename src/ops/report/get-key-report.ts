import type { TargetReport } from './keys-report.js'
import type { Report } from './report.js'

export interface GetKeyReport extends Report {
  command: 'keys get'
  target: TargetReport
  /** Masked. */
  key: string
  exists: boolean
  family: string | null
  /** Masked. */
  parameters: Record<string, string>
  type: string | null
  ttl: { remainingMs: number | null; declaredSeconds: number | null } | null
  /** MEMORY USAGE; null where the server would not say. */
  memoryBytes: number | null
  /** Bytes of a string, items of anything else. */
  length: number | null
  value: ValueReport | null
  /** What is wrong with it, or worth knowing. */
  notes: string[]
}

export interface ValueReport {
  kind:
    'json' | 'text' | 'binary' | 'tombstone' | 'not-found' | 'broken' | 'reserved' | 'limiter' | 'collection'
  /** What it is without what is in it. */
  summary: string
  /** Only when asked for. */
  text?: string
  /** `text` is the beginning only. */
  truncated?: true
}
