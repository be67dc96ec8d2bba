import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until } from '../../support/clients.js'

let sandbox: Sandbox
beforeAll(async () => void (sandbox = await startSandbox()))
afterAll(() => sandbox.stop())

/** As a busy handler does. In the phase of the event loop after which timers come before sockets. */
const blockTheLoop = (ms: number) =>
  new Promise<void>((resolve) =>
    setImmediate(() => {
      const end = performance.now() + ms
      while (performance.now() < end);
      resolve()
    }),
  )

test.each([120, 145, 300])(
  'answers that only a %s ms stall of our own kept from us still win, and open no breaker',
  async (ms) => {
    const { cache, log, close } = openCache(sandbox.redis.url, { breaker: { failures: 1 } })
    await cache.set('k', 1)
    log.length = 0
    for (let i = 0; i < 5; i++) {
      const reads = Promise.all([cache.get('k'), cache.get('k')])
      await blockTheLoop(ms)
      expect(await reads).toEqual([1, 1])
    }
    expect([new Set(log), cache.getStatus().state]).toEqual([new Set(['get hit']), 'up'])
    await close()
  },
)

test.each([
  ['of a load', false],
  ['after a get that missed', true],
])(
  'a set %s is stored, although the turn that asked for it took longer than the deadline',
  async (_, byHand) => {
    const { cache, log, close } = openCache(sandbox.redis.url)
    await cache.get('warm')
    for (const key of ['x', 'y', 'z'].map((name) => `${name} ${byHand}`)) {
      log.length = 0
      if (byHand) {
        await cache.get(key)
        const stored = cache.set(key, 1)
        blockInThisTurn(160)
        await stored
      } else {
        await cache.getOrLoad(key, () => Promise.resolve(1))
        blockInThisTurn(160)
      }
      await until('an end', () => log.length === 2)
      expect(log).toEqual(['get miss', 'set ok'])
      expect(await cache.get(key)).toBe(1)
    }
    await close()
  },
)

test('a set over nobody knows what is not asked again: a later one of ours may stand there', async () => {
  const { cache, log, close } = openCache(sandbox.redis.url)
  await cache.get('warm')
  log.length = 0
  const stored = cache.set('unread', 1)
  blockInThisTurn(160)
  await stored
  expect(log).toEqual(['set refused LATE'])
  await close()
})

/** Before anything that was written leaves. */
function blockInThisTurn(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}
