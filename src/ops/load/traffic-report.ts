import { KEY_TRAFFIC, probeName, type ProbeSet } from '../config/probes/probe.js'
import type { LoadReport } from '../report/load-report.js'
import type { Traffic } from './generator/traffic.js'
import type { LoadOptions } from './options.js'

/** What a worker is given: nothing else of the options may cross to it. */
export function trafficOf({
  seed,
  ratePerSecond,
  arrivals,
  beforeMs,
  families,
  limiter,
  source,
}: Traffic): Traffic {
  return { seed, ratePerSecond, arrivals, beforeMs, families, limiter, source }
}

/** What the traffic was, for people. */
export function trafficReport({
  families,
  limiter,
  app,
  running,
}: Pick<LoadOptions, 'families' | 'limiter' | 'app' | 'running'>): NonNullable<LoadReport['traffic']> {
  const declared: (Partial<ProbeSet> & Pick<ProbeSet, 'probes'>) | undefined = app
    ? { probes: app.probes, ...app.declared }
    : running?.declared
  if (declared) {
    const probes = declared.probes.map((probe) => ({ name: probeName(probe), weight: probe.weight ?? 1 }))
    const { weight, count } = declared.keys ?? KEY_TRAFFIC
    const keys = declared.read ? [{ name: probeName(declared.read), weight, keys: count }] : []
    const { limit } = declared
    const checks = limit ? [{ name: probeName(limit), weight: limit.weight ?? 1 }] : []
    const parts = [...probes, ...keys, ...checks]
    const sum = parts.reduce((total, part) => total + part.weight, 0)
    return { parts, limiterShare: limit ? (limit.weight ?? 1) / sum : 0 }
  }
  return {
    parts: families.map(({ id, weight, keys }) => ({ name: id, weight, keys })),
    limiterShare: limiter?.share ?? 0,
  }
}
