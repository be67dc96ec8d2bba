import { Redis } from 'ioredis'
import { createRateLimiter } from '../src/library/index.js'
import { startSandbox } from '../src/ops/sandbox/start-sandbox.js'
import { benchLimiterMemory } from './limiter-memory.js'
import { peer } from './peer.js'
import { median } from './statistics.js'
import { printTable, promise } from './table.js'

const ROUNDS = 5
const CONCURRENT = 50
const CHECKS = 30_000
const IDENTIFIERS = 1000
const ATTEMPTS = 5
const WINDOW_MS = 60_000

interface LimiterUnderTest {
  name: string
  /** Rejects when it could not count. */
  check(identifier: string): Promise<unknown>
  close(): unknown
}

/** The part of rate-limiter-flexible that is used here. */
interface Flexible {
  RateLimiterRedis: new (options: object) => { consume(identifier: string): Promise<unknown> }
  RateLimiterMemory: new (options: object) => object
}

/** Checks per second of ours with default options and of rate-limiter-flexible, and what an identifier costs. */
export async function benchLimiter(): Promise<void> {
  const sandbox = await startSandbox()
  try {
    const { url } = sandbox.redis
    const ratio = await benchThroughput(url, 'all allowed', CHECKS)
    await benchThroughput(url, 'nearly all denied', 5)
    const text = `limiter, ${CONCURRENT} at once, all allowed: ≥ rate-limiter-flexible`
    promise(text, `${ratio.toFixed(2)} ×`, ratio >= 1)
    await benchLimiterMemory(url)
  } finally {
    await sandbox.stop()
  }
}

function ours(url: string, limit: number): LimiterUnderTest {
  const quota = { name: `bench-${limit}`, limit, windowMs: WINDOW_MS }
  const limiter = createRateLimiter({ backend: 'redis', url }, quota)
  const check = async (identifier: string) => {
    // What `check` does, which would hide that nothing was counted.
    const { reason } = await limiter.limit(identifier)
    if (reason === 'unavailable') throw new Error('not counted')
  }
  return { name: 'library', check, close: () => limiter.close() }
}

/**
 * As its documentation has it for production: https://github.com/animir/node-rate-limiter-flexible/wiki/Redis (ioredis
 * without its queue, an error listener) and …/wiki/Insurance-Strategy.
 */
function flexible(url: string, limit: number): LimiterUnderTest {
  const { RateLimiterRedis, RateLimiterMemory } = peer<Flexible>('rate-limiter-flexible')
  const storeClient = new Redis(url, { enableOfflineQueue: false })
  storeClient.on('error', () => undefined)
  const quota = { points: limit, duration: WINDOW_MS / 1000 }
  const limiter = new RateLimiterRedis({
    ...quota,
    storeClient,
    keyPrefix: `bench-${limit}`,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(quota),
  })
  const check = (identifier: string) =>
    limiter.consume(identifier).catch((denied: unknown) => {
      if (denied instanceof Error) throw denied
    })
  return { name: 'rate-limiter-flexible', check, close: () => storeClient.disconnect() }
}

/** The median of ours to theirs, each pair measured in one round. */
async function benchThroughput(url: string, what: string, limit: number): Promise<number> {
  const server = new Redis(url)
  const limiters = [ours(url, limit), flexible(url, limit)]
  const rates = limiters.map((): number[] => [])
  const serverUs = limiters.map((): number[] => [])
  for (let round = -1; round < ROUNDS; round++) {
    // Whoever is first in one round is second in the next.
    for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const { rate, micros } = await counted(() => measure(limiters[index]!, server))
      // The first round only connects and warms up.
      if (round < 0) continue
      rates[index]!.push(rate)
      serverUs[index]!.push(micros)
    }
  }
  for (const limiter of limiters) await limiter.close()
  server.disconnect()
  const ratios = rates[0]!.map((rate, round) => rate / rates[1]![round]!)
  printTable([
    [
      `limiter, ${CONCURRENT} at once, ${what}`,
      'checks/s, median (least–most)',
      '× rate-limiter-flexible',
      'µs on the server',
    ],
    ...limiters.map(({ name }, index) => [
      name,
      `${thousands(median(rates[index]!))} (${thousands(Math.min(...rates[index]!))}–${thousands(Math.max(...rates[index]!))})`,
      index === 0
        ? `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`
        : '1.00',
      median(serverUs[index]!).toFixed(1),
    ]),
  ])
  return median(ratios)
}

/** A busy machine may miss a deadline, and what is not counted is no check: such a round is run again. */
async function counted<T>(round: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await round()
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }
}

async function measure(limiter: LimiterUnderTest, server: Redis) {
  await server.config('RESETSTAT')
  let left = CHECKS
  const startedAt = performance.now()
  const caller = async () => {
    while (left-- > 0) await limiter.check(`198.51.100.${left % IDENTIFIERS}`)
  }
  await Promise.all(Array.from({ length: CONCURRENT }, caller))
  const rate = (CHECKS * 1000) / (performance.now() - startedAt)
  return { rate, micros: microsPerScript(await server.info('commandstats')) }
}

/** Both run one script per check. */
function microsPerScript(commandstats: string): number {
  const evalsha = /^cmdstat_evalsha:calls=\d+,usec=\d+,usec_per_call=([\d.]+)/m.exec(commandstats)
  return Number(evalsha?.[1])
}

const thousands = (rate: number) => `${(rate / 1000).toFixed(1)}k`
