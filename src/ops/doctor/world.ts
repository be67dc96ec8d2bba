import type { OperatorClient } from '../../library/backends/operator.js'
import type { BackendResolution } from '../../library/backends/resolve.js'
import type { DatabaseAnswer } from './database.js'
import type { JudgedClient } from './judged-client.js'
import type { Info } from './info.js'
import type { KeySample } from './key-sample.js'
import type { RedisReach } from './reach.js'
import type { Interval } from './interval.js'
import type { OwnDelay } from './own-delay.js'
import type { OwnConnections } from './own-connections.js'
import type { SupabaseReads } from './supabase-read.js'

export interface DeclaredLimiter {
  windowMs: number
  /** @default 'allow' */
  onUnavailable?: 'allow' | 'deny'
}

/** What the plan of Upstash includes, as declared; absent: nobody did. */
export interface UpstashPlan {
  commandsPerDay?: number | undefined
  commandsPerMonth?: number | undefined
}

/** What all checks of one run share: asked for once, whoever needs it first. */
export interface World {
  readonly environment: Record<string, string | undefined>
  /** Which Redis the application's cache is told to use. */
  readonly cache: BackendResolution
  readonly rateLimit: BackendResolution
  /** The first connection that works, or why there is none. */
  reach(): Promise<RedisReach>
  /** A connection of its own, for who must not queue behind the others. */
  connect(): Promise<OperatorClient>
  /** Counts a connection to the server that a check opens past `connect`. */
  readonly ownConnections: OwnConnections
  /** INFO, parsed. Throws what the server refuses. */
  info(): Promise<Info>
  /** What the counters of INFO did within about a second. Nothing of ours reads keys meanwhile. */
  interval(): Promise<Interval>
  keySample(): Promise<KeySample>
  /** How late this process itself was within about a second of probing. */
  ownDelay(): Promise<{ seconds: number; delay: OwnDelay }>
  /** What Postgres says of itself, over Supabase. */
  database(): Promise<DatabaseAnswer>
  /** How long a read from Supabase takes. */
  supabaseReads(): Promise<SupabaseReads>
  /** What a check measured in the report that this run is compared with; null when there is none, or it measured nothing. */
  valueThen(checkId: string): number | null
  /** The client whose waiting is judged; null when the application has no Redis to wait for. */
  readonly client: JudgedClient | null
  /** The application's limiters, as it declares them, by name. */
  readonly limiters: Readonly<Record<string, DeclaredLimiter>>
  /** Families of the project that decide what somebody may do, by name. */
  readonly authorisation: readonly string[]
  /** Share of reads that the cache answers on a usual day, 0 to 1, as declared; null when nobody did. */
  readonly hitRatio: number | null
  /** The smallest window of the application's limiters, in ms, and whose it is; null: the default of this package. */
  readonly smallestWindow: { ms: number; limiter: string | null }
  readonly upstashPlan: UpstashPlan
  /** Every key that a probe writes begins with it. */
  readonly scratchPrefix: string
  /** Aborts at Ctrl-C and when the time is up. */
  readonly signal: AbortSignal
}
