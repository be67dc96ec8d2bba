import { max, min, ticks } from 'd3-array'
import { scaleLinear, scaleLog } from 'd3-scale'
import { stack } from 'd3-shape'
import type { Chart, Curve } from '../chart.js'

/** Height of what is drawn, in pixels; the width is the reader's. */
export const HEIGHT = 170

/** Beyond this a linear scale shows the largest values and hides the rest. */
const DECADES = 2

export interface Axis {
  y(value: number): number
  ticks: number[]
  isLog: boolean
}

/** From nought, or by powers of ten where times are more than two of them apart. */
export function axisOf(chart: Chart): Axis {
  const values = [...chart.curves.flatMap(known), ...chart.limits.map(({ value }) => value)]
  const positive = values.filter((value) => value > 0)
  const most = chart.kind === 'stack' ? (max(topsOf(chart).at(-1) ?? []) ?? 0) : (max(values) ?? 0)
  const least = min(positive) ?? 1
  if (chart.unit === 'time' && most > least * 10 ** DECADES) {
    const floor = 10 ** Math.floor(Math.log10(least))
    const scale = scaleLog([floor, most * 1.4], [HEIGHT, 0]).clamp(true)
    const powers = scale.ticks().filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e9) / 1e9))
    return { y: (value) => scale(Math.max(value, floor)), ticks: powers, isLog: true }
  }
  // A curve of nothing but noughts lies on the ground, and not in the middle.
  const scale = scaleLinear([0, most === 0 ? 1 : most * 1.08], [HEIGHT, 0])
  return { y: scale, ticks: roundTicks(scale.domain()[1]!, chart.unit), isLog: false }
}

const MIB = 1024 * 1024

/** Round in the unit in which they are written: 50 MiB, and not 47.7. */
function roundTicks(most: number, unit: Chart['unit']): number[] {
  const factor = unit === 'bytes' ? (most > MIB ? MIB : 1024) : 1
  return ticks(0, most / factor, 4).map((tick) => tick * factor)
}

/** Of each curve of a stack, the height of its upper edge in each step. */
export function topsOf({ curves, atMs }: Pick<Chart, 'curves' | 'atMs'>): number[][] {
  const layers = stack<unknown, number, number>()
    .keys(curves.map((_, index) => index))
    .value((_, curve, step) => valueAt(curves[curve]!, step))(atMs)
  return layers.map((layer) => layer.map(([, top]) => top))
}

function valueAt(curve: Curve, step: number): number {
  const value = curve.values[step]
  return isKnown(value) ? value : 0
}

export function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value)
}

function known({ values }: Curve): number[] {
  return values.filter(isKnown)
}
