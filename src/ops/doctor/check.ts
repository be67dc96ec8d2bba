import type { OperatorClient } from '../../library/backends/operator.js'
import type { Threshold } from '../report/doctor-report.js'
import type { Finding } from './finding.js'
import type { UpstashLink } from './upstash-link.js'
import type { KeySample } from './key-sample.js'
import type { World } from './world.js'

interface CheckBase {
  /** Stable and never given to another check. Prefix: what is looked at; `reference/ops.md` §9. */
  id: string
  group: CheckGroup
  /** What is looked at, in a few words; what `--list` and the report show. */
  title: string
  unit?: string
  /** Without numbers, and no fault by its nature, it only informs: `ok` with what was seen, until a project declares a number. */
  threshold: Threshold
  /** `below`: the lower, the worse, as with a hit ratio. @default above */
  worse?: 'below'
  /** Longest it may take, in ms, connecting included. Then it counts as broken. */
  deadlineMs: number
  /** It measures time, so that its finding is taken back when this process itself was held up (LAT-003). */
  times?: true
}

export const CHECK_GROUPS = [
  'connectivity',
  'failover',
  'server',
  'memory',
  'keys',
  'environment',
  'security',
  'supabase',
] as const
export type CheckGroup = (typeof CHECK_GROUPS)[number]

/** A check that needs no server, or that copes with its absence. */
export interface WorldCheck extends CheckBase {
  on: 'world'
  run(world: World, threshold: Threshold): Promise<Finding> | Finding
}

/**
 * A check that asks a Redis server. It only runs when there is a connection, and is skipped otherwise, so that nothing
 * waits for a dead server twice. What the server refuses (NOPERM, an unknown command) may be thrown: it becomes a skip
 * that names `privileges`. Any other error means that the check is broken.
 */
export interface ServerCheck extends CheckBase {
  on: 'server'
  /**
   * What the ACL must allow, as an ACL string such as `+info`, and no more than that: operators paste it. Commands on keys
   * in parentheses, such as `+scan (%R~* +pttl)`; of a check that does not write none of them may.
   */
  privileges: string
  /** Writes scratch keys, so it only runs when asked for, and is `unknown` otherwise. */
  writes?: true
  run(client: OperatorClient, world: World, threshold: Threshold): Promise<Finding>
  /** The same where the cache is on Upstash; without it, it is skipped there. May throw NotAsked. */
  overRest?(world: World, threshold: Threshold): Promise<Finding>
}

/** A check that asks Upstash over REST; skipped where the cache has no Upstash, and where that is away. */
export interface UpstashCheck extends CheckBase {
  on: 'upstash'
  /** As of a check on a server. */
  writes?: true
  run(upstash: UpstashLink, world: World, threshold: Threshold): Promise<Finding>
}

/**
 * A check of a sample of the keys, on a Redis server or over REST; skipped where there is neither, and where it is away.
 * What the server refuses to tell may be thrown, as by a check on a server.
 */
export interface KeysCheck extends CheckBase {
  on: 'keys'
  privileges: string
  run(sample: KeySample, world: World, threshold: Threshold): Promise<Finding> | Finding
}

/**
 * One thing that can be wrong, in a file of its own. A check changes nothing, except under `world.scratchPrefix` with a
 * TTL and only when it `writes`; it never says `ok` about what it could not see; its page is docs/checks/<id>.md.
 */
export type Check = WorldCheck | ServerCheck | UpstashCheck | KeysCheck

/** Whether it writes scratch keys, which it only does when asked to. */
export function isProbe(check: Check): boolean {
  return (check.on === 'server' || check.on === 'upstash') && check.writes === true
}
