import type { ClauseId } from '../report/drill-report.js'
import type { Fault, FaultTraits } from './fault.js'
import type { Narrowing } from './narrowing.js'

/** One fault of several, in milliseconds since the first of them. */
export interface Step {
  fault: Fault
  atMs: number
  forMs: number
  /** What of all that it would touch it does touch. */
  narrowing?: Narrowing | undefined
}

/** Several faults, one after the other or, at different doors, at once. */
export interface Compound extends FaultTraits {
  /** The source of truth is away while the backend is. */
  takesBoth?: true
  /** In order of their beginning; the first begins at 0. */
  steps: readonly Step[]
}

/**
 * What steps are when they are taken together: it can break what one of them can, and gives a client the longest time that
 * one of them gives.
 *
 * @param unordered at least one; with at most one kind of need
 */
export function compoundOf(name: string, summary: string, unordered: readonly Step[]): Compound {
  const steps = unordered.toSorted((left, right) => left.atMs - right.atMs)
  const faults = steps.map(({ fault }) => fault)
  const breaks = unique(faults.flatMap((fault) => fault.breaks))
  const longest = (of: (fault: Fault) => number | undefined) =>
    Math.max(0, ...faults.map((fault) => of(fault) ?? 0))
  const looksAgainWithinMs = longest((fault) => fault.looksAgainWithinMs)
  const sourceWaitMs = longest((fault) => fault.sourceWaitMs)
  const needs = faults.find((fault) => fault.needs !== undefined)?.needs
  const spares = Object.assign({}, ...faults.map((fault) => fault.spares ?? {})) as Record<ClauseId, string>
  return {
    name,
    summary,
    protocols: unique(faults.flatMap(({ protocols }) => protocols)),
    breaks,
    spares: Object.fromEntries(Object.entries(spares).filter(([id]) => !breaks.includes(id as ClauseId))),
    ...(needs && { needs }),
    ...(faults.some(({ losesData }) => losesData) && { losesData: true as const }),
    ...(faults.some(({ takesSource }) => takesSource) && { takesSource: true as const }),
    ...(steps.some((step) => meets(step, steps)) && { takesBoth: true as const }),
    ...(looksAgainWithinMs > 0 && { looksAgainWithinMs }),
    ...(sourceWaitMs > 0 && { sourceWaitMs }),
    steps,
  }
}

/** Whether a failure of the source happens during one of the backend. */
function meets({ fault, atMs, forMs }: Step, steps: readonly Step[]): boolean {
  if (!fault.takesSource) return false
  return steps.some(
    (other) => !other.fault.takesSource && other.atMs < atMs + forMs && atMs < other.atMs + other.forMs,
  )
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)]
}
