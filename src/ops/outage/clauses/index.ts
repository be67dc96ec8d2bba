import { noError } from './c1-no-error.js'
import { visible } from './c10-visible.js'
import { noTrace } from './c11-no-trace.js'
import { rightAnswer } from './c2-right-answer.js'
import { boundedTime } from './c3-bounded-time.js'
import { declaredLimit } from './c4-declared-limit.js'
import { sameType } from './c5-same-type.js'
import { boundedResources } from './c6-bounded-resources.js'
import { boundedLoad } from './c7-bounded-load.js'
import { recovers } from './c8-recovers.js'
import { nothingStale } from './c9-nothing-stale.js'
import type { Clause } from './clause.js'

/** Every clause that is built, in the contract's order. */
export const clauses: readonly Clause[] = [
  noError,
  rightAnswer,
  boundedTime,
  declaredLimit,
  sameType,
  boundedResources,
  boundedLoad,
  recovers,
  nothingStale,
  visible,
  noTrace,
]
