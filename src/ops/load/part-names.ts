import { probeName, type ProbeSet } from '../config/probes/probe.js'
import { askedIn, partIn } from './generator/outcome.js'
import type { PartOf } from './parts.js'

/** The endpoints of an app, as its probes name them: `GET /health`. */
export function endpointOf({ probes, read, write, limit }: Partial<ProbeSet>): PartOf {
  const named = (probe: Parameters<typeof probeName>[0] | undefined) =>
    probe ? { kind: 'endpoint' as const, name: probeName(probe) } : null
  const requests = (probes ?? []).map(named)
  const others = { read: named(read), put: named(write), invalidate: null, check: named(limit) }
  return (outcome) => {
    const asked = askedIn(outcome)
    return asked === 'request' ? (requests[partIn(outcome)] ?? null) : others[asked]
  }
}

/**
 * Families of keys, and limiters.
 *
 * @param limiters as the worker tells of them, once it does
 */
export function familyOf(
  families: readonly { id: string }[],
  limiters: () => readonly { name: string }[],
): PartOf {
  return (outcome) => {
    const part = partIn(outcome)
    if (askedIn(outcome) !== 'check') return named('family', families[part]?.id)
    return named('limiter', limiters()[part]?.name)
  }
}

function named(kind: 'family' | 'limiter', name: string | undefined): ReturnType<PartOf> {
  return name === undefined ? null : { kind, name }
}
