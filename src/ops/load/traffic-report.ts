import { KEY_TRAFFIC, probeName, type ProbeSet } from '../config/probes/probe.js'
import { subjects } from '../experiment/subjects/index.js'
import type { LoadReport } from '../report/load-report.js'
import type { Traffic } from './generator/traffic.js'
import { isLimiterAlone } from './limiter-alone.js'
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

/**
 * What the traffic was, for people.
 *
 * @param phases what was seen of it: a module tells only by itself that it is a limiter alone
 */
export function trafficReport(
  {
    families,
    limiter,
    subject,
    module,
    app,
    running,
  }: Pick<LoadOptions, 'families' | 'limiter' | 'subject' | 'module' | 'app' | 'running'>,
  phases: LoadReport['phases'],
): NonNullable<LoadReport['traffic']> {
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
  if (isLimiterAlone(phases)) return { parts: [], limiterShare: 1 }
  if (!module && subjects.some(({ name, source }) => name === subject && source !== undefined)) {
    const keys = families[0]?.keys
    const parts = [{ name: 'its own records', weight: 1, ...(keys !== undefined && { keys }) }]
    return { parts, limiterShare: 0 }
  }
  return {
    parts: families.map(({ id, weight, keys }) => ({ name: id, weight, keys })),
    limiterShare: limiter?.share ?? 0,
  }
}
