import { randomBytes } from 'node:crypto'
import type { Probe, ProbeSet } from '../config/probes/probe.js'
import { fill, type Values } from '../experiment/app/fill.js'
import type { AppPlan } from '../experiment/app/plan.js'
import type { LimiterDeclaration } from '../experiment/limiting.js'
import type { Surface } from './generator/messages.js'

/** What keys begin with, of this run alone: an app may keep what an earlier one has left. */
export function newKeyPrefix(): string {
  return `cache-load-${randomBytes(4).toString('hex')}-`
}

/** Of its keys the first: the others are warmed by the worker. */
export function firstKey(keyPrefix: string): Pick<AppPlan, 'workload' | 'revoked'> {
  return { workload: [`${keyPrefix}0`], revoked: [] }
}

/** What a worker asks of an app; what the set-up has captured is filled in. */
export function httpSurface(
  { origin }: URL,
  { probes, read, write, limit, keys }: ProbeSet,
  { keyPrefix, values }: { keyPrefix: string; values: Values },
): Surface {
  return {
    type: 'http',
    origin,
    endpoints: probes.map((probe) => ({ probe: fill(probe, values), weight: probe.weight ?? 1 })),
    declared: {
      ...(read && { read: fill(read, values) }),
      ...(write && { write: fill<Probe>(write, values) }),
      ...(limit && { limit: fill(limit, values) }),
      ...(keys && { keys }),
    },
    keyPrefix,
  }
}

export function limitersOf({ limit }: Pick<ProbeSet, 'limit'>): LimiterDeclaration[] {
  if (!limit) return []
  const { name, limit: most, windowMs, onUnavailable } = limit
  return [{ name, limit: most, windowMs, onUnavailable }]
}
