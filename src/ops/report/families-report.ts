import type { Report } from './report.js'

/** A kind of key that the commands about keys know by name. */
export interface ListedFamily {
  family: string
  pattern: string
  /** For SCAN MATCH; lets through every key of the family, and some of others. */
  scanPattern: string
  /** Null: each key decides. */
  ttlSeconds: number | null
  /** Null: that differs. */
  type: string | null
  evictable: boolean
  staleOk: boolean
  authorisation: boolean
  /** `library`, or the path of the project file. */
  declaredIn: string
}

export interface FamiliesReport extends Report {
  command: 'keys families'
  /** The project file that was read; null when there is none. */
  file: string | null
  families: ListedFamily[]
}
