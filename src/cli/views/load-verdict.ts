import type { LoadReport, SloResult } from '../../ops/report/load-report.js'
import { conclusionOf } from '../../ops/report/load-conclusion.js'
import { formatQuantity } from '../../ops/report/format.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'
import { paintOf, wordOf } from './load-words.js'

/** Every promise, and of the baseline what is worse than it was; of what was not sound only what is missed all the same. */
export function slosText(report: LoadReport, terminal: Terminal): string[] {
  // Why none was judged is said once, at the end.
  const slos = report.slos.filter(({ result }) => report.reason === undefined || result === 'fail')
  const asked = slos.filter(
    ({ from, result }) => from === undefined && !(terminal.quiet && result === 'pass'),
  )
  const before = slos.filter(({ from }) => from === 'baseline')
  const held = before.filter(({ result }) => result === 'pass').length
  const summary = `baseline: ${held} of ${formatQuantity(before.length, 'figure')} no worse than then`
  return [
    ...asked.map((slo) => sloText(slo, terminal)),
    ...before.filter(({ result }) => result !== 'pass').map((slo) => sloText(slo, terminal)),
    ...(held > 0 && !terminal.quiet ? [entry(wordOf('pass'), summary, terminal, terminal.style.good)] : []),
  ]
}

function sloText({ slo, result, evidence, from }: SloResult, terminal: Terminal): string {
  const what = result === 'not judged' ? `not judged: ${evidence}` : evidence
  const whose = from === 'baseline' ? `baseline: ${slo}` : slo
  return entry(wordOf(result), `${whose}: ${what}`, terminal, paintOf(result, terminal))
}

/** The last line: whether it is good, and what the fault costs, in plain words. */
export function verdictText(report: LoadReport, terminal: Terminal): string[] {
  const { word, text } = conclusionOf(report)
  const { style } = terminal
  const paint = { ok: style.good, FAIL: style.bad, skip: style.caution, stopped: style.caution }[word]
  return [entry(word, text, terminal, paint)]
}
