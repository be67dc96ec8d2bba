import type { Chart, Curve } from '../chart.js'
import { isKnown } from '../render/axis.js'
import { inPhases, worst, type Steps } from './steps.js'

/**
 * The same curves of two runs over each other, a chart for each: A is solid and B dashed, both counted from the fault. Of either
 * run nothing but numbers is taken.
 */
export function overlaid(a: readonly Chart[], b: readonly Chart[]): Chart[] {
  return a.flatMap((left) => {
    const right = b.find(({ title, unit }) => title === left.title && unit === left.unit)
    if (!right) return []
    return left.curves.flatMap((curve) => {
      const other = right.curves.find(({ name }) => name === curve.name)
      return other && (isSeen(curve) || isSeen(other)) ? [overlay(left, right, curve, other)] : []
    })
  })
}

function isSeen({ values }: Curve): boolean {
  return values.some((value) => isKnown(value) && value > 0)
}

function overlay(left: Chart, right: Chart, curve: Curve, other: Curve): Chart {
  const steps = sharedSteps(left, right)
  const values = [valuesIn(steps, left, curve), valuesIn(steps, right, other)] as const
  const [a, b] = values.map((each) => inPhases(each, steps, worst, left.unit))
  return {
    ...steps,
    title: left.curves.length === 1 ? left.title : `${left.title}: ${curve.name}`,
    says: `At most: A ${a}; B ${b}.${durationText(left, right)}`,
    unit: left.unit,
    kind: 'lines',
    curves: [
      { name: 'A', values: values[0], look: 'a' },
      { name: 'B', values: values[1], look: 'b' },
    ],
    limits: left.limits,
  }
}

const faultAt = ({ fault }: Steps) => fault?.fromMs ?? 0
const lengthOf = ({ atMs, endMs }: Steps) => (atMs[1] ?? endMs) - (atMs[0] ?? 0)

/** From the earlier beginning to the later end, the fault at nought, in the longer step of the two. */
function sharedSteps(a: Chart, b: Chart): Steps {
  const stepMs = Math.max(lengthOf(a), lengthOf(b), 1)
  const from = Math.min(...[a, b].map((each) => (each.atMs[0] ?? 0) - faultAt(each)))
  const to = Math.max(...[a, b].map((each) => each.endMs - faultAt(each)))
  const count = Math.max(1, Math.ceil((to - from) / stepMs))
  const { fault } = a
  return {
    atMs: Array.from({ length: count }, (_, step) => from + step * stepMs),
    endMs: to,
    ...(fault && { fault: { fromMs: 0, toMs: fault.toMs - fault.fromMs, name: 'fault' } }),
  }
}

/** The value that held in the middle of each step; null before and after the run. */
function valuesIn({ atMs, endMs }: Steps, chart: Chart, { values }: Curve): (number | null)[] {
  return atMs.map((at, step) => {
    const middle = (at + (atMs[step + 1] ?? endMs)) / 2 + faultAt(chart)
    if (middle >= chart.endMs) return null
    return values[chart.atMs.findLastIndex((begin) => begin <= middle)] ?? null
  })
}

function durationText(a: Chart, b: Chart): string {
  const [left, right] = [a, b].map(({ fault }) => (fault ? fault.toMs - fault.fromMs : 0))
  return Math.abs(left! - right!) > lengthOf(a)
    ? ' The shade is the fault of A; that of B had another length.'
    : ''
}
