import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOperatorClient, type OperatorClient } from '../../../src/library/backends/operator.js'
import type { DoctorReport } from '../../../src/ops/report/doctor-report.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { startUpstashEndpoint } from '../../../src/ops/sandbox/upstash/endpoint.js'
import { check, doctor } from './run.js'

let sandbox: Sandbox
let admin: OperatorClient

beforeAll(async () => {
  sandbox = await startSandbox()
  admin = await createOperatorClient({ url: sandbox.redis.url })
})
afterAll(async () => {
  admin.close()
  await sandbox.stop()
})

const says = (pattern: RegExp) => expect.stringMatching(pattern) as string

describe('Upstash', () => {
  const IDS = ['UPS-002', 'UPS-003']
  const asked = async (redisUrl: string, options: Parameters<typeof doctor>[1] = {}) => {
    const endpoint = await startUpstashEndpoint({ redisUrl, token: 'token-canary' })
    try {
      const environment = { UPSTASH_REDIS_REST_URL: endpoint.url, UPSTASH_REDIS_REST_TOKEN: 'token-canary' }
      const report = await doctor(environment, { only: IDS, probeWrites: true, ...options })
      expect(JSON.stringify(report)).not.toContain('canary')
      return IDS.map((id) => check(report, id))
    } finally {
      await endpoint.stop()
    }
  }
  const near = (warn: number, fail: number) => ({ thresholds: { 'UPS-002': { warn, fail } } })

  test('near and writable; what only a write can tell is unknown without', async () => {
    const [first, second] = await asked(sandbox.redis.url, near(1e6, 1e6))
    expect(first).toMatchObject({ status: 'ok', message: says(/20 PINGs over REST/) })
    expect(second).toMatchObject({ status: 'ok' })
    expect(await admin.send('KEYS', 'cache:doctor:*')).toEqual([])
    expect((await asked(sandbox.redis.url, { probeWrites: false }))[1]!.status).toBe('unknown')
  })

  test('far: a warning, and further a failure', async () => {
    const found = [await asked(sandbox.redis.url, near(0, 1e6)), await asked(sandbox.redis.url, near(0, 0))]
    expect(found.map(([first]) => first!.status)).toEqual(['warn', 'FAIL'])
  })

  test('a token that may only read, and a full database', async () => {
    await admin.send('ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '-@all', '+@read', '+@connection')
    const [first, reader] = await asked(sandbox.redis.url.replace('//', '//reader:pw@'), near(1e6, 1e6))
    expect(first!.status).toBe('ok')
    expect(reader).toMatchObject({ status: 'FAIL', message: says(/this token is read-only/) })
    await admin.send('CONFIG', 'SET', 'maxmemory', '1')
    const [, full] = await asked(sandbox.redis.url)
    await admin.send('CONFIG', 'SET', 'maxmemory', '0')
    expect(full).toMatchObject({ status: 'FAIL', message: says(/the database is full/) })
  })

  test('skipped on Redis, and where there is no endpoint or another token', async () => {
    const statuses = async (environment: Record<string, string>) => {
      const report = await doctor(environment, { only: IDS, probeWrites: true })
      return IDS.map((id) => check(report, id).status)
    }
    const endpoint = await startUpstashEndpoint({ redisUrl: sandbox.redis.url })
    const UPSTASH_REDIS_REST_TOKEN = 'other'
    const skipped = ['skip', 'skip']
    expect(await statuses({ REDIS_URL: sandbox.redis.url })).toEqual(skipped)
    expect(await statuses({ UPSTASH_REDIS_REST_URL: endpoint.url, UPSTASH_REDIS_REST_TOKEN })).toEqual(
      skipped,
    )
    await endpoint.stop()
    expect(await statuses({ UPSTASH_REDIS_REST_URL: endpoint.url, UPSTASH_REDIS_REST_TOKEN })).toEqual(
      skipped,
    )
  })
})

describe('another Supabase', () => {
  let server: Server
  let silent: Server
  /** Begun first, since it takes the whole deadline. */
  let heardNothing: Promise<DoctorReport>
  let answer: (response: ServerResponse) => void
  let SUPABASE_URL: string

  beforeAll(async () => {
    const listening = async (server: Server) => {
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    }
    silent = createServer(() => undefined)
    const silentUrl = await listening(silent)
    const environment = { SUPABASE_URL: silentUrl, SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_x' }
    heardNothing = doctor(environment, { only: ['DB-001', 'DB-005'] })
    server = createServer((_request, response) => answer(response))
    SUPABASE_URL = await listening(server)
  })
  afterAll(() => {
    for (const each of [server, silent]) {
      each.closeAllConnections()
      each.close()
    }
  })

  test.each([
    [404, 'warn', 'skip'],
    [500, 'skip', 'FAIL'],
    [302, 'skip', 'skip'],
  ])('that answers %d: SUP-002 %s, DB-005 %s', async (status, tables, latency) => {
    answer = (response) => void response.writeHead(status, { location: '/' }).end('{}')
    const environment = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_x' }
    const report = await doctor(environment, { only: ['SUP-002', 'DB-005'] })
    expect([check(report, 'SUP-002').status, check(report, 'DB-005').status]).toEqual([tables, latency])
  })

  test('whose gateway takes questions and has no answer', async () => {
    const report = await heardNothing
    const message = says(/^no answer within 2\.0 s/)
    expect(check(report, 'DB-001')).toMatchObject({ status: 'skip', message })
    expect(check(report, 'DB-005')).toMatchObject({ status: 'FAIL', message })
  })

  test.each([
    [200, '[]', 'skip'],
    [200, 'null', 'skip'],
    [200, '{"max_connections":"many","waiting_for_locks":null}', 'skip'],
    [404, '{"code":"PGRST202"}', 'skip'],
    [503, '{"code":"PGRST000","details":"FATAL:  sorry, too many clients already"}', 'FAIL'],
    [504, '{"code":"PGRST003"}', 'FAIL'],
  ])('that answers %d %s: DB-001 %s', async (status, body, expected) => {
    answer = (response) => void response.writeHead(status).end(body)
    const environment = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_x' }
    const report = await doctor(environment, { only: ['DB-001', 'DB-002', 'DB-003', 'DB-006'] })
    const [first, ...others] = report.checks.map((each) => each.status)
    expect([first, new Set(others)]).toEqual([expected, new Set(['skip'])])
  })

  test('that is not there: skipped', async () => {
    const environment = { SUPABASE_URL: 'http://127.0.0.1:1', SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_x' }
    for (const environmentOrNone of [environment, {}]) {
      const report = await doctor(environmentOrNone, { only: ['SUP-002', 'SUP-003', 'DB-005'] })
      expect([check(report, 'SUP-002').status, check(report, 'DB-005').status]).toEqual(['skip', 'skip'])
    }
  })
})
