import { OUTCOME } from './generator/outcome.js'
import { createHistogram, type Histogram } from './histogram.js'

/** What a part of the traffic is: an endpoint of an app, or of a subject a family of keys, or a limiter. */
export type PartKind = 'endpoint' | 'family' | 'limiter'

/** What callers saw of one part of the traffic in a stretch of time. All counts can be added up. */
export interface Part {
  kind: PartKind
  name: string
  sent: number
  ok: number
  errors: number
  /** Turned away by a limiter, or with 429. */
  denied: number
  pending: number
  /** Of everything that was answered, from when it was due. */
  latency: Histogram
}

/** In the order in which they were first asked. */
export type Parts = Map<string, Part>

/** Of which part an operation is; null where nobody says. */
export type PartOf = (outcome: number) => Pick<Part, 'kind' | 'name'> | null

/** @param endMs NaN: it was never answered */
export function countPart(
  parts: Parts,
  part: Pick<Part, 'kind' | 'name'>,
  { outcome, dueMs, endMs }: { outcome: number; dueMs: number; endMs: number },
): void {
  const own = partIn(parts, part)
  own.sent += 1
  if (Number.isNaN(endMs)) {
    own.pending += 1
    return
  }
  own.latency.record(endMs - dueMs)
  if (outcome & OUTCOME.error) own.errors += 1
  else if (outcome & OUTCOME.denied) own.denied += 1
  else own.ok += 1
}

/** As if everything in the other ones had been counted here as well. Exact. */
export function addParts(parts: Parts, others: Iterable<Part>): void {
  for (const other of others) {
    const own = partIn(parts, other)
    for (const each of ['sent', 'ok', 'errors', 'denied', 'pending'] as const) own[each] += other[each]
    own.latency.add(other.latency)
  }
}

function partIn(parts: Parts, { kind, name }: Pick<Part, 'kind' | 'name'>): Part {
  const key = `${kind} ${name}`
  let part = parts.get(key)
  if (!part) {
    part = { kind, name, sent: 0, ok: 0, errors: 0, denied: 0, pending: 0, latency: createHistogram() }
    parts.set(key, part)
  }
  return part
}
