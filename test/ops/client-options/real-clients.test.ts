import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Redis as UpstashRedis } from '@upstash/redis'
import { Redis as Ioredis6, type RedisOptions } from 'ioredis'
import { Redis as Ioredis5 } from 'ioredis5'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKeyValueClient } from '../../../src/library/backends/create.js'
import { createTransparentCache } from '../../../src/library/cache/create-transparent-cache.js'
import { startSandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../support/clients.js'
import { timeToFallbackOf } from '../../../src/ops/client-options/index.js'

type Options = Record<string, number | boolean | null>

/** Timers fire early by a millisecond, and late on a busy machine. */
const EARLY_MS = 20
const LATE_MS = 1500

let silent: Server
const sockets = new Set<Socket>()
let stalledPort: number
let refusedPort: number
let loadingPort: number

/** A server that has started and loads its data, which lets clients in and tells its INFO. */
const loading = createServer((socket) => {
  sockets.add(socket)
  socket.on('error', () => {})
  const info = 'loading:1\r\nloading_eta_seconds:600'
  socket.on('data', (chunk) => {
    for (const command of chunk.toString().match(/\*\d+\r\n\$\d+\r\n\w+/g) ?? []) {
      if (/info$/i.test(command)) socket.write(`$${info.length}\r\n${info}\r\n`)
      else socket.write(/(?:hello|client)$/i.test(command) ? '+OK\r\n' : '-LOADING Redis is loading\r\n')
    }
  })
})

beforeAll(async () => {
  silent = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.resume()
  })
  const closed = createServer()
  for (const server of [silent, closed, loading])
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  loadingPort = (loading.address() as AddressInfo).port
  stalledPort = (silent.address() as AddressInfo).port
  refusedPort = (closed.address() as AddressInfo).port
  await new Promise((done) => closed.close(done))
})
afterAll(() => {
  sockets.forEach((socket) => socket.destroy())
  silent.close()
  loading.close()
})

const CASES: { way: 'refused' | 'stalled'; options: Options }[] = [
  { way: 'refused', options: { maxRetriesPerRequest: 2 } },
  { way: 'refused', options: { maxRetriesPerRequest: 3, retryDelayMs: 150 } },
  { way: 'refused', options: { maxRetriesPerRequest: null, commandTimeout: 400 } },
  { way: 'refused', options: { maxRetriesPerRequest: 20, enableOfflineQueue: true, retryDelayMs: false } },
  { way: 'stalled', options: { commandTimeout: 300 } },
  { way: 'stalled', options: { socketTimeout: 400, maxRetriesPerRequest: 0 } },
]

describe.each([
  ['ioredis@5', Ioredis5 as unknown as typeof Ioredis6],
  ['ioredis@6', Ioredis6],
] as const)('%s', (library, Client) => {
  test.concurrent.each(CASES)('$way $options: as computed', async ({ way, options }) => {
    const [least, most] = timeToFallbackOf(library, options).timeToFallback[way].firstMs!
    const ms = await firstCall(Client, way === 'refused' ? refusedPort : stalledPort, options)
    expect(ms).toBeGreaterThanOrEqual(least - EARLY_MS)
    expect(ms).toBeLessThanOrEqual(most + LATE_MS)
  })

  test('the worst call comes right after the queue was given up', async () => {
    const options = { maxRetriesPerRequest: 2, retryDelayMs: 150 }
    const { refused } = timeToFallbackOf(library, options).timeToFallback
    const redis = open(Client, refusedPort, options)
    await expect(redis.get('key')).rejects.toBeInstanceOf(Error)
    const begun = performance.now()
    await expect(redis.get('key')).rejects.toBeInstanceOf(Error)
    redis.disconnect()
    expect(performance.now() - begun).toBeGreaterThan(refused.firstMs![1] + EARLY_MS)
    expect(performance.now() - begun).toBeLessThan(refused.worstMs! + LATE_MS)
  })

  test.concurrent.each([true, false])(
    'a hang that goes on, offline queue %s: later calls as said',
    async (queue) => {
      const options = { socketTimeout: 200, maxRetriesPerRequest: 0, enableOfflineQueue: queue }
      const { everyCallPays } = timeToFallbackOf(library, options).timeToFallback
      const redis = open(Client, stalledPort, options)
      let begun = 0
      for (let call = 0; call < 3; call++) {
        begun = performance.now()
        await expect(redis.get('key')).rejects.toBeInstanceOf(Error)
      }
      redis.disconnect()
      expect(performance.now() - begun > 100).toBe(everyCallPays)
    },
  )

  test.concurrent.each([true, false])('a server that loads, offline queue %s: as computed', async (queue) => {
    const options = { commandTimeout: 300, enableOfflineQueue: queue }
    const { loading } = timeToFallbackOf(library, options).timeToFallback
    const ms = await firstCall(Client, loadingPort, options)
    expect(ms).toBeGreaterThanOrEqual(loading.worstMs! - EARLY_MS)
    expect(ms).toBeLessThanOrEqual(loading.worstMs! + (queue ? LATE_MS : 100))
  })

  test('socketTimeout alone does not end a call that was sent and may be retried', async () => {
    const options = { socketTimeout: 100, maxRetriesPerRequest: 1, retryDelayMs: 10 }
    expect(timeToFallbackOf(library, options).timeToFallback.stalled.worstMs).toBeNull()
    const sandbox = await startSandbox()
    const redis = open(Client, sandbox.redis.port, options)
    try {
      await redis.set('key', 'value')
      let reconnects = 0
      redis.on('reconnecting', () => reconnects++)
      sandbox.redis.freeze()
      let settled = false
      const get = redis.get('key').finally(() => (settled = true))
      await until('the retries are used up several times', () => reconnects > 6)
      expect(settled).toBe(false)
      sandbox.redis.thaw()
      expect(await get).toBe('value')
    } finally {
      redis.disconnect()
      await sandbox.stop()
    }
  })
})

describe('upstash', () => {
  test.concurrent.each<['refused' | 'stalled', number, number?]>([
    ['refused', 2],
    ['refused', 0],
    ['refused', 4, 300],
    ['stalled', 0, 300],
    ['stalled', 5, 300],
  ])('%s, %i retries, signal %s: as computed', async (way, retries, timeoutMs) => {
    const options = { retries, ...(timeoutMs === undefined ? {} : { timeoutMs }) }
    const [least, most] = timeToFallbackOf('upstash', options).timeToFallback[way].firstMs!
    const redis = new UpstashRedis({
      url: `http://127.0.0.1:${way === 'refused' ? refusedPort : stalledPort}`,
      token: 'x',
      retry: { retries },
      ...(timeoutMs === undefined ? {} : { signal: () => AbortSignal.timeout(timeoutMs) }),
    })
    const begun = performance.now()
    await expect(redis.get('key')).rejects.toBeInstanceOf(Error)
    expect(performance.now() - begun).toBeGreaterThanOrEqual(least - EARLY_MS)
    expect(performance.now() - begun).toBeLessThanOrEqual(most + LATE_MS)
  })
})

describe('transparent-cache on Upstash', () => {
  test.concurrent.each(['refused', 'stalled'] as const)('%s: as computed', async (way) => {
    const options = { backend: 'upstash', deadlineMs: 400 } as const
    const { worstMs } = timeToFallbackOf('transparent-cache', options).timeToFallback[way]
    const url = `http://127.0.0.1:${way === 'refused' ? refusedPort : stalledPort}`
    const client = createKeyValueClient({ backend: 'upstash', url, token: 'x' }, options)
    const cache = createTransparentCache<string>(client, 'upstash', { name: `ttf-${way}`, deadlineMs: 400 })
    const begun = performance.now()
    expect(await cache.get('key')).toBeNull()
    expect(performance.now() - begun).toBeLessThanOrEqual(worstMs! + LATE_MS)
    await cache.close()
  })
})

async function firstCall(Client: typeof Ioredis6, port: number, options: Options): Promise<number> {
  const redis = open(Client, port, options)
  const begun = performance.now()
  try {
    await expect(redis.get('key')).rejects.toBeInstanceOf(Error)
    return performance.now() - begun
  } finally {
    redis.disconnect()
  }
}

function open(Client: typeof Ioredis6, port: number, { retryDelayMs, ...options }: Options): Ioredis6 {
  const retryStrategy = () => (retryDelayMs === false ? null : Number(retryDelayMs))
  const redis = new Client({
    ...(options as RedisOptions),
    host: '127.0.0.1',
    port,
    ...(retryDelayMs !== undefined && { retryStrategy }),
  })
  redis.on('error', () => {})
  return redis
}
