import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckStatus } from '../../../src/ops/report/doctor-report.js'
import { check, doctor } from './run.js'

const KEY = 'sb_secret_canary_0123456789'
const REQUIRED = { SUPABASE_URL: 'https://x.supabase.co', SUPABASE_SERVICE_ROLE_KEY: KEY }
const jwt = (role: string) =>
  `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(JSON.stringify({ role })).toString('base64url')}.signature`

describe('the environment', () => {
  test.each<[id: string, environment: Record<string, string>, status: CheckStatus, says: RegExp]>([
    ['ENV-001', REQUIRED, 'ok', /all are set/],
    ['ENV-001', { SUPABASE_URL: 'https://x' }, 'FAIL', /^SUPABASE_SERVICE_ROLE_KEY is not set/],
    ['ENV-001', {}, 'FAIL', /SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY are not set/],
    ['ENV-001', { ...REQUIRED, SUPABASE_URL: 'x.supabase.co' }, 'FAIL', /no https:\/\/ URL/],
    ['ENV-003', { REDIS_URL: 'redis://127.0.0.1:1' }, 'ok', /provider/],
    ['ENV-003', { REDIS_PASSWORD: 'pw-canary' }, 'warn', /REDIS_PASSWORD is set without REDIS_URL/],
    ['ENV-003', { REDIS_URL: 'redis://:a@h', REDIS_PASSWORD: 'pw-canary' }, 'warn', /password of its own/],
    ['ENV-003', { REDIS_URL: 'redis://:pw@h', REDIS_PASSWORD: 'pw' }, 'ok', /provider/],
    [
      'ENV-003',
      { REDIS_URL: 'redis://h', UPSTASH_REDIS_REST_URL: 'https://h', UPSTASH_REDIS_REST_TOKEN: 't' },
      'warn',
      /both REDIS_URL and UPSTASH/,
    ],
    ['ENV-003', { CACHE_PROVIDER: 'redis' }, 'FAIL', /CACHE_PROVIDER asks for redis/],
    ['ENV-003', { REDIS_URL: 'redis://h', RATE_LIMIT_PROVIDER: 'none' }, 'ok', /provider/],
    ['ENV-003', { REDIS_URL: 'redis://h', ENABLE_RATE_LIMITER_REDIS: 'no' }, 'ok', /provider/],
    ['ENV-003', { REDIS_URL: 'https://h' }, 'FAIL', /REDIS_URL is not a redis/],
    ['ENV-003', { REDIS_URL: 'redis://h/one' }, 'FAIL', /names a database that is not a number/],
    ['ENV-003', { UPSTASH_REDIS_REST_URL: 'https://h' }, 'FAIL', /^UPSTASH_REDIS_REST_TOKEN is missing/],
    ['ENV-003', { REDIS_URL: 'redis://h', UPSTASH_REDIS_REST_URL: 'https://h' }, 'warn', /TOKEN is missing/],
    [
      'ENV-003',
      {
        CACHE_PROVIDER: 'upstash',
        REDIS_URL: 'redis://h',
        UPSTASH_REDIS_REST_URL: 'https://h',
        UPSTASH_REDIS_REST_TOKEN: 't',
      },
      'warn',
      /^limiters: both REDIS_URL/,
    ],
    ['ENV-004', { ENABLE_RATE_LIMITER_REDIS: 'true' }, 'ok', /on/],
    ['ENV-004', { ENABLE_RATE_LIMITER_REDIS: 'FALSE' }, 'warn', /nobody is limited/],
    ['ENV-004', { ENABLE_CONVERSATION_CACHING: 'maybe' }, 'warn', /neither true nor false/],
    ['ENV-004', { CACHE_PROVIDER: 'none' }, 'warn', /pass everything through/],
    ['SEC-006', { NEXT_PUBLIC_SUPABASE_ANON_KEY: jwt('anon'), ...REQUIRED }, 'ok', /none/],
    ['SEC-006', { NEXT_PUBLIC_SUPABASE_KEY: jwt('service_role') }, 'FAIL', /^NEXT_PUBLIC_SUPABASE_KEY:/],
    ['SEC-006', { ...REQUIRED, VITE_X: KEY }, 'FAIL', /^VITE_X:/],
    ['SEC-006', { NEXT_PUBLIC_SERVICE_ROLE: 'a' }, 'FAIL', /every browser/],
    ['SEC-006', { NEXT_PUBLIC_CACHE: 'redis://:pw-canary@h' }, 'FAIL', /NEXT_PUBLIC_CACHE/],
  ])('%s %j: %s', async (id, environment, status, says) => {
    const report = await doctor(environment, { only: [id] })
    expect(check(report, id)).toMatchObject({ status, message: expect.stringMatching(says) as string })
    expect(JSON.stringify(report)).not.toMatch(/canary|signature/)
  })
})

describe('there is no Redis', () => {
  const REDIS_URL = 'redis://127.0.0.1:1'
  test.each([
    [{}, /^No Redis is configured: .* nobody is limited\.$/],
    [
      { REDIS_URL: 'redis://:a#canary@h' },
      /^No Redis is used, because REDIS_URL is not .* nobody is limited\.$/,
    ],
    [{ REDIS_URL: 'https://h', CACHE_PROVIDER: 'none' }, /^Redis is switched off .* nobody is limited\.$/],
    [{ REDIS_URL, CACHE_PROVIDER: 'none' }, /^Redis is switched off \(CACHE_PROVIDER=none\): [^,]*\.$/],
    [
      { REDIS_URL, CACHE_PROVIDER: 'none', RATE_LIMIT_PROVIDER: 'none' },
      /switched off .* nobody is limited\.$/,
    ],
    [
      { REDIS_URL, CACHE_PROVIDER: 'none', ENABLE_RATE_LIMITER_REDIS: 'false' },
      /switched off .* nobody is limited\.$/,
    ],
  ] satisfies [Record<string, string>, RegExp][])(
    '%j: why, and who feels it',
    async (environment, headline) => {
      const report = await doctor(environment, { only: ['CON-001'] })
      expect(report.impact.headline).toMatch(headline)
      const { status, message, remediation } = check(report, 'CON-001')
      // Redis is optional; one that was meant to be there is not.
      expect(status).toBe(headline.source.includes('because') ? 'FAIL' : 'warn')
      expect(message.includes('limiters allow everybody')).toBe(headline.source.includes('nobody'))
      // Who has a URL needs no example of one, unless it is no URL.
      if ('CACHE_PROVIDER' in environment) expect(remediation.commands).toEqual([])
      expect(JSON.stringify(report)).not.toContain('canary')
    },
  )
})

test.each<[Record<string, string>, RegExp]>([
  [{ REDIS_URL: 'redis://:a#b@h' }, /percent-encoded/],
  [{ REDIS_URL: 'redis://h/one' }, /behind the last slash/],
  [{ REDIS_PASSWORD: 'pw' }, /^Name the server/],
  [{ UPSTASH_REDIS_REST_TOKEN: 't' }, /^Copy both, URL and token/],
  [{ UPSTASH_REDIS_REST_URL: 'x.upstash.io', UPSTASH_REDIS_REST_TOKEN: 't' }, /^Copy it/],
  [{ CACHE_PROVIDER: 'redis' }, /^Set what it asks for/],
])('%j: a way out of its own', async (environment, says) => {
  const { remediation } = check(await doctor(environment, { only: ['CON-001'] }), 'CON-001')
  expect(remediation.text).toMatch(says)
  expect(remediation.commands.join().includes('REDIS_URL=') && 'UPSTASH_REDIS_REST_URL' in environment).toBe(
    false,
  )
})

describe('the time to fallback', () => {
  const judged = async (client: Parameters<typeof doctor>[1] & object) =>
    check(await doctor({ REDIS_URL: 'redis://127.0.0.1:1' }, { only: ['TTF-001'], ...client }), 'TTF-001')

  test('nobody declared the client: its defaults, as a warning', async () => {
    const found = await judged({ client: { options: {} } })
    expect(found).toMatchObject({ status: 'warn', value: null })
    expect(found.message).toBe(
      'for ever when hung (neither commandTimeout nor socketTimeout is set), up to 5 min 19 s when unreachable, ' +
        'up to 1 min 49 s when refused; ioredis 6 with its defaults, because no client is declared',
    )
  })

  test('declared: the same is a failure; bounded is ok', async () => {
    expect((await judged({ client: { library: 'ioredis@5', options: {} } })).status).toBe('FAIL')
    expect(
      (await judged({ client: { library: 'ioredis@5', options: { commandTimeout: 1000 } } })).status,
    ).toBe('warn')
    expect(await judged({ client: { library: 'transparent-cache', options: {} } })).toMatchObject({
      status: 'ok',
      value: 100,
      message: 'up to 100 ms (deadlineMs 100); transparent-cache',
    })
  })

  test('the library waits for the backend that the environment names, unless another is declared', async () => {
    const upstash = { UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:9', UPSTASH_REDIS_REST_TOKEN: 't' }
    const on = async (options: Record<string, string>) => {
      const client = { library: 'transparent-cache' as const, options }
      return check(await doctor(upstash, { only: ['TTF-001'], client }), 'TTF-001').value
    }
    expect([await on({}), await on({ backend: 'redis' })]).toEqual([300, 100])
  })
})

describe('Supabase', () => {
  let server: Server
  let url: string
  let seen: { url?: string | undefined; apikey: unknown }
  let answer: (response: ServerResponse) => void

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen = { url: request.url, apikey: request.headers['apikey'] }
      answer(response)
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  const OPENAPI = { 'content-type': 'application/openapi+json; charset=utf-8' }
  const status = (code: number) => (response: ServerResponse) =>
    void response.writeHead(code, OPENAPI).end('{}')
  const ask = async (environment: Record<string, string> = {}, thresholds = {}) => {
    const all = { SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: KEY, ...environment }
    const report = await doctor(all, { only: ['SUP-001'], thresholds })
    expect(JSON.stringify(report)).not.toContain(KEY)
    return check(report, 'SUP-001')
  }

  test('answers', async () => {
    answer = status(200)
    expect(await ask({}, { 'SUP-001': { warn: 60_000 } })).toMatchObject({ status: 'ok' })
    expect(seen).toEqual({ url: '/rest/v1/', apikey: KEY })
    expect((await ask({}, { 'SUP-001': { warn: 0 } })).status).toBe('warn')
  })

  test.each([
    [401, /does not accept SUPABASE_SERVICE_ROLE_KEY/],
    [503, /cannot serve/],
    [404, /no REST endpoint/],
    [302, /no REST endpoint/],
  ])('%d is a failure', async (code, says) => {
    answer = status(code)
    expect(await ask()).toMatchObject({ status: 'FAIL', message: expect.stringMatching(says) as string })
  })

  test('hangs: a failure after 2 s', async () => {
    answer = () => {}
    expect(await ask()).toMatchObject({
      status: 'FAIL',
      message: expect.stringContaining('no answer within 2.0 s') as string,
    })
  })

  test('refused: a failure that says so; not configured: skipped', async () => {
    const closed = createServer()
    await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done))
    const { port } = closed.address() as AddressInfo
    await new Promise((done) => closed.close(done))
    expect(await ask({ SUPABASE_URL: `http://127.0.0.1:${port}` })).toMatchObject({
      status: 'FAIL',
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
    expect((await ask({ SUPABASE_URL: '' })).status).toBe('skip')
  })

  test('Upstash: PONG over REST, a token that is refused, an endpoint that is none', async () => {
    const upstash = async () => {
      const environment = { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: 'token-canary' }
      const report = await doctor(environment, { only: ['CON-001', 'MEM-001'] })
      expect(JSON.stringify(report)).not.toContain('canary')
      expect(check(report, 'MEM-001').status).toBe('skip')
      return check(report, 'CON-001')
    }
    answer = (response) => void response.end('{"result":"PONG"}')
    expect((await upstash()).status).toBe('ok')
    answer = (response) => void response.writeHead(401).end('{"error":"Unauthorized"}')
    expect(await upstash()).toMatchObject({
      status: 'FAIL',
      message: expect.stringContaining('auth:') as string,
    })
    answer = (response) => void response.end('<html>')
    expect((await upstash()).status).toBe('FAIL')
  })

  test('Upstash: what says PONG to everything stores nothing', async () => {
    answer = (response) => void response.end('{"result":"PONG"}')
    const environment = { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: 't' }
    const report = await doctor(environment, { only: ['UPS-003'], probeWrites: true })
    expect(check(report, 'UPS-003')).toMatchObject({ status: 'FAIL', message: /does not store/ as never })
  })
})
