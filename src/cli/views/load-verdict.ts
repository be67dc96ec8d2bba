import type { LoadReport, SloResult } from '../../ops/report/load-report.js'
import { conclusionOf } from '../../ops/report/load-conclusion.js'
import { formatQuantity } from '../format.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'
import { paintOf, wordOf } from './load-words.js'

/** Every promise, and of the baseline what is worse than it was; none when the run itself was not sound. */
export function slosText({ slos, reason }: LoadReport, terminal: Terminal): string[] {
  // Why none was judged is said once, at the end.
  if (reason !== undefined) return []
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

function sloText({ slo, result, evidence, from, runs }: SloResult, terminal: Terminal): string {
  const what = result === 'not judged' ? `not judged: ${evidence}` : evidence
  const whose = from === 'baseline' ? `baseline: ${slo}` : slo
  const all = runs ? runs.pass + runs.fail + runs.notJudged : 0
  const held = runs ? ` (held in ${runs.pass} of ${formatQuantity(all, 'run')})` : ''
  return entry(wordOf(result), `${whose}: ${what}${held}`, terminal, paintOf(result, terminal))
}

/** The last line: whether it is good, and what the fault costs, in plain words. */
export function verdictText(report: LoadReport, terminal: Terminal): string[] {
  const { word, text } = conclusionOf(report)
  const { style } = terminal
  const paint = { ok: style.good, FAIL: style.bad, skip: style.caution, stopped: style.caution }[word]
  return [entry(word, text, terminal, paint)]
}
