import type { Rule } from '../rule.js'
import { nonNullFactory } from './r1-non-null-factory.js'
import { oneType } from './r2-one-type.js'
import { noNullChecks } from './r3-no-null-checks.js'
import { unconditionalFactory } from './r4-unconditional-factory.js'
import { errorsInside } from './r5-errors-inside.js'
import { noGuardsInCallers } from './r6-no-guards-in-callers.js'
import { passThrough } from './r7-pass-through.js'
import { metrics } from './r8-metrics.js'
import { loggedFailover } from './r9-logged-failover.js'
import { noMemoryFallback } from './r10-no-memory-fallback.js'
import { clientHygiene } from './r11-client-hygiene.js'
import { keyTtl } from './r12-key-ttl.js'
import { boundedCollections } from './r13-bounded-collections.js'
import { upstashHazards } from './r14-upstash-hazards.js'
import { redisTime } from './r15-redis-time.js'
import { atomicExpiry } from './r16-atomic-expiry.js'
import { boundedCommands } from './r17-bounded-commands.js'
import { limiterHeeded } from './r18-limiter-heeded.js'
import { hitChecked } from './r19-hit-checked.js'
import { revocationDelivered } from './r20-revocation-delivered.js'
import { nothingSecretLogged } from './r21-nothing-secret-logged.js'

/** Every rule, in the order of the checklist. */
export const rules: readonly Rule[] = [
  nonNullFactory,
  oneType,
  noNullChecks,
  unconditionalFactory,
  errorsInside,
  noGuardsInCallers,
  passThrough,
  metrics,
  loggedFailover,
  noMemoryFallback,
  clientHygiene,
  keyTtl,
  boundedCollections,
  upstashHazards,
  redisTime,
  atomicExpiry,
  boundedCommands,
  limiterHeeded,
  hitChecked,
  revocationDelivered,
  nothingSecretLogged,
]
