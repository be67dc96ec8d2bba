import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import type { Chart, Curve } from '../chart.js'
import { valueText } from '../value.js'
import { axisOf, HEIGHT, isKnown, topsOf, type Axis } from './axis.js'
import { endLabels } from './end-labels.js'
import { escape } from './escape.js'

/** Room for what is written above and below. */
const TOP = 24
const BOTTOM = 24
/** Units across, however wide it is shown. */
const WIDTH = 1000

/**
 * The curves as three pictures side by side: the axis, what is drawn, and the names at the ends. Heights are in pixels and
 * widths in shares, so that it fits any screen and paper without a script, and its text stays as large as other text.
 */
export function plotOf(chart: Chart): string {
  const axis = axisOf(chart)
  const height = TOP + HEIGHT + BOTTOM
  return [
    `<svg class="ya" width="58" height="${height}">${axis.ticks.map((tick) => tickLabel(tick, chart, axis)).join('')}</svg>`,
    `<svg class="in" height="${height}">${insideOf(chart, axis)}</svg>`,
    `<svg class="ends" width="92" height="${height}">${endLabels(chart, axis, TOP)}</svg>`,
  ].join('')
}

function tickLabel(tick: number, chart: Chart, axis: Axis): string {
  return `<text x="52" y="${round(axis.y(tick) + TOP + 4)}">${escape(valueText(tick, chart.unit))}</text>`
}

function insideOf(chart: Chart, axis: Axis): string {
  const share = shareOf(chart)
  const bottom = TOP + HEIGHT
  return [
    ...faultOf(chart, share),
    ...axis.ticks.map((tick) => across('grid', axis.y(tick))),
    `<svg y="${TOP}" width="100%" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">${
      chart.kind === 'stack' ? areasOf(chart, axis) : linesOf(chart, axis)
    }</svg>`,
    ...chart.limits.map(({ name, value }) => {
      const y = axis.y(value)
      return `${across('limit', y)}<text class="limit" x="4" y="${round(y + TOP - 4)}">${escape(`${name} ${valueText(value, chart.unit)}`)}</text>`
    }),
    ...unansweredOf(chart, share),
    across('base', HEIGHT),
    ...secondsOf(chart).map(
      ({ at, text }) => `<text class="x" x="${share(at)}%" y="${bottom + 17}">${text}</text>`,
    ),
  ].join('')
}

function across(kind: string, y: number): string {
  const at = round(y + TOP)
  return `<line class="${kind}" x2="100%" y1="${at}" y2="${at}"/>`
}

/** Where a time is, in percent of the width. */
function shareOf({ atMs, endMs }: Chart): (ms: number) => number {
  const scale = scaleLinear([atMs[0] ?? 0, Math.max(endMs, (atMs[0] ?? 0) + 1)], [0, 100])
  return (ms) => round(scale(ms))
}

function faultOf({ fault }: Chart, share: (ms: number) => number): string[] {
  if (!fault) return []
  const [from, to] = [share(fault.fromMs), share(fault.toMs)]
  const label = (at: number, text: string) =>
    `<text class="mark${at > 80 ? ' left' : ''}" x="${at}%" dx="${at > 80 ? -4 : 4}" y="14">${escape(text)}</text>`
  const edge = (at: number) => `<line class="edge" x1="${at}%" x2="${at}%" y1="4" y2="${TOP + HEIGHT}"/>`
  return [
    `<rect class="fault" x="${from}%" y="${TOP}" width="${round(to - from)}%" height="${HEIGHT}"/>`,
    `<rect class="bar" x="${from}%" y="${TOP - 5}" width="${round(to - from)}%" height="5"/>`,
    edge(from),
    edge(to),
    label(from, fault.name),
    label(to, 'healed'),
  ]
}

/** Counted from the fault, as everything else is that a report tells. */
function secondsOf({ atMs, endMs, fault }: Chart): { at: number; text: string }[] {
  const zero = fault?.fromMs ?? 0
  const scale = scaleLinear([((atMs[0] ?? 0) - zero) / 1000, (endMs - zero) / 1000], [0, 1])
  const text = scale.tickFormat(5)
  return scale
    .ticks(5)
    .filter((seconds) => scale(seconds) > 0.01 && scale(seconds) < 0.98)
    .map((seconds) => ({ at: seconds * 1000 + zero, text: `${text(seconds)} s` }))
}

function middles({ atMs, endMs }: Chart): number[] {
  const scale = scaleLinear([atMs[0] ?? 0, Math.max(endMs, 1)], [0, WIDTH])
  return atMs.map((at, index) => scale((at + (atMs[index + 1] ?? endMs)) / 2))
}

function linesOf(chart: Chart, axis: Axis): string {
  const x = middles(chart)
  const draw = line<number | null>()
    .defined(isKnown)
    .x((_, index) => x[index]!)
    .y((value) => axis.y(value!))
    .digits(1)
  return chart.curves
    .map(
      ({ values, look }) =>
        `<path class="line ${look}" d="${draw(values) ?? ''}"/>${dotsOf(values, look, x, axis)}`,
    )
    .join('')
}

/** A value between two gaps has no line that shows it. */
function dotsOf(values: Curve['values'], look: string, x: readonly number[], axis: Axis): string {
  return values
    .flatMap((value, index) => {
      const isAlone = !isKnown(values[index - 1]) && !isKnown(values[index + 1])
      if (!isKnown(value) || !isAlone) return []
      const y = round(axis.y(value))
      return [`<path class="line ${look}" d="M${round(x[index]! - 4)},${y}h8"/>`]
    })
    .join('')
}

/** The uppermost first: each hides what of those before it lies below its own edge. */
function areasOf(chart: Chart, axis: Axis): string {
  const scale = scaleLinear([chart.atMs[0] ?? 0, Math.max(chart.endMs, 1)], [0, WIDTH])
  return topsOf(chart)
    .map((tops, index) => {
      const edge = tops.map((top, step) => {
        const end = chart.atMs[step + 1] ?? chart.endMs
        const y = round(axis.y(top))
        return `${step > 0 && y === round(axis.y(tops[step - 1]!)) ? '' : `V${y}`}H${round(scale(end))}`
      })
      const d = `M0,${HEIGHT}${edge.join('')}V${HEIGHT}Z`
      const look = chart.curves[index]!.look
      return `<path class="area ${look}" d="${d}"/>`
    })
    .toReversed()
    .join('')
}

function unansweredOf({ unanswered = [], atMs, endMs }: Chart, share: (ms: number) => number): string[] {
  return unanswered.flatMap((count, index) => {
    if (count === 0) return []
    const middle = (atMs[index]! + (atMs[index + 1] ?? endMs)) / 2
    return [`<text class="lost" x="${share(middle)}%" y="${TOP + 12}">×</text>`]
  })
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
