import type { Instance } from '../../experiment/measurement.js'
import type { Clause } from './clause.js'
import { answersFor } from './wording.js'

const answers = answersFor('C5', 'factories return the same type')
const CONDITIONS = ['healthy', 'fault', 'unconfigured'] as const
const METHODS = ['del', 'get', 'set']

/**
 * With Redis, in the outage and without any configuration the factory gives something with all methods, never null, and
 * the outage does not change its class. Without configuration it may be another class behind the same interface, as
 * canonical's pass-through is.
 */
export const sameType: Clause = {
  id: 'C5',
  title: 'factories return the same type',
  judge({ instances }) {
    const numbers = { instances: instances.length }
    const missing = CONDITIONS.filter((condition) => !instances.some((each) => each.condition === condition))
    if (missing.length > 0) {
      return answers.notJudged(`no instance was made for: ${missing.join(', ')}`, numbers)
    }
    const bad = instances.find((each) => each.skipped === undefined && problemOf(each) !== null)
    if (bad) {
      return answers.fail(
        {
          happened: `The factory ${problemOf(bad)} (condition: ${bad.condition}).`,
          cause: 'the factory decides by the state of Redis, so that every caller has to know that state',
          show: 'cache audit --rule R1 --rule R4',
          change:
            'always return the same class; without Redis give it a pass-through client that only misses',
        },
        numbers,
      )
    }
    const typeOf = (condition: Instance['condition']) =>
      instances.find((each) => each.condition === condition)?.type ?? ''
    if (typeOf('healthy') !== typeOf('fault')) {
      return answers.fail(
        {
          happened: `The factory returned a ${typeOf('healthy')} with Redis and a ${typeOf('fault')} during the fault.`,
          cause: 'the factory asks Redis before it decides what to return',
          show: 'cache audit --rule R4',
          change:
            'decide by the configuration alone; whether Redis answers is the business of each operation',
        },
        numbers,
      )
    }
    const skipped = instances.find((each) => each.skipped !== undefined)
    if (skipped)
      return answers.notJudged(`the factory was not called ${skipped.condition}: ${skipped.skipped}`, numbers)
    return answers.pass(
      `${typeOf('healthy')} with Redis and during the fault, ${typeOf('unconfigured')} unconfigured, each with ${(instances[0]?.relied ?? METHODS).join(', ')}`,
      numbers,
    )
  },
}

function problemOf({ error, type, methods, relied = METHODS }: Instance): string | null {
  if (error !== null) return `threw: ${error}`
  if (type === null) return 'returned null'
  const lacks = relied.filter((method) => !methods.includes(method))
  return lacks.length > 0 ? `returned a ${type} without ${lacks.join(', ')}` : null
}
