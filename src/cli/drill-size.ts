import { UsageError } from '../ops/report/errors.js'
import { formatQuantity } from '../ops/report/format.js'

/** What a run keeps in memory grows with its operations; past this it would say more about us than about the subject. */
const MAX_OPERATIONS = 300_000

/** @throws UsageError `TOO_MANY_OPERATIONS` */
export function checkSize(plan: {
  ratePerSecond: number
  beforeMs: number
  duringMs: number
  afterMs: number
}): void {
  const operations = (plan.ratePerSecond * (plan.beforeMs + plan.duringMs + plan.afterMs)) / 1000
  if (operations <= MAX_OPERATIONS) return
  throw new UsageError(
    'TOO_MANY_OPERATIONS',
    `${plan.ratePerSecond} operations per second for that long are ${formatQuantity(operations, 'operation')} per drill; at most ${formatQuantity(MAX_OPERATIONS, 'operation')} are recorded.`,
    ['a lower --rate or a shorter --during'],
  )
}
