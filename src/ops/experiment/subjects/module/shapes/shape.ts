import type { SubjectCache } from '../../subject.js'
import type { Methods } from '../methods.js'
import type { ModuleReference } from '../module-reference.js'

/** A form that caches or limiters have in common. */
export interface Shape {
  /** As people know it. */
  name: string
  /** The methods on which callers rely, sorted. */
  relied: readonly string[]
  /** Told by what is there: nothing is called. */
  fits(made: object): boolean
  /** @param made what fits */
  adapt(made: Methods, reference: ModuleReference): SubjectCache
}
