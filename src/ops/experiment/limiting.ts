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

/** One check of a limiter, by the process that meets the fault; times as in a measurement. */
export interface CheckRecord {
  /** Name of the limiter. */
  limiter: string
  startMs: number
  /** Null while it was still pending when the drill ended. */
  endMs: number | null
  /** What reached the caller instead of an answer. */
  error: string | null
  /** Null without an answer. */
  allowed: boolean | null
  /** False when the limiter said that it had not counted, so that its policy decided. */
  counted: boolean
}

/** What the limiters of a subject were asked, always about the same identifier and more often than they allow. */
export interface Limiting {
  limiters: LimiterDeclaration[]
  /** In order of their start. */
  checks: CheckRecord[]
}
