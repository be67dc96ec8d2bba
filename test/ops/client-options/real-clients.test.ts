import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Redis as Ioredis6, type RedisOptions } from 'ioredis'
import { Redis as Ioredis5 } from 'ioredis5'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { timeToFallbackOf } from '../../../src/ops/client-options/index.js'

/** Timers fire early by a millisecond, and late on a busy machine. */
const EARLY_MS = 20
const LATE_MS = 1500

let silent: Server
const sockets = new Set<Socket>()
let stalledPort: number
let refusedPort: number

beforeAll(async () => {
  silent = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.resume()
  })
  const closed = createServer()
  for (const server of [silent, closed])
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  stalledPort = (silent.address() as AddressInfo).port
  refusedPort = (closed.address() as AddressInfo).port
  await new Promise((done) => closed.close(done))
})
afterAll(() => {
  sockets.forEach((socket) => socket.destroy())
  silent.close()
})

const CASES: { way: 'refused' | 'stalled'; options: Record<string, number | boolean | null> }[] = [
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

  test('socketTimeout alone does not end a call that may be retried', async () => {
    const options = { socketTimeout: 100, maxRetriesPerRequest: 1, retryDelayMs: 10 }
    expect(timeToFallbackOf(library, options).timeToFallback.stalled.worstMs).toBeNull()
  })
})

async function firstCall(
  Client: typeof Ioredis6,
  port: number,
  { retryDelayMs, ...options }: Record<string, number | boolean | null>,
): Promise<number> {
  const redis = new Client({
    ...(options as RedisOptions),
    host: '127.0.0.1',
    port,
    ...(retryDelayMs !== undefined && {
      retryStrategy: () => (retryDelayMs === false ? null : Number(retryDelayMs)),
    }),
  })
  redis.on('error', () => {})
  const begun = performance.now()
  try {
    await expect(redis.get('key')).rejects.toBeInstanceOf(Error)
    return performance.now() - begun
  } finally {
    redis.disconnect()
  }
}
