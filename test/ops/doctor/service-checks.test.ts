import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Redis } from '@upstash/redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOperatorClient, type OperatorClient } from '../../../src/library/backends/operator.js'
import type { UpstashCheck } from '../../../src/ops/doctor/check.js'
import { upstashEvictionCheck } from '../../../src/ops/doctor/checks/upstash-eviction.js'
import { upstashQuotaCheck } from '../../../src/ops/doctor/checks/upstash-quota.js'
import type { DiagnoseOptions } from '../../../src/ops/doctor/diagnose.js'
import { openUpstash, type UpstashLink } from '../../../src/ops/doctor/upstash-link.js'
import { isOverQuota } from '../../../src/ops/doctor/upstash-refusal.js'
import type { UpstashPlan, World } from '../../../src/ops/doctor/world.js'
import { createRestDoor } from '../../../src/ops/faults/doors/rest.js'
import { upstash429 } from '../../../src/ops/faults/upstash-429.js'
import { conclusionOf } from '../../../src/ops/report/doctor-conclusion.js'
import type { CheckStatus, DoctorReport } from '../../../src/ops/report/doctor-report.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { startUpstashEndpoint, type UpstashEndpoint } from '../../../src/ops/sandbox/upstash/endpoint.js'
import { times } from './commands.js'
import { check, doctor } from './run.js'
import { seen } from './seen.js'

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

describe('what Upstash says of itself', () => {
  const token = 'token-canary'
  let endpoint: UpstashEndpoint

  beforeAll(async () => {
    endpoint = await startUpstashEndpoint({ redisUrl: sandbox.redis.url, token })
  })
  afterAll(() => endpoint.stop())

  const environment = (url = endpoint.url) => ({
    UPSTASH_REDIS_REST_URL: url,
    UPSTASH_REDIS_REST_TOKEN: token,
  })
  const asked = async (id: string, url?: string, options: Parameters<typeof doctor>[1] = {}) => {
    const report = await doctor(environment(url), { only: [id], ...options })
    expect(JSON.stringify(report)).not.toContain('canary')
    return check(report, id)
  }
  /** The check on what the endpoint really says, but for what a test cannot wait for or have. */
  const withInfo = async (
    checked: UpstashCheck,
    change: (info: string) => string,
    upstashPlan: UpstashPlan = {},
  ) => {
    const cache = { backend: { backend: 'upstash', url: endpoint.url, token } }
    const world = { cache, signal: new AbortController().signal, upstashPlan } as unknown as World
    const link = openUpstash(world)
    const send: UpstashLink['send'] = async (...command) => {
      const reply = await link.send(...command)
      return { ...reply, result: change(String(reply.result)) }
    }
    try {
      return seen(checked.id, await checked.run({ ...link, send }, world, checked.threshold))
    } finally {
      link.close()
    }
  }
  const reader = async (id: string) => {
    await admin.send('ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '-@all', '+@read', '+@connection')
    const other = await startUpstashEndpoint({
      redisUrl: sandbox.redis.url.replace('//', '//reader:pw@'),
      token,
    })
    try {
      return await asked(id, other.url)
    } finally {
      await other.stop()
    }
  }

  describe('UPS-001', () => {
    const days = (count: number) => (info: string) =>
      info.replace(/uptime_in_seconds:\d+/, `uptime_in_seconds:${count * 86_400}`)
    const over = (count: number, plan?: UpstashPlan) => withInfo(upstashQuotaCheck, days(count), plan)

    beforeAll(async () => {
      await admin.send('CONFIG', 'RESETSTAT')
      await admin.pipeline(times(10_000, () => ['PING']))
    })

    test.each<[UpstashPlan, CheckStatus, RegExp]>([
      [
        {},
        'unknown',
        /^10\d{3} commands a day on average over 24 h, .*what the plan includes is not declared$/,
      ],
      [{ commandsPerDay: 20_000 }, 'ok', /: 5\d % of the 20000 a day that are declared$/],
      [{ commandsPerDay: 11_500 }, 'warn', /: 8\d % of the 11500 a day/],
      [{ commandsPerDay: 20_000, commandsPerMonth: 31 * 11_500 }, 'warn', /: 8\d % of the 356500 a month/],
      [{ commandsPerMonth: 31 * 10_000, commandsPerDay: 20_000 }, 'FAIL', /: 10\d % of the 310000 a month/],
    ])('%o declared: %s', async (plan, status, message) => {
      expect(await over(1, plan)).toMatchObject({ status, message: says(message) })
    })

    test('over ten days it is a tenth', async () => {
      expect(await over(10, { commandsPerDay: 1150 })).toMatchObject({ status: 'warn' })
    })

    test('unknown before a day has passed, and where nothing is counted', async () => {
      expect(await asked('UPS-001', undefined, { upstash: { commandsPerDay: 1 } })).toMatchObject({
        status: 'unknown',
        message: says(/^it counts since .*an average takes a day/),
      })
      const uncounted = (info: string) => info.replace(/total_commands_processed:\d+/, '')
      expect(await withInfo(upstashQuotaCheck, uncounted, { commandsPerDay: 1 })).toMatchObject({
        status: 'unknown',
        message: says(/does not count its commands/),
      })
    })

    test('a plan that is used up fails, declared or not; who may not ask is skipped', async () => {
      const door = await createRestDoor({ upstream: endpoint })
      await upstash429.apply(door)
      const all = await doctor(environment(`http://${door.host}:${door.port}`), {
        only: ['CON-001', 'UPS-001'],
      })
      const found = check(all, 'UPS-001')
      const write = await asked('UPS-003', `http://${door.host}:${door.port}`, { probeWrites: true })
      await door.close()
      expect(found).toMatchObject({
        status: 'FAIL',
        message: says(/^the 500000 commands of the plan are used up/),
      })
      expect(write).toMatchObject({
        status: 'FAIL',
        message: says(/^SET is refused: the requests of the plan are used up; so is GET/),
      })
      expect(check(all, 'CON-001')).toMatchObject({ status: 'FAIL', message: says(/^quota: /) })
      expect(all.impact).toMatchObject({ redis: 'half', kind: 'quota', headline: says(/used up/) })
      expect(await reader('UPS-001')).toMatchObject({ status: 'skip', message: says(/INFO is refused/) })
    })
  })

  test.each([
    ['ERR max requests limit exceeded. Limit: 500000, Usage: 500000.', true],
    ['ERR max daily request limit exceeded. Limit: 10000, Usage: 10001.', true],
    ['ERR max request size exceeded. Limit: 10485760 bytes, Actual: 20971520 bytes', false],
  ])('%s: over the quota %s', (refusal, expected) => {
    expect(isOverQuota(refusal)).toBe(expected)
  })

  describe('UPS-004', () => {
    const set = (...settings: string[]) => admin.send('CONFIG', 'SET', ...settings)
    afterAll(() => set('maxmemory', '0', 'maxmemory-policy', 'noeviction'))

    test('evicts; does not; does not and is nearly full', async () => {
      await set('maxmemory', '1gb', 'maxmemory-policy', 'allkeys-lru')
      expect(await asked('UPS-004')).toMatchObject({ status: 'ok', message: 'allkeys-lru' })
      await set('maxmemory-policy', 'noeviction')
      expect(await asked('UPS-004')).toMatchObject({ status: 'warn', message: says(/^eviction is off/) })
      const used = /used_memory:(\d+)/.exec((await admin.send('INFO', 'memory')) as string)![1]
      await set('maxmemory', String(Math.round(Number(used) * 1.05)))
      expect(await asked('UPS-004')).toMatchObject({ status: 'FAIL', message: says(/once it is full/) })
    })

    test('unknown where it is not told; skipped without a limit, and by who may not ask', async () => {
      const untold = (info: string) => info.replace(/maxmemory_policy:.*/, '')
      expect((await withInfo(upstashEvictionCheck, untold)).status).toBe('unknown')
      await set('maxmemory', '0')
      expect((await asked('UPS-004')).status).toBe('skip')
      expect((await reader('UPS-004')).status).toBe('skip')
    })
  })

  describe('UPS-005', () => {
    const upstash = (options: DiagnoseOptions['client']['options'] = {}): DiagnoseOptions['client'] => ({
      library: 'upstash',
      options,
    })

    test.each<[DiagnoseOptions['client'], CheckStatus]>([
      [{ library: 'transparent-cache', options: {} }, 'ok'],
      [upstash({ automaticDeserialization: false }), 'ok'],
      [upstash({ automaticDeserialization: true }), 'warn'],
      [upstash(), 'warn'],
      [{ options: {} }, 'unknown'],
      [{ library: 'ioredis@6', options: {} }, 'skip'],
    ])('%o: %s', async (client, status) => {
      expect((await asked('UPS-005', undefined, { client })).status).toBe(status)
    })

    test('skipped on Redis; an option that is no boolean is refused', async () => {
      const report = await doctor({ REDIS_URL: sandbox.redis.url }, { only: ['UPS-005'], client: upstash() })
      expect(check(report, 'UPS-005').status).toBe('skip')
      const wrong = upstash({ automaticDeserialization: 'no' })
      await expect(asked('UPS-005', undefined, { client: wrong })).rejects.toThrow(/automaticDeserialization/)
    })

    test('what it says is what @upstash/redis does', async () => {
      const read = async (options: object) => {
        const client = new Redis({ url: endpoint.url, token, enableTelemetry: false, ...options })
        return Promise.all(['1', 'true', 'null'].map(async (text) => client.get(`text:${text}`)))
      }
      for (const text of ['1', 'true', 'null']) await admin.send('SET', `text:${text}`, text)
      expect(await read({})).toEqual([1, true, null])
      expect(await read({ automaticDeserialization: false })).toEqual(['1', 'true', 'null'])
    })
  })

  test('skipped on Redis, and where there is no endpoint', async () => {
    for (const world of [{ REDIS_URL: sandbox.redis.url }, environment('http://127.0.0.1:1')]) {
      const report = await doctor(world, { only: ['UPS-001', 'UPS-004'] })
      expect(report.checks.map(({ status }) => status)).toEqual(['skip', 'skip'])
    }
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
    [404, '{"code":"PGRST205"}', 'warn', 'skip'],
    [404, '{"code":"42P01"}', 'warn', 'skip'],
    [404, '{"message":"no Route matched"}', 'skip', 'skip'],
    [500, '{}', 'skip', 'FAIL'],
    [302, '', 'skip', 'skip'],
  ])('that answers %d %s: SUP-002 %s, DB-005 %s', async (status, body, tables, latency) => {
    answer = (response) => void response.writeHead(status, { location: '/' }).end(body)
    const environment = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_x' }
    const report = await doctor(environment, { only: ['SUP-002', 'DB-005'] })
    expect([check(report, 'SUP-002').status, check(report, 'DB-005').status]).toEqual([tables, latency])
  })

  test('that is a web site, with a page for every path', async () => {
    answer = (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
    const environment = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_x' }
    const report = await doctor(environment, { only: ['SUP-001', 'SUP-002', 'DB-005'] })
    expect(report.checks.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'SUP-001 FAIL',
      'SUP-002 skip',
      'DB-005 skip',
    ])
    expect(check(report, 'SUP-001').message).toMatch(/no REST endpoint is there/)
  })

  test('whose gateway takes questions and has no answer', async () => {
    const report = await heardNothing
    expect(check(report, 'DB-001')).toMatchObject({ status: 'skip', message: says(/ 2\.0 s \(DB-005\)$/) })
    expect(check(report, 'DB-005')).toMatchObject({
      status: 'FAIL',
      message: says(/^no answer within 2\.0 s to a read/),
    })
    expect(conclusionOf(report).sentence).toBe('without Supabase nothing works')
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
