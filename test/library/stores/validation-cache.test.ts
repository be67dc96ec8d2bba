import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import {
  createValidationCache,
  getValidationCache,
  onEvent,
  OptionError,
  setLogger,
  type LibraryEvent,
  type ValidationCache,
} from '../../../src/library/index.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../support/clients.js'

const KEY = 'copilot:auth:validation:ada'
const VALID = { isValid: true, details: { roles: ['admin'], since: new Date(5) } }
const INVALID = { isValid: false }

let sandbox: Sandbox
let door: TcpDoor
let raw: Redis
let events: LibraryEvent[]
let stop: () => void
let open: ValidationCache[]

beforeAll(async () => {
  setLogger(null)
  sandbox = await startSandbox()
  const { host, port } = sandbox.redis
  door = await createTcpDoor({ upstream: { host, port } })
  raw = new Redis(sandbox.redis.url)
})
afterAll(async () => {
  raw.disconnect()
  await door.close()
  await sandbox.stop()
})
beforeEach(async () => {
  await raw.flushall()
  events = []
  open = []
  stop = onEvent((event) => events.push(event))
})
afterEach(async () => {
  await door.open()
  for (const cache of open) await cache.close()
  stop()
  vi.unstubAllEnvs()
})

function openCache(url = sandbox.redis.url, cacheDeadlineMs = 2000) {
  const cache = createValidationCache({ backend: 'redis', url }, { cacheDeadlineMs })
  open.push(cache)
  return cache
}
const throughDoor = () => `redis://${door.host}:${door.port}`
/** Answers in turn; asked once more, it fails. */
function answering(...answers: unknown[]) {
  return vi.fn(async () => {
    const answer = await Promise.resolve(answers.shift())
    if (answer === undefined) throw new Error('must not be asked')
    if (answer instanceof Error) throw answer
    return answer as never
  })
}
const never = answering()
const stored = () => until('it to be stored', async () => (await raw.exists(KEY)) === 1)
const operations = () =>
  events.flatMap((event) =>
    event.type === 'operation' ? [`${event.cache} ${event.operation} ${event.result}`] : [],
  )

test('a valid login is remembered for 300 s, with its details, for everybody', async () => {
  const [cache, other] = [openCache(), openCache()]
  expect(await cache.get('ada')).toBeNull()
  expect(await cache.getOrValidate('ada', answering(VALID))).toEqual(VALID)
  await stored()
  expect(await raw.pttl(KEY)).toBeGreaterThan(265_000)
  expect(await raw.pttl(KEY)).toBeLessThanOrEqual(300_000)
  expect(await other.getOrValidate('ada', never)).toEqual(VALID)
  expect(await other.get('ada')).toEqual(VALID)
  expect(operations()[0]).toBe('auth-validation get miss')
})

test('an invalid one for 10 s, however it came there', async () => {
  const cache = openCache()
  expect(await cache.getOrValidate('ada', answering(INVALID))).toEqual(INVALID)
  await stored()
  expect(await raw.pttl(KEY)).toBeGreaterThan(8000)
  expect(await raw.pttl(KEY)).toBeLessThanOrEqual(10_000)
  expect(await cache.getOrValidate('ada', never)).toEqual(INVALID)
  await cache.set('ada', VALID)
  expect(await raw.pttl(KEY)).toBeGreaterThan(265_000)
  await cache.set('ada', INVALID)
  expect(await raw.pttl(KEY)).toBeLessThanOrEqual(10_000)
  expect(await cache.get('ada')).toEqual(INVALID)
})

test('a failure to find out is told, untouched, and remembered by nobody: the next one is asked', async () => {
  const cache = openCache()
  const down = new Error('the database is down')
  const validate = answering(down, VALID)
  await expect(cache.getOrValidate('ada', validate)).rejects.toBe(down)
  expect(await cache.get('ada')).toBeNull()
  expect(await cache.getOrValidate('ada', validate)).toEqual(VALID)
})

test.each([[null], [{}], [{ isValid: 'yes' }], [{ isValid: true, details: 'admin' }], [true]])(
  'an answer that is none (%j) is no login, and not stored',
  async (answer) => {
    const cache = openCache()
    await expect(cache.getOrValidate('ada', answering(answer))).rejects.toThrow(TypeError)
    await cache.close()
    expect(await raw.exists(KEY)).toBe(0)
  },
)

test('a hundred callers share one validation, and none of them an object', async () => {
  const cache = openCache()
  let letGo!: (answer: typeof VALID) => void
  const validate = vi.fn(() => new Promise<typeof VALID>((resolve) => (letGo = resolve)))
  const callers = Array.from({ length: 100 }, () => cache.getOrValidate('ada', validate))
  await until('everybody to have looked', () => operations().length === 100)
  letGo(VALID)
  expect(new Set(await Promise.all(callers)).size).toBe(100)
  expect(validate).toHaveBeenCalledTimes(1)
})

describe('what stands in Redis is not believed', () => {
  test.each([
    ['without a checksum', async () => void (await raw.set(KEY, JSON.stringify(VALID)))],
    ['of another user', async () => void (await raw.rename('copilot:auth:validation:eve', KEY))],
    ['that there is none, of another user', async () => void (await raw.set(KEY, '~tc1:none'))],
  ])('%s: validated anew, and overwritten', async (_, plant) => {
    const cache = openCache()
    await cache.set('eve', VALID)
    await plant()
    expect(await cache.getOrValidate('ada', answering(INVALID))).toEqual(INVALID)
    await until('it to be overwritten', async () => (await raw.get(KEY))!.endsWith('{"isValid":false}'))
  })
})

describe('a revoked login', () => {
  test('is validated anew at once, here and elsewhere; one that was under way does not come back', async () => {
    const [cache, other] = [openCache(), openCache()]
    await cache.getOrValidate('ada', answering(VALID))
    await stored()
    let letGo!: (answer: typeof VALID) => void
    await cache.invalidate('ada')
    const early = other.getOrValidate('ada', () => new Promise((resolve) => (letGo = resolve)))
    await until('it to be under way', () => letGo !== undefined)
    await cache.invalidate('ada')
    letGo(VALID)
    await early
    expect(await cache.getOrValidate('ada', answering(INVALID))).toEqual(INVALID)
    expect(await other.getOrValidate('ada', answering(INVALID))).toEqual(INVALID)
  })

  test.each(['refuse', 'stall', 'reset'] as const)(
    'while Redis is away (%s): here at once, elsewhere as soon as it is back',
    async (fault) => {
      const [cache, other] = [openCache(throughDoor(), 100), openCache()]
      await cache.getOrValidate('ada', answering(VALID))
      await stored()
      await door[fault]()
      await cache.invalidate('ada')
      expect(await cache.get('ada')).toBeNull()
      expect(await cache.getOrValidate('ada', answering(INVALID))).toEqual(INVALID)
      await door.open()
      await until('it to be delivered', () => cache.getStatus().pendingInvalidations === 0)
      expect(await cache.getOrValidate('ada', answering(INVALID))).toEqual(INVALID)
      expect(await other.getOrValidate('ada', answering(INVALID))).toEqual(INVALID)
    },
  )
})

test.each([[''], [undefined], [7], ['half a \ud800'], ['x'.repeat(40_000)]])(
  'a user id that cannot be one (%j) is validated every time, or has a key of its own',
  async (given) => {
    const cache = openCache()
    const userId = given as string
    const validate = answering(VALID, INVALID)
    expect(await cache.getOrValidate(userId, validate)).toEqual(VALID)
    await cache.set(userId, VALID)
    await cache.invalidate(userId)
    expect(await cache.getOrValidate(userId, validate)).toEqual(INVALID)
    if (typeof given === 'string' && given.startsWith('x')) return
    expect(await cache.get(userId)).toBeNull()
    expect(operations()).toEqual([
      'auth-validation get refused',
      'auth-validation set refused',
      'auth-validation del refused',
      'auth-validation get refused',
      'auth-validation get refused',
    ])
    expect(await raw.keys('*')).toEqual([])
  },
)

test('without Redis every login is validated, and nothing else is different', async () => {
  const cache = createValidationCache(null)
  const validate = answering(VALID, INVALID)
  await cache.set('ada', VALID)
  expect([await cache.getOrValidate('ada', validate), await cache.getOrValidate('ada', validate)]).toEqual([
    VALID,
    INVALID,
  ])
  await cache.invalidate('ada')
  expect([await cache.get('ada'), cache.getBackendType(), cache.getStatus().state]).toEqual([
    null,
    'passthrough',
    'degraded',
  ])
})

test('options are checked when it is built', () => {
  for (const [option, value] of Object.entries({
    name: '',
    cacheDeadlineMs: 0,
    maxConcurrentLoads: 0,
    backendType: 'x',
  })) {
    const build = () => createValidationCache(null, { [option]: value })
    expect(build).toThrow(OptionError)
    expect(build).toThrow(new RegExp(`^${option}: `))
  }
  expect(() => createValidationCache(null, { ttl: 5 } as never)).toThrow(/^ttl is not an option/)
})

describe('getValidationCache', () => {
  const REDIS_URL = 'redis://127.0.0.1:1'
  test.each([
    ['nothing set', {}, 'passthrough'],
    ['Redis', { REDIS_URL }, 'redis'],
    ['switched off', { REDIS_URL, ENABLE_AUTH_VALIDATION_CACHE: 'False' }, 'passthrough'],
    ['no provider', { REDIS_URL, CACHE_PROVIDER: 'none' }, 'passthrough'],
    ['another’s flag', { REDIS_URL, ENABLE_CONVERSATION_CACHING: 'false' }, 'redis'],
  ])('%s: one cache, never null', async (_, environment, type) => {
    for (const name of [
      'REDIS_URL',
      'UPSTASH_REDIS_REST_URL',
      'CACHE_PROVIDER',
      'ENABLE_AUTH_VALIDATION_CACHE',
    ])
      vi.stubEnv(name, undefined)
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    const cache = getValidationCache()
    expect(getValidationCache()).toBe(cache)
    expect(cache.getBackendType()).toBe(type)
    expect(await cache.getOrValidate('ada', answering(VALID))).toEqual(VALID)
    await cache.close()
    const next = getValidationCache()
    expect(next).not.toBe(cache)
    await cache.close()
    expect(getValidationCache()).toBe(next)
    await next.close()
  })
})
