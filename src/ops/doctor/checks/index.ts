import type { Check } from '../check.js'
import { contradictionsCheck } from './contradictions.js'
import { evictionPolicyCheck } from './eviction-policy.js'
import { exposedKeysCheck } from './exposed-keys.js'
import { keysWithoutTtlCheck } from './keys-without-ttl.js'
import { limiterTruthCheck } from './limiter-truth.js'
import { memoryLimitCheck } from './memory-limit.js'
import { memoryUseCheck } from './memory-use.js'
import { reachRedisCheck } from './reach-redis.js'
import { requiredVariablesCheck } from './required-variables.js'
import { roleCheck } from './role.js'
import { roundTripCheck } from './round-trip.js'
import { scriptsCheck } from './scripts.js'
import { supabaseCheck } from './supabase.js'
import { switchedOffCheck } from './switched-off.js'
import { timeToFallbackCheck } from './time-to-fallback.js'
import { ttlAboveDeclaredCheck } from './ttl-above-declared.js'
import { writesCheck } from './writes.js'

/** Every check, by group, in the order in which they are shown. */
export const checks: readonly Check[] = [
  reachRedisCheck,
  roundTripCheck,
  roleCheck,
  writesCheck,
  scriptsCheck,
  timeToFallbackCheck,
  limiterTruthCheck,
  memoryUseCheck,
  evictionPolicyCheck,
  memoryLimitCheck,
  keysWithoutTtlCheck,
  ttlAboveDeclaredCheck,
  requiredVariablesCheck,
  contradictionsCheck,
  switchedOffCheck,
  exposedKeysCheck,
  supabaseCheck,
]
