import { UsageError } from '../../../report/errors.js'
import type { ModuleReference } from './module-reference.js'

export const WHAT_IT_GETS =
  'a drill gives it REDIS_URL and nothing else of the environment; what it needs besides, set in a module of its own that imports it'

/** @param what it did, before anything was wrong: no harm of an outage */
export function factoryFails({ name }: Pick<ModuleReference, 'name'>, what: string): UsageError {
  return new UsageError('MODULE_FAILS', `With nothing wrong, the factory of ${name} ${what}.`, [
    'run it by hand with a Redis that works',
    WHAT_IT_GETS,
  ])
}
