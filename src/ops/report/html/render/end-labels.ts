import type { Chart } from '../chart.js'
import { HEIGHT, isKnown, topsOf, type Axis } from './axis.js'
import { escape } from './escape.js'

const LINE = 15

/** The name of each curve where it ends, moved apart where they would lie over each other. */
export function endLabels(chart: Chart, axis: Axis, top: number): string {
  const ends = chart.curves.flatMap(({ name }, index) => {
    const y = endOf(chart, index, axis)
    return y === null ? [] : [{ name, y }]
  })
  const sorted = ends.toSorted((a, b) => a.y - b.y)
  const places = spread(sorted.map(({ y }) => y))
  return sorted
    .map(({ name, y }, index) => {
      const [from, to] = [Math.round(y + top), Math.round(places[index]! + top)]
      return `<path class="lead" d="M0,${from}L8,${to}"/><text x="11" y="${to + 4}">${escape(name)}</text>`
    })
    .join('')
}

function endOf(chart: Chart, index: number, axis: Axis): number | null {
  if (chart.kind === 'lines') {
    const last = chart.curves[index]!.values.findLast(isKnown)
    return last === undefined ? null : axis.y(last)
  }
  const tops = topsOf(chart)
  const above = tops[index]?.at(-1) ?? 0
  const below = tops[index - 1]?.at(-1) ?? 0
  // What is not there in the end has no place; the legend names it.
  return above === below ? null : (axis.y(above) + axis.y(below)) / 2
}

/** Never closer than a line of text, and never below the ground. */
function spread(heights: readonly number[]): number[] {
  const places: number[] = []
  for (const y of heights) places.push(Math.max(y, (places.at(-1) ?? -LINE) + LINE))
  for (let index = places.length - 1, most = HEIGHT; index >= 0; index -= 1) {
    places[index] = Math.min(places[index]!, most)
    most = places[index]! - LINE
  }
  return places
}
