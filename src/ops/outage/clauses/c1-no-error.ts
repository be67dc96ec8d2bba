import type { Clause } from './clause.js'
import { errorsOfTheSource } from './source-errors.js'
import { answersFor, oneOf, quantity } from './wording.js'

const answers = answersFor('C1', 'no error reaches the caller')

/**
 * A dead cache is a miss: no operation of any phase may throw, and the process must live to answer. A dead source of truth is
 * none, and has to be told.
 */
export const noError: Clause = {
  id: 'C1',
  title: 'no error reaches the caller',
  judge(measurement, budgets) {
    const { operations, died } = measurement
    const failed = operations.filter((each) => each.error !== null)
    const numbers = { operations: operations.length, errors: failed.length }
    if (died !== null) {
      return answers.fail(
        {
          happened: `The process ended in the middle of the drill: ${died}. Its callers got no answer at all.`,
          cause:
            'an error event without a listener, or a rejected promise that nobody handled, ends a Node process',
          change: "give every client an 'error' listener and every promise that loses a race a catch",
        },
        numbers,
      )
    }
    if (!operations.some((each) => each.phase === 'during' && each.process === 'main')) {
      return answers.notJudged('no operation was due during the fault', numbers)
    }
    if (measurement.sourceTaken) {
      const { finding, evidence, numbers: found } = errorsOfTheSource(measurement, budgets)
      const all = { ...numbers, ...found }
      return finding === null ? answers.pass(evidence, all) : answers.fail(finding, all)
    }
    const first = failed[0]
    if (first === undefined) {
      return answers.pass(`none of ${quantity(operations.length, 'operation')} threw`, numbers)
    }
    return answers.fail(
      {
        happened: `${failed.length} of ${quantity(operations.length, 'operation')} threw at their caller, the first one ${oneOf(first.kind)} in \`${first.phase}\`: ${first.error}.`,
        cause: 'an error of the backend gets through the cache to the code that asked',
        change: 'catch around every call to the client, also in set and del, and answer a miss instead',
      },
      numbers,
    )
  },
}
