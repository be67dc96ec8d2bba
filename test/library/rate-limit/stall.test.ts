import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../support/clients.js'
import { openLimiter } from './limiters.js'

let sandbox: Sandbox
beforeAll(async () => void (sandbox = await startSandbox()))
afterAll(() => sandbox.stop())

test('H17: a service that is busy for longer than the deadline right after it asked is limited all the same', async () => {
  const { limiter, log, close } = openLimiter(sandbox.redis.url, { limit: 3, selfCheck: false })
  let probes = 0
  await until('a counted check', async () => (await limiter.limit(`probe ${probes++}`)).reason === 'ok')
  log.length = 0
  for (let i = 0; i < 5; i++) {
    const answer = limiter.check('u')
    const end = performance.now() + 160
    while (performance.now() < end);
    await answer
  }
  expect(log).toEqual(['allowed', 'allowed', 'allowed', 'denied', 'denied'])
  expect((await limiter.peek('u')).remaining).toBe(0)
  await close()
})
