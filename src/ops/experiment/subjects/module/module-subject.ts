import type { Subject } from '../subject.js'
import { make } from './make.js'
import type { Methods } from './methods.js'
import type { ModuleReference } from './module-reference.js'
import { shapeOf } from './shapes/index.js'

/** Somebody's own cache or limiter. `create` gives null when its factory does, and throws what its factory throws. */
export function moduleSubject(reference: ModuleReference): Subject {
  return {
    name: reference.name,
    summary: 'a module of your own',
    protocol: reference.protocol,
    module: reference,
    async create(environment) {
      const made = await make(reference, environment)
      // What callers of a factory get then is one of the things to find out.
      if (made === null) return null as never
      return shapeOf(made, reference.name).adapt(made as Methods, reference)
    },
  }
}
