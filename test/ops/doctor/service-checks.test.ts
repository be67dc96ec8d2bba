import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createOperatorClient,
  type Command,
  type OperatorClient,
} from '../../../src/library/backends/operator.js'
import { outageLoadCheck } from '../../../src/ops/doctor/checks/outage-load.js'
import { TABLES } from '../../../src/ops/doctor/checks/supabase-tables.js'
import { parseInfo } from '../../../src/ops/doctor/info.js'
import { between } from '../../../src/ops/doctor/interval.js'
import type { ThresholdOverrides } from '../../../src/ops/doctor/select.js'
import type { World } from '../../../src/ops/doctor/world.js'
import type { CheckStatus } from '../../../src/ops/report/doctor-report.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { startSupabase, type SupabaseService } from '../../../src/ops/sandbox/supabase/start-supabase.js'
import { signToken } from '../../../src/ops/sandbox/supabase/tokens.js'
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

describe('Supabase', () => {
  let supabase: SupabaseService

  beforeAll(async () => {
    supabase = await startSupabase({ watchdog: sandbox.watchdog })
  })
  afterAll(() => supabase.stop())

  const asked = async (id: string, key: string, options: Parameters<typeof doctor>[1] = {}) => {
    const environment = { SUPABASE_URL: supabase.url, SUPABASE_SERVICE_ROLE_KEY: key }
    const report = await doctor(environment, { only: [id], ...options })
    expect(JSON.stringify(report)).not.toContain(key)
    return check(report, id)
  }

  test('the tables are those of the migrations', () => {
    const made = readdirSync('supabase/migrations').flatMap((file) =>
      [...readFileSync(`supabase/migrations/${file}`, 'utf8').matchAll(/^create table public\.(\w+)/gm)].map(
        ([, table]) => table!,
      ),
    )
    expect(new Set(TABLES)).toEqual(new Set(made))
  })

  test('SUP-002: all are there, one is not, and a key that may not read them', async () => {
    expect(await asked('SUP-002', supabase.serviceRoleKey)).toMatchObject({ status: 'ok', value: 0 })
    expect(await asked('SUP-002', supabase.anonKey)).toMatchObject({ status: 'FAIL', message: says(/42501/) })
    if (supabase.postgres === null) return
    const client = new Client(supabase.postgres.url)
    await client.connect()
    await client.query('alter table model_pricing rename to model_pricing_gone')
    const one = await asked('SUP-002', supabase.serviceRoleKey)
    await client.query('alter table model_pricing_gone rename to model_pricing')
    await client.end()
    expect(one).toMatchObject({ status: 'FAIL', value: 1, message: says(/^missing: model_pricing;/) })
  })

  test.each<[status: CheckStatus, key: () => string, message: RegExp]>([
    ['ok', () => supabase.serviceRoleKey, /^service_role$/],
    ['ok', () => 'sb_secret_0123456789', /^service_role$/],
    ['FAIL', () => supabase.anonKey, /holds a key of anon/],
    ['FAIL', () => 'sb_publishable_0123456789', /holds a key of anon/],
    ['FAIL', () => signToken({ role: 'service_role', exp: 1_700_000_000 }, 'x'), /expired on 2023-11-14/],
    ['FAIL', () => signToken({ role: 'a role\u001b[31m' }, 'x'), /holds a key of another role/],
    ['unknown', () => 'something-else', /no key whose role can be read/],
  ])('SUP-003: %s', async (status, key, message) => {
    expect(await asked('SUP-003', key())).toMatchObject({ status, message: says(message) })
  })

  test('DB-005: judged against the threshold', async () => {
    const judged = (warn: number, fail: number) =>
      asked('DB-005', supabase.serviceRoleKey, { thresholds: { 'DB-005': { warn, fail } } })
    const found = [await judged(1e6, 1e6), await judged(0, 1e6), await judged(0, 0)]
    expect(found.map(({ status }) => status)).toEqual(['ok', 'warn', 'FAIL'])
    expect(found[0]!.message).toMatch(/10 reads of one row/)
  })
})

describe('another Supabase', () => {
  let server: Server
  let answer: (response: ServerResponse) => void
  let SUPABASE_URL: string

  beforeAll(async () => {
    server = createServer((_request, response) => answer(response))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    SUPABASE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  test.each([
    [404, 'warn', 'skip'],
    [500, 'skip', 'skip'],
    [302, 'skip', 'skip'],
  ])('that answers %d: SUP-002 %s, DB-005 %s', async (status, tables, latency) => {
    answer = (response) => void response.writeHead(status, { location: '/' }).end('{}')
    const environment = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_x' }
    const report = await doctor(environment, { only: ['SUP-002', 'DB-005'] })
    expect([check(report, 'SUP-002').status, check(report, 'DB-005').status]).toEqual([tables, latency])
  })

  test('that is not there: skipped', async () => {
    const environment = { SUPABASE_URL: 'http://127.0.0.1:1', SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_x' }
    for (const environmentOrNone of [environment, {}]) {
      const report = await doctor(environmentOrNone, { only: ['SUP-002', 'SUP-003', 'DB-005'] })
      expect([check(report, 'SUP-002').status, check(report, 'DB-005').status]).toEqual(['skip', 'skip'])
    }
  })
})

describe('DB-004', () => {
  const READS = 200
  const judged = async (numbers: { warn?: number; fail?: number } | null, reads = READS) => {
    await admin.send('SET', 'key', 'x')
    const gets = Array.from({ length: reads }, (): Command => ['GET', 'key'])
    const pause = async () => void (await admin.pipeline(gets))
    const thresholds: ThresholdOverrides = numbers ? { 'DB-004': numbers } : {}
    const report = await doctor({ REDIS_URL: sandbox.redis.url }, { only: ['DB-004'], pause, thresholds })
    return check(report, 'DB-004')
  }

  test('unknown until the headroom is declared, and while nobody reads', async () => {
    expect(await judged(null)).toMatchObject({ status: 'unknown', message: says(/is not declared/) })
    expect(await judged({ fail: 1e6 }, 5)).toMatchObject({ status: 'unknown', message: says(/only 5 reads/) })
  })

  test('within, near and above what is declared', async () => {
    expect((await judged({ fail: 1e7 })).status).toBe('ok')
    expect((await judged({ warn: 1, fail: 1e7 })).status).toBe('warn')
    expect(await judged({ fail: 1 })).toMatchObject({ status: 'FAIL', message: says(/falls over/) })
  })

  test.each([
    [500, 'ok'],
    [700, 'warn'],
    [1100, 'FAIL'],
  ])('%d hits a second of 1000 that it can take: %s', async (hits, status) => {
    const info = (count: number) => parseInfo(`keyspace_hits:${count}\r\nkeyspace_misses:0`)
    const world = { interval: () => Promise.resolve(between(info(5), info(5 + 2 * hits), 2)) } as World
    const found = await outageLoadCheck.run(admin, world, { warn: null, fail: 1000, source: '' })
    expect(found).toMatchObject({ status, value: hits })
  })

  test('a user who may not ask INFO: skipped', async () => {
    await admin.send('ACL', 'SETUSER', 'app', 'on', '>pw', '~*', '-@all', '+ping', '+client', '+hello')
    const REDIS_URL = sandbox.redis.url.replace('//', '//app:pw@')
    const report = await doctor({ REDIS_URL }, { only: ['DB-004'], thresholds: { 'DB-004': { fail: 1 } } })
    expect(check(report, 'DB-004').status).toBe('skip')
  })
})
