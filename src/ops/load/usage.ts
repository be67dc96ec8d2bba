import type { LoadVitals } from './generator/messages.js'
import type { Stages } from './stages.js'

/**
 * Adds what processes used between two looks to the stages in which that was, each its share of the time. What was used before
 * the first look is nobody's.
 */
export function createUsage(stages: Stages): { look(vitals: LoadVitals): void } {
  let last: LoadVitals | undefined
  return {
    look: (vitals) => {
      const { atMs, rssBytes } = vitals
      const stage = stages.at(atMs)
      if (stage) stage.rssMaxBytes = Math.max(stage.rssMaxBytes ?? 0, rssBytes)
      const before = last
      last = vitals
      if (!before || before.atMs >= atMs) return
      const cpuMs = Math.max(0, vitals.cpuMs - before.cpuMs)
      const printedBytes = Math.max(0, vitals.printedBytes - before.printedBytes)
      stages.share(before.atMs, atMs, (window, share) => {
        window.cpuMs = (window.cpuMs ?? 0) + cpuMs * share
        window.printedBytes = (window.printedBytes ?? 0) + printedBytes * share
      })
    },
  }
}
