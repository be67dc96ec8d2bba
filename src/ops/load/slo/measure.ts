import type { Window } from '../window.js'
import type { Metric } from './metric.js'
import { METRICS } from './metrics.js'
import type { Observed } from './observed.js'
import { isEnough } from './samples.js'
import type { MetricReference } from './slo.js'
import { grouped, type Value } from './value.js'

/**
 * What a metric was in a run, or why nobody can say.
 *
 * @param second looked at in place of the whole window
 */
export function measure(
  { phase, metric: name }: MetricReference,
  observed: Observed,
  second?: Window,
): Value {
  const metric = METRICS[name]
  const unknown = (reason: string): Value => ({ unknown: `${phase}.${name} ${reason}` })
  const unseen = metric.sees && observed.unseen[metric.sees]
  if (unseen !== undefined) return unknown(`cannot be seen: ${unseen}`)
  if (metric.kind === 'moment') {
    const before = observed.window('before')
    if (observed.moments === null || before === null) return unknown('is told of a run with a fault')
    const few = tooFew(metric, before)
    if (few !== null) return unknown(`${few} in before`)
    const value = metric.value(observed.moments)
    return Number.isNaN(value) ? unknown(`is not known: ${metric.absent}`) : { value }
  }
  const window = second ?? observed.window(phase)
  if (window === null) return unknown('is told of a run with a fault')
  const few = tooFew(metric, window)
  if (few !== null) return unknown(few)
  const value = metric.value(window)
  return value === null ? unknown('was not seen') : { value }
}

const NAMES: Record<Metric['of'], [one: string, many: string]> = {
  operations: ['operation', 'operations'],
  reads: ['answered read', 'answered reads'],
  checks: ['question to a limiter', 'questions to a limiter'],
}

function tooFew({ needs, of }: Metric, { sent, reads, checks }: Window): string | null {
  const there = { operations: sent, reads, checks }[of]
  if (isEnough(there, needs)) return null
  return `needs ${grouped(needs)} ${NAMES[of][needs === 1 ? 0 : 1]}, there were ${grouped(there)}`
}
