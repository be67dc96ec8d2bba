import type { LoadReport, LoadRepeat } from '../../ops/report/load-report.js'
import { formatCount, formatDuration } from '../../ops/report/format.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'
import { paintOf, wordOf } from './load-words.js'

/** A line for each of several runs. */
export function repeatText({ repeat }: LoadReport, terminal: Terminal): string[] {
  if (!repeat) return []
  const { runs, times, quorum } = repeat
  const head = `an SLO holds when it does in ${quorum} of ${times}; phases above are of all sound runs together, the rest is of the first sound one`
  return [
    entry('runs', head, terminal),
    ...runs.map((run, index) =>
      entry(wordOf(run.verdict), `run ${index + 1}: ${runOf(run)}`, terminal, paintOf(run.verdict, terminal)),
    ),
  ]
}

function runOf({ phases, slos, reason }: LoadRepeat): string {
  if (reason !== undefined) return reason
  const during = phases.find(({ name }) => name === 'during')
  const saw =
    during && during.sent > 0
      ? [
          `during p50 ${formatDuration(during.p50Ms)}, p99 ${formatDuration(during.p99Ms)}, errors ${formatCount(during.errors)}`,
        ]
      : []
  const missed = slos.filter(({ result }) => result === 'fail').map(({ slo }) => slo)
  return [...saw, ...(missed.length > 0 ? [`missed ${missed.join(', ')}`] : [])].join('; ')
}
