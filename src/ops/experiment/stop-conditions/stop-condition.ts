/** What a stop condition can be about; docs/drills/stop-conditions.md says how each is measured. */
export const METRICS = ['5xx', 'errors', 'p50', 'p90', 'p95', 'p99', 'pending', 'rss'] as const
export type Metric = (typeof METRICS)[number]

/** Of `5xx` and `errors` a share of the last second or a number in all; the others have one unit each. */
export type Unit = '%' | 'count' | 'ms' | 'bytes'

/** What nobody should have to bear for the sake of a drill, such as `5xx > 2% for 3s`. */
export interface StopCondition {
  /** As it was written. */
  text: string
  metric: Metric
  /** Met by the limit itself, too. */
  orEqual: boolean
  limit: number
  unit: Unit
  /** How long it must hold; 0: one look is enough. */
  forMs: number
}
