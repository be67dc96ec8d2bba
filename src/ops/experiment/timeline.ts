import type { Step } from '../faults/compound.js'
import type { Witness } from '../report/drill-report.js'
import type { Disturbance } from './disturbs.js'

interface TimedDisturbance extends Pick<Step, 'atMs' | 'forMs'> {
  fault: Pick<Step['fault'], 'name'>
  disturbance: Disturbance
}

/**
 * Disturbances that come and go by the clock, from the moment when the whole begins. Steps that follow one another at the
 * same instant change places in order: what ends does so before the next begins.
 *
 * It is witnessed when each of them is. A step that cannot be begun or ended makes `end` reject, once everything is lifted.
 */
export function timelineOf(steps: readonly TimedDisturbance[]): Disturbance {
  const timers = new Set<NodeJS.Timeout>()
  let last: Promise<void> = Promise.resolve()
  let over = false
  const failures: Error[] = []

  const inTurn = (change: () => Promise<void>): Promise<void> => {
    last = last.then(change).catch((error: unknown) => void failures.push(error as Error))
    return last
  }
  const at = (delayMs: number, change: () => Promise<void>) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      void inTurn(async () => {
        if (!over) await change()
      })
    }, delayMs)
    timers.add(timer)
  }

  return {
    begin: async () => {
      const lastMs = Math.max(...steps.map(({ atMs, forMs }) => atMs + forMs))
      // Timers of one instant fire in the order in which they were set.
      for (const { atMs, forMs, disturbance } of steps) {
        if (atMs + forMs < lastMs) at(atMs + forMs, () => disturbance.end())
      }
      for (const { atMs, disturbance } of steps) if (atMs > 0) at(atMs, () => disturbance.begin())
      for (const { atMs, disturbance } of steps) if (atMs === 0) await disturbance.begin()
    },
    end: async () => {
      over = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      for (const { disturbance } of steps) void inTurn(() => disturbance.end())
      await last
      const [failure] = failures.splice(0)
      if (failure !== undefined) throw failure
    },
    witness: () => {
      const seen = steps.map(({ fault, disturbance }) => ({ name: fault.name, ...disturbance.witness() }))
      const counts: Witness['counts'] = {}
      for (const { name, counts: own } of seen)
        for (const [what, count] of Object.entries(own)) counts[`${name}.${what}`] = count
      return {
        witnessed: seen.every(({ witnessed }) => witnessed),
        evidence: seen.map(({ name, evidence }) => `${name}: ${evidence}`).join('; '),
        counts,
      }
    },
    // One that is not narrowed is met when it begins.
    ...(steps.every(({ disturbance }) => disturbance.metFirstMs) && {
      metFirstMs: () => {
        const met = steps.flatMap(({ disturbance }) => disturbance.metFirstMs?.() ?? [])
        return met.length > 0 ? Math.min(...met) : undefined
      },
    }),
  }
}
