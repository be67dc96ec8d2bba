import type { Chart, Curve } from '../chart.js'
import { valueText } from '../value.js'
import { isKnown } from './axis.js'
import { escape } from './escape.js'
import { plotOf } from './plot.js'

/** A chart with what it says in words, its curves by name, and all of its numbers. The script reads values off those. */
export function figureOf(chart: Chart): string {
  const { title, says, curves } = chart
  const shown = { ...chart, curves: chart.kind === 'stack' ? curves.filter(isSeen) : curves }
  return [
    `<figure class="chart"><figcaption><h4>${escape(title)}</h4><p>${escape(says)}</p></figcaption>`,
    `<ul class="keys">${keysOf(shown)}</ul>`,
    `<div class="plot" role="img" aria-label="${escape(`${title}. ${says}`)}">${plotOf(shown)}</div>`,
    `<details><summary>Numbers: ${escape(title)}</summary>${numbersOf(chart)}</details></figure>`,
  ].join('\n')
}

function isSeen({ values }: Curve): boolean {
  return values.some((value) => isKnown(value) && value > 0)
}

function keysOf({ kind, curves, limits, unanswered, fault }: Chart): string {
  const swatch = (inner: string) => `<svg width="22" height="12" aria-hidden="true">${inner}</svg>`
  const keys = curves.map(({ name, look }) => {
    const drawn =
      kind === 'stack'
        ? `<rect class="area ${look}" width="22" height="12"/>`
        : `<path class="line ${look}" d="M0,6H22"/>`
    return `${swatch(drawn)}${escape(name)}`
  })
  const others = [
    ...(limits.length > 0 ? [`${swatch('<line class="limit" x2="22" y1="6" y2="6"/>')}budget`] : []),
    ...(unanswered?.some((count) => count > 0)
      ? [`${swatch('<text class="lost" x="11" y="11">×</text>')}never answered`]
      : []),
    ...(fault ? [`${swatch('<rect class="fault" width="22" height="12"/>')}fault`] : []),
  ]
  return [...keys, ...others].map((key) => `<li>${key}</li>`).join('')
}

function numbersOf(chart: Chart): string {
  const { title, atMs, curves, unit, unanswered, fault } = chart
  const lost = unanswered?.some((count) => count > 0) ? unanswered : undefined
  const head = [...curves.map(({ name }) => name), ...(lost ? ['never answered'] : [])]
  const rows = atMs.map((at, step) => {
    const cells = [
      ...curves.map(({ values }) => valueText(values[step], unit)),
      ...(lost ? [valueText(lost[step], 'count')] : []),
    ]
    return `<tr><th scope=row>${timeText(at, fault)}${cells.map((cell) => `<td>${escape(cell)}`).join('')}`
  })
  const zero = fault ? 'the fault' : 'the start'
  return [
    `<div class="wide numbers" role="group" tabindex="0" aria-label="${escape(`Numbers: ${title}`)}">`,
    `<table><caption><span>${escape(title)}; seconds count from ${zero}</span></caption>`,
    `<thead><tr><th scope="col">second${head.map((name) => `<th scope="col">${escape(name)}`).join('')}`,
    `<tbody>${rows.join('\n')}</table></div>`,
  ].join('\n')
}

/** Seconds from the fault on, such as `-1.25`. */
function timeText(ms: number, fault: Chart['fault']): string {
  const seconds = (ms - (fault?.fromMs ?? 0)) / 1000
  return seconds.toFixed(2).replace('-', '−')
}
