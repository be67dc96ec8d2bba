import { metAtMs, signsOfTheFault } from '../../experiment/signs.js'
import type { Clause } from './clause.js'
import { answersFor, duration, quantity } from './wording.js'

const answers = answersFor('C10', 'the outage is visible')

/** Transparent to callers, not to operators: a log line, a status or a metric says so in time. */
export const visible: Clause = {
  id: 'C10',
  title: 'the outage is visible',
  judge(measurement, budgets) {
    const { healAtMs } = measurement
    const faultAtMs = metAtMs(measurement)
    const signs = signsOfTheFault(measurement)
    const first = signs[0]
    const detectMs = first === undefined ? null : first.atMs - faultAtMs
    const numbers = { detectMs }
    if (first !== undefined && detectMs !== null && detectMs <= budgets.detectMs) {
      const kinds = new Set(signs.map(({ kind }) => kind))
      kinds.delete(first.kind)
      const also = kinds.size > 0 ? `; also by ${[...kinds].join(' and ')}` : ''
      return answers.pass(`${first.kind} after ${duration(detectMs)}: ${first.text}${also}`, numbers)
    }
    if (healAtMs - faultAtMs < budgets.detectMs) {
      return answers.notJudged(
        `nothing showed in a fault of ${duration(healAtMs - faultAtMs)}, but ${duration(budgets.detectMs)} are allowed; a longer --during tells`,
        numbers,
      )
    }
    const printed = measurement.signals.filter(
      ({ kind, atMs }) => kind === 'log' && atMs >= faultAtMs && atMs < healAtMs,
    ).length
    const when =
      detectMs === null
        ? 'No log line, no status and no metric'
        : `The first sign, a ${first?.kind}, came only ${duration(detectMs)} into the outage: nothing before it`
    return answers.fail(
      {
        happened: `${when} told of the outage (budget ${duration(budgets.detectMs)})${printed === 0 || detectMs !== null ? '' : `; ${quantity(printed, 'line')} printed in it had been printed before it, too, numbers aside`}.`,
        cause: 'errors are swallowed without being counted, and a call that waits raises no error at all',
        change:
          'count every result of the cache, timeouts included, and export its state; log the first failure of an outage once',
      },
      numbers,
    )
  },
}
