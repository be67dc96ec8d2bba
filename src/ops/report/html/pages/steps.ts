import { max, median, sum } from 'd3-array'
import type { Chart } from '../chart.js'
import { valueText } from '../value.js'

type Values = readonly (number | null)[]

/** The steps of a chart: when each begins, which lie before, in and after the fault, and how long each is. */
export interface Steps {
  atMs: number[]
  endMs: number
  fault?: NonNullable<Chart['fault']>
}

export interface Phased<T> {
  before: T
  during: T
  after: T
}

/** Which steps are of which phase, by their middle; without a fault all are `before`. */
export function phasesOf({ atMs, endMs, fault }: Steps): Phased<number[]> {
  const middle = (step: number) => (atMs[step]! + (atMs[step + 1] ?? endMs)) / 2
  const steps = atMs.map((_, step) => step)
  if (!fault) return { before: steps, during: [], after: [] }
  return {
    before: steps.filter((step) => middle(step) < fault.fromMs),
    during: steps.filter((step) => middle(step) >= fault.fromMs && middle(step) < fault.toMs),
    after: steps.filter((step) => middle(step) >= fault.toMs),
  }
}

/** How long each step is, in milliseconds. */
export function lengthsOf({ atMs, endMs }: Steps): number[] {
  return atMs.map((fromMs, step) => (atMs[step + 1] ?? endMs) - fromMs)
}

/** Each count over the time in which it was counted, step by step; 0 where that is none. */
export function perSecond(counts: readonly number[], lengthsMs: readonly number[]): number[] {
  return counts.map((count, step) => {
    const lastedMs = lengthsMs[step] ?? 0
    return lastedMs > 0 ? (count * 1000) / lastedMs : 0
  })
}

/** Such as `3.1 ms before, 105 ms in the fault, 2.9 ms after`; phases that nobody measured are left out. */
export function inPhases(
  values: Values,
  steps: Steps,
  fold: (values: readonly (number | null)[]) => number | null,
  unit: Chart['unit'],
): string {
  const { before, during, after } = phasesOf(steps)
  const of = (which: readonly number[]) => fold(which.map((step) => values[step] ?? null))
  if (!steps.fault) return valueText(of(before), unit)
  const told = [
    [of(before), 'before'],
    [of(during), 'in the fault'],
    [of(after), 'after it'],
  ] as const
  return told
    .flatMap(([value, when]) => (value === null ? [] : [`${valueText(value, unit)} ${when}`]))
    .join(', ')
}

export const typical = (values: Values) => median(values, (value) => value ?? Number.NaN) ?? null
export const worst = (values: Values) => max(values, (value) => value ?? Number.NaN) ?? null
export const total = (values: Values) => sum(values, (value) => value ?? 0)
