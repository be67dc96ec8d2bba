import type { CheckRecord } from '../report/drill-history.js'

export type { CheckRecord }

/** What a limiter is to do. */
export interface DeclaredLimit {
  /** Requests within any `windowMs`. */
  limit: number
  windowMs: number
  /** What becomes of requests while the backend cannot say. */
  onUnavailable: 'allow' | 'deny'
}

/** What a limiter's author declared of it. */
export interface LimiterDeclaration extends DeclaredLimit {
  name: string
}

/** Of a subject that caches nothing. */
export interface LimiterAlone {
  /** What is missing to ask it more often than it allows, in one sentence; null when nothing is. */
  undeclared: string | null
}

/** What the limiters of a subject were asked, mostly about one who asks more often than they allow. */
export interface Limiting {
  limiters: LimiterDeclaration[]
  /** In order of their start. */
  checks: CheckRecord[]
}
