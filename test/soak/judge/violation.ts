/** Something that must not happen. */
export interface Violation {
  rule:
    | 'rejection'
    | 'wrong answer'
    | 'stale answer'
    | 'over the limit'
    | 'fail-open'
    | 'too slow'
    | 'pending'
    | 'not recovered'
    | 'growth'
    | 'died'
  what: string
  key: string | null
  atMs: number
}
