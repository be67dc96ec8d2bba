import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setLogger } from '../../../src/library/index.js'
import type { RateLimiterOptions } from '../../../src/library/rate-limit/options.js'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../support/clients.js'
import { keyOf, openLimiter, type TestLimiter } from './limiters.js'

let sandbox: Sandbox
let door: TcpDoor
let raw: Redis
let open: TestLimiter[]
let lines: string[]

beforeEach(async () => {
  open = []
  lines = []
  const write = (message: string, fields: object) => lines.push(`${message} ${JSON.stringify(fields)}`)
  setLogger({ warn: write, info: write })
  sandbox = await startSandbox()
  door = await createTcpDoor({ upstream: { host: sandbox.redis.host, port: sandbox.redis.port } })
  raw = new Redis(sandbox.redis.url)
})
afterEach(async () => {
  setLogger(null)
  await Promise.all(open.map((each) => each.close()))
  raw.disconnect()
  await door.close()
  await sandbox.stop()
})

/** Behind the door, connected and answered; a busy machine may need more than one to start without a missed deadline. */
async function limiter(options: Partial<RateLimiterOptions> = {}): Promise<TestLimiter> {
  const opened = openLimiter(`redis://${door.host}:${door.port}`, options)
  open.push(opened)
  await authoritative(opened)
  const { log } = opened
  if (log.some((line) => line.startsWith('fail')) && open.length < 20) return limiter(options)
  log.length = 0
  lines.length = 0
  return opened
}

let probes = 0
const authoritative = ({ limiter }: TestLimiter) =>
  until('a counted check', async () => (await limiter.limit(`probe ${probes++}`)).reason === 'ok')

const ofLimiter = ({ name }: TestLimiter) => lines.filter((line) => line.includes(`"limiter":"${name}"`))

describe.each(['refuse', 'stall'] as const)('%s', (fault) => {
  test.each([
    ['allow', true, 'failopen', 'allowing request (fail-open)'],
    ['deny', false, 'failclosed', 'denying request (fail-closed)'],
  ] as const)('declared %s: done, in time, and said', async (onUnavailable, allowed, result, text) => {
    const tested = await limiter({ onUnavailable, limit: 2, deadlineMs: 300 })
    const { limiter: a, log } = tested
    for (let i = 0; i < 3; i++) await a.check('u')
    expect(log).toEqual(['allowed', 'allowed', 'denied'])
    await door[fault]()
    for (let i = 0; i < 40; i++) {
      const startedAt = performance.now()
      expect(await a.limit('u')).toEqual({
        allowed,
        limit: 2,
        remaining: null,
        retryAfterMs: 0,
        resetAt: null,
        reason: 'unavailable',
      })
      expect(performance.now() - startedAt).toBeLessThan(1000)
    }
    expect(await a.peek('u')).toMatchObject({ allowed, reason: 'unavailable' })
    expect(await a.reset('u')).toBe(false)
    expect(a.getStatus()).toMatchObject({ backend: 'redis', state: 'down', onUnavailable })
    expect(log.slice(3).every((line) => line.startsWith(`${result} `))).toBe(true)
    expect(log.at(-1)).toBe(`${result} BREAKER_OPEN`)
    expect(ofLimiter(tested)).toEqual([expect.stringContaining(`Rate limit check failed - ${text}`)])

    await door.open()
    await until('counted again', async () => (await a.limit('u')).reason !== 'unavailable')
    // What it had used before is still there, and nothing was added behind its back.
    expect(await a.limit('u')).toMatchObject({ allowed: false, reason: 'limited', remaining: 0 })
    await until('up', () => a.getStatus().state === 'up')
    expect(ofLimiter(tested)).toEqual([
      expect.stringContaining(text),
      expect.stringMatching(/Backend is back .*"checksWithout":\d{2,}/),
    ])
  })
})

test('H27: a check that was in the pipe when the server hung is not counted when it arrives at last', async () => {
  const tested = await limiter({ deadlineMs: 200 })
  const { limiter: a, name } = tested
  await door.stall()
  const check = a.limit('zombie')
  await until('the bytes of the check', () => door.counts().bytesHeldToServer > 0)
  expect(await check).toMatchObject({ allowed: true, reason: 'unavailable' })
  await door.open()
  await authoritative(tested)
  expect(await raw.exists(keyOf(name, 'zombie'))).toBe(0)
})

test('H27: a check whose answer is lost counts once, and is not sent again', async () => {
  const tested = await limiter({ limit: 10, deadlineMs: 2000 })
  const { limiter: a } = tested
  let lost = 0
  await door.interfere(({ words }) => {
    const isCheck = words.some((word) => word.toString().endsWith(':u'))
    return isCheck && lost++ < 2 ? { kind: 'cut' } : { kind: 'pass' }
  })
  for (let i = 0; i < 2; i++) {
    expect(await a.limit('u')).toMatchObject({ allowed: true, reason: 'unavailable' })
    await authoritative(tested)
  }
  expect(lost).toBe(2)
  expect(await a.peek('u')).toMatchObject({ reason: 'ok', remaining: 8 })
})

test('a frozen server: the policy in time, no late counts, and the window is as it was', async () => {
  const tested = await limiter({ onUnavailable: 'deny', deadlineMs: 500 })
  const { limiter: a, name } = tested
  await a.check('u')
  sandbox.redis.freeze()
  for (let i = 0; i < 20; i++) expect(await a.check('u')).toBe(false)
  sandbox.redis.thaw()
  await authoritative(tested)
  expect(await a.peek('u')).toMatchObject({ remaining: 2 })
  expect(await raw.exists(keyOf(name, 'u'))).toBe(1)
})

describe('a server that takes no writes', () => {
  const full = () => raw.config('SET', 'maxmemory', '1')
  const demote = () => raw.replicaof('127.0.0.1', '1')
  const cure = async () => {
    await raw.config('SET', 'maxmemory', '0')
    await raw.replicaof('NO', 'ONE')
  }

  test.each([
    ['OOM', full],
    ['READONLY', demote],
  ] as const)(
    '%s: still denies who has used the limit; the rest is the policy’s',
    async (errorType, fail) => {
      const tested = await limiter({ onUnavailable: 'allow', limit: 2, deadlineMs: 1000 })
      const { limiter: a, log } = tested
      for (let i = 0; i < 2; i++) await a.check('full')
      await fail()
      await until('the refusal', async () => {
        await a.check('fresh')
        return log.at(-1) === `failopen ${errorType}`
      })
      expect(a.getStatus()).toMatchObject({ state: 'degraded', cause: errorType })
      await until('a denial, on the connection that READONLY has renewed', async () => {
        const { allowed, reason } = await a.limit('full')
        return !allowed && reason === 'limited'
      })
      expect(ofLimiter(tested)).toHaveLength(1)
      await cure()
      await authoritative(tested)
      expect(a.getStatus()).toMatchObject({ state: 'up', cause: null })
      expect(ofLimiter(tested).at(-1)).toContain('Backend is back')
    },
  )
})

test('a service that starts in the outage follows its policy, and counts once Redis is there', async () => {
  await door.refuse()
  const late = openLimiter(`redis://${door.host}:${door.port}`, { onUnavailable: 'deny' })
  open.push(late)
  expect(await late.limiter.limit('u')).toMatchObject({ allowed: false, reason: 'unavailable' })
  expect(late.limiter.getBackendType()).toBe('redis')
  await door.open()
  await authoritative(late)
})
