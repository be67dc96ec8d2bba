import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache } from '../../support/clients.js'

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
