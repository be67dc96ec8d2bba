import type { Check } from '../check.js'
import { allocatorCheck } from './allocator.js'
import { blockedClientsCheck } from './blocked-clients.js'
import { cachedScriptsCheck } from './cached-scripts.js'
import { clientBuffersCheck } from './client-buffers.js'
import { clientRoomCheck } from './client-room.js'
import { clockCheck } from './clock.js'
import { clusterStateCheck } from './cluster-state.js'
import { collectionSizeCheck } from './collection-size.js'
import { connectionChurnCheck } from './connection-churn.js'
import { contradictionsCheck } from './contradictions.js'
import { cpuCheck } from './cpu.js'
import { dangerousCommandsCheck } from './dangerous-commands.js'
import { databaseBuffersCheck } from './database-buffers.js'
import { databaseConnectionsCheck } from './database-connections.js'
import { databaseLocksCheck } from './database-locks.js'
import { databaseQueriesCheck } from './database-queries.js'
import { debugCommandCheck } from './debug-command.js'
import { encryptedCheck } from './encrypted.js'
import { evictionPolicyCheck } from './eviction-policy.js'
import { evictionsCheck } from './evictions.js'
import { expiryHerdCheck } from './expiry-herd.js'
import { exposedKeysCheck } from './exposed-keys.js'
import { forkTimeCheck } from './fork-time.js'
import { fragmentationCheck } from './fragmentation.js'
import { hitRatioCheck } from './hit-ratio.js'
import { hotKeyCheck } from './hot-key.js'
import { idleClientsCheck } from './idle-clients.js'
import { keyLengthCheck } from './key-length.js'
import { keysWithoutTtlCheck } from './keys-without-ttl.js'
import { lastSaveCheck } from './last-save.js'
import { latencyMonitorCheck } from './latency-monitor.js'
import { limiterTruthCheck } from './limiter-truth.js'
import { logicalDatabasesCheck } from './logical-databases.js'
import { memoryLimitCheck } from './memory-limit.js'
import { memoryPeakCheck } from './memory-peak.js'
import { memoryUseCheck } from './memory-use.js'
import { outageLoadCheck } from './outage-load.js'
import { offlineQueueCheck } from './offline-queue.js'
import { ownDelayCheck } from './own-delay.js'
import { passwordCheck } from './password.js'
import { perRequestTaxCheck } from './per-request-tax.js'
import { persistenceCheck } from './persistence.js'
import { protectedModeCheck } from './protected-mode.js'
import { reachRedisCheck } from './reach-redis.js'
import { rejectedClientsCheck } from './rejected-clients.js'
import { replicaCountCheck } from './replica-count.js'
import { replicationCheck } from './replication.js'
import { requiredVariablesCheck } from './required-variables.js'
import { roleCheck } from './role.js'
import { roundTripCheck } from './round-trip.js'
import { runtimeVersionsCheck } from './runtime-versions.js'
import { scriptsCheck } from './scripts.js'
import { serverTimeCheck } from './server-time.js'
import { serverVersionCheck } from './server-version.js'
import { slowLogCheck } from './slow-log.js'
import { stringSizeCheck } from './string-size.js'
import { supabaseCheck } from './supabase.js'
import { supabaseKeyCheck } from './supabase-key.js'
import { supabaseLatencyCheck } from './supabase-latency.js'
import { supabaseTablesCheck } from './supabase-tables.js'
import { swappedCheck } from './swapped.js'
import { switchedOffCheck } from './switched-off.js'
import { timeToFallbackCheck } from './time-to-fallback.js'
import { ttlAboveDeclaredCheck } from './ttl-above-declared.js'
import { upstashDeserializationCheck } from './upstash-deserialization.js'
import { upstashEvictionCheck } from './upstash-eviction.js'
import { upstashQuotaCheck } from './upstash-quota.js'
import { upstashRoundTripCheck } from './upstash-round-trip.js'
import { upstashWritesCheck } from './upstash-writes.js'
import { writesCheck } from './writes.js'

/** Every check, by group, in the order in which they are shown. */
export const checks: readonly Check[] = [
  reachRedisCheck,
  roundTripCheck,
  ownDelayCheck,
  roleCheck,
  clusterStateCheck,
  writesCheck,
  scriptsCheck,
  upstashRoundTripCheck,
  upstashWritesCheck,
  upstashQuotaCheck,
  upstashEvictionCheck,
  upstashDeserializationCheck,
  timeToFallbackCheck,
  perRequestTaxCheck,
  offlineQueueCheck,
  limiterTruthCheck,
  clockCheck,
  serverTimeCheck,
  latencyMonitorCheck,
  slowLogCheck,
  cpuCheck,
  clientRoomCheck,
  rejectedClientsCheck,
  blockedClientsCheck,
  idleClientsCheck,
  connectionChurnCheck,
  lastSaveCheck,
  forkTimeCheck,
  persistenceCheck,
  replicationCheck,
  replicaCountCheck,
  serverVersionCheck,
  memoryUseCheck,
  evictionPolicyCheck,
  memoryLimitCheck,
  fragmentationCheck,
  allocatorCheck,
  memoryPeakCheck,
  clientBuffersCheck,
  swappedCheck,
  cachedScriptsCheck,
  evictionsCheck,
  hitRatioCheck,
  keysWithoutTtlCheck,
  stringSizeCheck,
  collectionSizeCheck,
  keyLengthCheck,
  logicalDatabasesCheck,
  expiryHerdCheck,
  hotKeyCheck,
  ttlAboveDeclaredCheck,
  requiredVariablesCheck,
  runtimeVersionsCheck,
  contradictionsCheck,
  switchedOffCheck,
  encryptedCheck,
  passwordCheck,
  protectedModeCheck,
  dangerousCommandsCheck,
  debugCommandCheck,
  exposedKeysCheck,
  supabaseCheck,
  supabaseTablesCheck,
  supabaseKeyCheck,
  supabaseLatencyCheck,
  databaseConnectionsCheck,
  databaseBuffersCheck,
  databaseQueriesCheck,
  databaseLocksCheck,
  outageLoadCheck,
]
