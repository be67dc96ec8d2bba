import type { Subject } from '../subject.js'
import { make } from './make.js'
import type { Methods } from './methods.js'
import type { ModuleReference } from './module-reference.js'
import { shapeOf } from './shapes/index.js'

/** Somebody's own cache or limiter. `create` rejects with what its factory throws, and when that gives null. */
export function moduleSubject(reference: ModuleReference): Subject {
  return {
    name: reference.name,
    summary: 'a module of your own',
    protocol: reference.protocol,
    module: reference,
    async create(environment) {
      const made = await make(reference, environment)
      // Where it may give null, which is C5's, it is not asked for a subject.
      if (made === null) throw new Error('its factory returned null')
      return shapeOf(made, reference.name).adapt(made as Methods, reference)
    },
  }
}
