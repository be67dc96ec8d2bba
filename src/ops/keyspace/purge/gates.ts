import { requireConfirmation, type Target } from '../../config/target-guard.js'
import { EnvironmentError, SafetyError } from '../../report/errors.js'
import type { PurgePlan } from '../../report/purge-report.js'
import type { Server } from '../server.js'
import type { Selection } from './selection.js'

/**
 * The gate before the first key is touched.
 *
 * @param what such as `delete the keys of conv`
 * @param command the command line that would be let through
 * @throws SafetyError for a production target whose name was not given exactly
 */
export function requireConfirmed(
  target: Target,
  what: string,
  confirmed: string | undefined,
  command: string,
): void {
  try {
    requireConfirmation(target, what, confirmed)
  } catch (error) {
    if (!(error instanceof SafetyError)) throw error
    const [, ...others] = error.suggestions
    throw new SafetyError(error.code, error.message, [command, ...others], { cause: error })
  }
}

/** @throws EnvironmentError for a replica, which would take no change, or lose it again */
export function requireWritable({ facts, target }: Server): void {
  if (facts.role === 'replica' && !facts.cluster) {
    throw new EnvironmentError('IS_REPLICA', `${target.name} is a replica: nothing can be changed there.`, [
      'point REDIS_URL at the master',
    ])
  }
}

/**
 * A glob that reaches keys of more than one kind is how a purge takes what nobody thought of.
 *
 * @param across the kinds that may be reached, as they were named
 * @throws SafetyError when there are others
 */
export function requireKinds(selection: Selection, plan: PurgePlan, across: readonly string[]): void {
  const kinds = Object.keys(plan.kinds).sort()
  if (selection.asked.match === null || (kinds.length < 2 && across.length === 0)) return
  const unnamed = kinds.filter((kind) => !across.includes(kind))
  if (unnamed.length === 0) return
  const counted = kinds.map((kind) => `${kind} (${plan.kinds[kind]!.toLocaleString('en-US')})`).join(', ')
  throw new SafetyError(
    'SEVERAL_KINDS',
    `${JSON.stringify(selection.asked.match)} matches keys of ${counted}; ${unnamed.join(', ')} ` +
      `${unnamed.length === 1 ? 'is' : 'are'} not named.`,
    [`if all of them are meant: --across ${kinds.join(',')}`, 'else name a family instead of --match'],
  )
}
