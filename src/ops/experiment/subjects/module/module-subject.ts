import { UsageError } from '../../../report/errors.js'
import { describeError } from '../../plain-text.js'
import { isConfigured } from '../is-configured.js'
import type { Subject } from '../subject.js'
import { factoryFails } from './factory-fails.js'
import { make } from './make.js'
import type { Methods } from './methods.js'
import type { ModuleReference } from './module-reference.js'
import { shapeOf } from './shapes/index.js'

/** Somebody's own cache or limiter. `create` rejects when its factory throws or gives null: with UsageError where it is told of a backend that works. */
export function moduleSubject(reference: ModuleReference): Subject {
  return {
    name: reference.name,
    summary: 'a module of your own',
    protocol: reference.protocol,
    module: reference,
    async create(environment) {
      const made = await make(reference, environment).catch((error: unknown) => {
        if (error instanceof UsageError || !isConfigured(environment)) throw error
        throw factoryFails(reference, `threw ${describeError(error)}`)
      })
      // Where it may give null, which is C5's, it is not asked for a subject.
      if (made === null) {
        if (isConfigured(environment)) throw factoryFails(reference, 'returned null')
        throw new Error('its factory returned null')
      }
      return shapeOf(made, reference.name).adapt(made as Methods, reference)
    },
  }
}
