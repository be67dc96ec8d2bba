import type { Lookout, Sight } from '../lookout.js'
import { duration } from '../in-words.js'
import { Recent } from './recent.js'
import type { StopCondition } from './stop-condition.js'

/** Ends a drill at the first of these conditions that is met. Of one drill: it remembers. */
export function createLookout(conditions: readonly StopCondition[]): Lookout {
  const recent = new Recent()
  const heldSince = new Map<StopCondition, number>()
  return {
    look: (sight, nowMs) => {
      recent.add(sight.settled, nowMs)
      for (const condition of conditions) {
        const value = measured(condition, recent, sight)
        if (!isMet(condition, value)) {
          heldSince.delete(condition)
          continue
        }
        const since = heldSince.get(condition) ?? nowMs
        heldSince.set(condition, since)
        if (nowMs - since >= condition.forMs) return inWords(condition, value)
      }
      return null
    },
  }
}

function isMet({ limit, orEqual }: StopCondition, value: number | null): value is number {
  return value !== null && (orEqual ? value >= limit : value > limit)
}

function measured({ metric, unit }: StopCondition, recent: Recent, { vitals }: Sight): number | null {
  switch (metric) {
    case 'errors':
      return unit === '%' ? recent.share('isError') : recent.errors
    case '5xx':
      return unit === '%' ? recent.share('is5xx') : recent.fivexx
    case 'pending':
      return vitals?.inFlight ?? null
    case 'rss':
      return vitals?.rssBytes ?? null
    default:
      return recent.waitMs(Number(metric.slice(1)) / 100)
  }
}

function inWords({ text, unit }: StopCondition, value: number): string {
  const shown =
    unit === 'ms'
      ? duration(value)
      : unit === 'bytes'
        ? `${(value / 1e6).toFixed(1)} MB`
        : unit === '%'
          ? `${value.toFixed(1)} %`
          : String(value)
  return `the stop condition ${text} was met: ${shown}`
}
