import { formatCount, formatDuration, formatFactor } from './format.js'
import type { LoadReport } from './load-report.js'

/** In words, of the outage and of what came after it. */
export function momentsOf({ moments, phases, interrupted }: LoadReport): [outage: string[], heal: string[]] {
  if (!moments) return [[], []]
  const { firstSlowMs, slowMs, fallbackMs, detectedMs, sign, recoveredMs, herdFactor, waitedSeconds } =
    moments
  const hitsSeen = phases.some(({ fallbackRatio }) => fallbackRatio !== null)
  const over = slowMs === null ? '' : ` (slow: over ${formatDuration(slowMs)})`
  // Of an app that runs already nobody reads what it logs.
  const signsSeen = phases.some(({ printedBytes }) => printedBytes !== null)
  const healed = (phases.find(({ name }) => name === 'after')?.durationMs ?? 0) > 0
  const checks = phases.reduce((sum, each) => sum + each.checks, 0)
  const overAdmitted = phases.reduce((sum, each) => sum + each.overAdmitted, 0)
  const outage = [
    firstSlowMs === null ? `nothing was slow${over}` : `first slow ${after(firstSlowMs)}${over}`,
    ...(fallbackMs === null ? (hitsSeen ? ['no fallback'] : []) : [`first fallback ${after(fallbackMs)}`]),
    ...(detectedMs !== null
      ? [`first sign ${after(detectedMs)}${sign === null ? '' : ` (${sign})`}`]
      : signsSeen
        ? ['no sign of it for an operator']
        : []),
    ...(waitedSeconds === null ? [] : [`users waited ${formatDuration(waitedSeconds * 1000)} more in all`]),
  ]
  const heal = [
    recoveredMs === null
      ? interrupted
        ? 'how long recovery takes is not known'
        : 'not recovered when the run ended'
      : `recovered ${formatDuration(recoveredMs)} after it`,
    ...(herdFactor === null
      ? []
      : [`database at ${formatFactor(herdFactor)} of before in its worst second (herd)`]),
    ...(checks === 0
      ? []
      : [
          `limiters let ${overAdmitted === 0 ? 'nobody' : formatCount(overAdmitted)} through above their limit`,
        ]),
  ]
  return [outage, healed ? heal : []]
}

function after(ms: number): string {
  return `+${formatDuration(ms)}`
}
