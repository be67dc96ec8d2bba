import { expect, test } from 'vitest'
import type { DeclaredClient } from '../../../src/ops/doctor/judged-client.js'
import type { CheckStatus } from '../../../src/ops/report/doctor-report.js'
import { check, doctor } from './run.js'

const REDIS_URL = 'redis://127.0.0.1:1'
const IOREDIS = { library: 'ioredis@6' as const }
const BOUNDED = {
  commandTimeout: 100,
  socketTimeout: 2000,
  connectTimeout: 2000,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
}

test.each<[string, DeclaredClient, CheckStatus, number | null, RegExp]>([
  ['the library', { library: 'transparent-cache', options: {} }, 'ok', 0, /^nothing: only the first calls/],
  ['all that is advised', { ...IOREDIS, options: BOUNDED }, 'ok', 0, /^nothing: .*; ioredis 6$/],
  [
    'commandTimeout alone',
    { ...IOREDIS, options: { commandTimeout: 250 } },
    'ok',
    500,
    /^up to 500 ms \(2 calls, assumed, 250 ms each\) for as long as Redis is away; ioredis 6$/,
  ],
  [
    'three such calls a request',
    { ...IOREDIS, options: { commandTimeout: 250 }, callsPerRequest: 3 },
    'warn',
    750,
    /^up to 750 ms \(3 calls, 250 ms each\)/,
  ],
  [
    'ten of them, as declared',
    { ...IOREDIS, options: { commandTimeout: 250 }, callsPerRequest: 10 },
    'FAIL',
    2500,
    /10 calls, 250 ms each/,
  ],
  [
    'two that nobody declared, and together too long',
    { ...IOREDIS, options: { commandTimeout: 1500 } },
    'warn',
    3000,
    /2 calls, assumed, 1\.5 s each/,
  ],
  [
    'one alone is too long',
    { ...IOREDIS, options: { commandTimeout: 2500 } },
    'FAIL',
    5000,
    /2 calls, assumed, 2\.5 s each/,
  ],
  [
    'nothing is set',
    { ...IOREDIS, options: {} },
    'FAIL',
    null,
    /^no request comes to its end \(2 calls, assumed\)/,
  ],
  [
    'a single call of Upstash, which has no breaker',
    { library: 'upstash', options: { retries: 0, timeoutMs: 600 }, callsPerRequest: 1 },
    'warn',
    600,
    /1 call, 600 ms each/,
  ],
  [
    'nobody declared a client',
    { options: {} },
    'warn',
    null,
    /ioredis 6 with its defaults, because no client/,
  ],
])('TTF-002, %s', async (_state, client, status, value, says) => {
  const found = check(await doctor({ REDIS_URL }, { only: ['TTF-002'], client }), 'TTF-002')
  expect(found).toMatchObject({ status, value, message: expect.stringMatching(says) as string })
})

test('TTF-002: what the client lacks is said, and how to declare what was assumed', async () => {
  const remedy = async (client: DeclaredClient) =>
    check(await doctor({ REDIS_URL }, { only: ['TTF-002'], client }), 'TTF-002').remediation.text
  expect(await remedy({ options: {} })).toMatch(
    /^Give it also socketTimeout: 2000, enableOfflineQueue: false, .* is declared as doctor\.client\.callsPerRequest\.$/,
  )
  const some = { ...IOREDIS, options: { commandTimeout: 900, socketTimeout: 2000 }, callsPerRequest: 4 }
  expect(await remedy(some)).toMatch(
    /^Give it also enableOfflineQueue: false, or use the embedded library, .*breaker\.$/,
  )
  expect(await remedy({ library: 'upstash', options: {}, callsPerRequest: 4 })).toMatch(
    /^Put a breaker in front of it/,
  )
})

test.each<[string, DeclaredClient, string[], CheckStatus, RegExp]>([
  [
    'no queue',
    { ...IOREDIS, options: { enableOfflineQueue: false } },
    ['session'],
    'ok',
    /is not sent when it is back/,
  ],
  ['the library', { library: 'transparent-cache', options: {} }, ['session'], 'ok', /; transparent-cache$/],
  ['Upstash', { library: 'upstash', options: {} }, ['session'], 'ok', /; @upstash\/redis$/],
  [
    'a queue',
    { ...IOREDIS, options: { commandTimeout: 100 } },
    [],
    'warn',
    /is sent when it is back, over what is newer/,
  ],
  [
    'a queue, and rights are kept in Redis',
    { library: 'ioredis@5', options: {} },
    ['session', 'grant'],
    'FAIL',
    /a revoked right comes back with it \(session, grant\); ioredis 5$/,
  ],
  [
    'the same, of a client that nobody declared',
    { options: {} },
    ['session'],
    'warn',
    /because no client is declared/,
  ],
])('TTF-003, %s', async (_state, client, rights, status, says) => {
  const families = Object.fromEntries([
    ['page', { authorisation: false }],
    ...rights.map((name) => [name, { authorisation: true }] as const),
  ])
  const found = check(await doctor({ REDIS_URL }, { only: ['TTF-003'], client, families }), 'TTF-003')
  expect(found).toMatchObject({ status, message: expect.stringMatching(says) as string })
})

test('TTF-001: the fix names what this client lacks, and what it then waits', async () => {
  const remedy = async (client: DeclaredClient) =>
    check(await doctor({ REDIS_URL }, { only: ['TTF-001'], client }), 'TTF-001').remediation.text
  expect(await remedy({ ...IOREDIS, options: {} })).toBe(
    'Use the embedded library, or give the client: commandTimeout: 100, socketTimeout: 2000, connectTimeout: 2000, ' +
      'enableOfflineQueue: false, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false. ' +
      'They are safe only together: a call then waits 100 ms at most, and only the first ones do.',
  )
  const some = await remedy({ ...IOREDIS, options: { socketTimeout: 2000, enableOfflineQueue: false } })
  expect(some).toContain(
    'give the client: commandTimeout: 100, connectTimeout: 2000, maxRetriesPerRequest: 0, auto',
  )
  expect(await remedy({ library: 'upstash', options: {} })).toContain(
    'retry: { retries: 0 }, signal: () => AbortSignal.timeout(300). They are safe only together: a call then waits 300 ms at most.',
  )
  const assumed = await remedy({ options: {} })
  expect(assumed).toContain('If it is made otherwise, declare how in cache.config.json, such as')
  expect(JSON.parse(/\{"doctor".*\}(?=\.)/.exec(assumed)![0])).toEqual({
    doctor: { client: { library: 'ioredis@6', options: { commandTimeout: 100 } } },
  })
})

test('TTF-001: each way of being away as a number; null is for ever', async () => {
  const client = {
    ...IOREDIS,
    options: { commandTimeout: 250, enableOfflineQueue: false, maxRetriesPerRequest: 0 },
  }
  const found = check(await doctor({ REDIS_URL }, { only: ['TTF-001'], client }), 'TTF-001')
  expect(found.detail).toEqual({ refusedMs: 0, stalledMs: 250, unreachableMs: 0, everyCallMs: 250 })
  const unset = await doctor({ REDIS_URL }, { only: ['TTF-001'], client: { ...IOREDIS, options: {} } })
  expect(check(unset, 'TTF-001').detail).toMatchObject({ stalledMs: null, everyCallMs: null })
})

test('without a Redis there is nothing to wait for, and nothing to keep', async () => {
  const report = await doctor({}, { only: ['TTF-002', 'TTF-003'], client: { options: {} } })
  expect(report.checks.map(({ status }) => status)).toEqual(['skip', 'skip'])
})
