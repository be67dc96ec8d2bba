import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createOperatorClient, type OperatorClient } from '../../library/backends/operator.js'
import { resolveBackend, type BackendResolution } from '../../library/backends/resolve.js'
import { askDatabase } from './database.js'
import { readInfo } from './info.js'
import { observe, observeUpstash, OBSERVED_MS } from './interval.js'
import { judgedClient, type DeclaredClient } from './judged-client.js'
import type { SampleKeys } from './key-sample.js'
import { watchOwnDelay } from './own-delay.js'
import { ownConnections } from './own-connections.js'
import { reachRedis, SERVES_WITHOUT_PING, TRIES, type Address } from './reach.js'
import { timeReads } from './supabase-read.js'
import { openUpstash } from './upstash-link.js'
import { takeSample } from './take-sample.js'
import type { DeclaredLimiter, UpstashPlan, World } from './world.js'

export interface WorldOptions {
  environment: Record<string, string | undefined>
  client: DeclaredClient
  /** Where the application is. */
  directory: string
  sampleKeys: SampleKeys
  /** Those that the application declares, by name. */
  limiters?: Readonly<Record<string, DeclaredLimiter>>
  /** Those that the project declares, by name. */
  families?: Readonly<Record<string, { authorisation: boolean }>>
  /** Share of reads that the cache answers on a usual day, 0 to 1. */
  hitRatio?: number | undefined
  /** What the checks measured in the report that this run is compared with, by their ids. */
  valuesThen?: ReadonlyMap<string, number> | undefined
  /** @default nothing is declared */
  upstash?: UpstashPlan | undefined
  /** Of the whole run, in ms; a single wait is a part of it. */
  timeoutMs: number
  /** How the time between two readings of the counters passes. @default it is waited for */
  pause?: (ms: number) => Promise<void>
  signal: AbortSignal
}

/** Nothing is connected before the first check asks for it; `close` ends what was. */
export function openWorld(options: WorldOptions): { world: World; close(): void } {
  const { environment, directory, sampleKeys, timeoutMs, signal } = options
  const { pause = async (ms) => sleep(ms, undefined, { signal }) } = options
  const opened: OperatorClient[] = []
  const own = ownConnections()
  const cache = resolveBackend(environment)
  const address = () => addressOf(cache, options)
  const reach = once(async () => {
    const reached = await reachRedis(address())
    own.count(() => reached.tries, TRIES).catch(() => {})
    if (reached.client) opened.push(reached.client)
    return reached
  })
  const client = async () => {
    const reached = await reach()
    if (!reached.client) throw new Error('asked a Redis that is away')
    return reached.client
  }
  const inTurn = takeTurns()
  const world: World = {
    environment,
    cache,
    rateLimit: resolveBackend(environment, 'rate-limit'),
    reach,
    async connect() {
      const connected = await own.count(() =>
        createOperatorClient({ ...address(), despite: SERVES_WITHOUT_PING }),
      )
      opened.push(connected)
      return connected
    },
    ownConnections: own,
    info: once(async () => readInfo(await client())),
    // The server counts what the sample reads as hits, so the two stay apart.
    interval: once(() =>
      inTurn(async () => {
        const passes = () => pause(Math.min(OBSERVED_MS, timeoutMs / 5))
        if (cache.backend?.backend !== 'upstash') return observe(await client(), passes, own)
        const upstash = openUpstash({ cache, signal })
        return observeUpstash(upstash, passes).finally(upstash.close)
      }),
    ),
    ownDelay: once(async () => {
      const watch = watchOwnDelay()
      const begun = performance.now()
      await pause(Math.min(OBSERVED_MS, timeoutMs / 5)).catch(() => {})
      return { seconds: (performance.now() - begun) / 1000, delay: watch.stop() }
    }),
    keySample: once(() => inTurn(() => takeSample(world, sampleKeys))),
    database: once(() => askDatabase({ environment, signal })),
    supabaseReads: once(() => timeReads({ environment, signal })),
    valueThen: (checkId) => options.valuesThen?.get(checkId) ?? null,
    client: judgedClient(options.client, cache, directory),
    limiters: options.limiters ?? {},
    authorisation: Object.entries(options.families ?? {}).flatMap(([name, { authorisation }]) =>
      authorisation ? [name] : [],
    ),
    hitRatio: options.hitRatio ?? null,
    smallestWindow: smallestOf(options.limiters ?? {}),
    upstashPlan: options.upstash ?? {},
    scratchPrefix: `cache:doctor:${randomBytes(6).toString('hex')}:`,
    signal,
  }
  return { world, close: () => opened.forEach((each) => each.close()) }
}

/** That of `getRateLimiter()`, for who declares none. */
const DEFAULT_WINDOW_MS = 60_000

function smallestOf(limiters: NonNullable<WorldOptions['limiters']>): World['smallestWindow'] {
  const windows = Object.entries(limiters).map(([limiter, { windowMs }]) => ({ ms: windowMs, limiter }))
  const [smallest] = windows.sort((a, b) => a.ms - b.ms)
  return smallest ?? { ms: DEFAULT_WINDOW_MS, limiter: null }
}

function addressOf({ backend }: BackendResolution, { timeoutMs, signal }: WorldOptions): Address {
  if (backend?.backend !== 'redis') throw new Error('asked for a Redis server where none is configured')
  return {
    ...backend,
    connectTimeoutMs: Math.min(2000, timeoutMs / 3),
    deadlineMs: Math.min(1000, timeoutMs / 3),
    signal,
  }
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined
  return () => (asked ??= ask())
}

/** Each begins when the one before it has ended, however it ended. */
function takeTurns(): <T>(ask: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (ask) => {
    const mine = last.then(ask, ask)
    last = mine
    return mine
  }
}
