import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createOperatorClient,
  type Command,
  type OperatorClient,
} from '../../../src/library/backends/operator.js'
import { databaseBuffersCheck } from '../../../src/ops/doctor/checks/database-buffers.js'
import { outageLoadCheck } from '../../../src/ops/doctor/checks/outage-load.js'
import { TABLES } from '../../../src/ops/doctor/checks/supabase-tables.js'
import { askDatabase } from '../../../src/ops/doctor/database.js'
import { parseInfo } from '../../../src/ops/doctor/info.js'
import { between } from '../../../src/ops/doctor/interval.js'
import type { ThresholdOverrides } from '../../../src/ops/doctor/select.js'
import type { World } from '../../../src/ops/doctor/world.js'
import type { CheckReport, CheckStatus } from '../../../src/ops/report/doctor-report.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { startSupabase, type SupabaseService } from '../../../src/ops/sandbox/supabase/start-supabase.js'
import { signToken } from '../../../src/ops/sandbox/supabase/tokens.js'
import { startUpstashEndpoint } from '../../../src/ops/sandbox/upstash/endpoint.js'
import { check, doctor } from './run.js'
import { seen } from './seen.js'

let sandbox: Sandbox
let supabase: SupabaseService
let admin: OperatorClient
/** The superuser of Postgres. */
let owner: Client

beforeAll(async () => {
  sandbox = await startSandbox()
  admin = await createOperatorClient({ url: sandbox.redis.url })
  supabase = await startSupabase({ watchdog: sandbox.watchdog })
  owner = await login()
})
afterAll(async () => {
  await owner?.end()
  await supabase?.stop()
  admin?.close()
  await sandbox?.stop()
})

const says = (pattern: RegExp) => expect.stringMatching(pattern) as string

async function login(): Promise<Client> {
  const client = new Client(supabase.postgres!.url)
  // Whom a test throws out is told so, and the process if nobody listens.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

const environment = (key = supabase.serviceRoleKey) => ({
  SUPABASE_URL: supabase.url,
  SUPABASE_SERVICE_ROLE_KEY: key,
})

async function askedAll<Id extends string>(
  ids: readonly Id[],
  key = supabase.serviceRoleKey,
  options: Parameters<typeof doctor>[1] = {},
): Promise<Record<Id, CheckReport>> {
  const report = await doctor(environment(key), { only: ids, ...options })
  expect(JSON.stringify(report)).not.toContain(key)
  return Object.fromEntries(ids.map((id) => [id, check(report, id)])) as Record<Id, CheckReport>
}

const asked = async (id: string, key?: string, options?: Parameters<typeof doctor>[1]) =>
  (await askedAll([id], key, options))[id]!

const judgedBy = (id: string, warn: number, fail: number) =>
  asked(id, undefined, { thresholds: { [id]: { warn, fail } } })

const DATABASE = ['DB-001', 'DB-002', 'DB-003', 'DB-006'] as const

describe('Supabase', () => {
  test('the tables are those of the migrations', () => {
    const made = readdirSync('supabase/migrations').flatMap((file) =>
      [...readFileSync(`supabase/migrations/${file}`, 'utf8').matchAll(/^create table public\.(\w+)/gm)].map(
        ([, table]) => table!,
      ),
    )
    expect(new Set(TABLES)).toEqual(new Set(made))
  })

  test('SUP-002: all are there, one is not, and a key that may not read them', async () => {
    expect(await asked('SUP-002')).toMatchObject({ status: 'ok', value: 0 })
    expect(await asked('SUP-002', supabase.anonKey)).toMatchObject({ status: 'FAIL', message: says(/42501/) })
    await owner.query('alter table model_pricing rename to model_pricing_gone')
    const one = await asked('SUP-002')
    await owner.query('alter table model_pricing_gone rename to model_pricing')
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
    const found = [
      await judgedBy('DB-005', 1e6, 1e6),
      await judgedBy('DB-005', 0, 1e6),
      await judgedBy('DB-005', 0, 0),
    ]
    expect(found.map(({ status }) => status)).toEqual(['ok', 'warn', 'FAIL'])
    expect(found[0]!.message).toMatch(/10 reads of one row/)
  })
})

describe('what the database says of itself', () => {
  test('a server where all is well; its buffers are not judged before they are full', async () => {
    const found = await askedAll(DATABASE)
    expect(found['DB-001']).toMatchObject({
      status: 'ok',
      message: says(/^\d of 47 \(3 more are reserved\): .*, none of them at work$/),
    })
    expect(found['DB-002']).toMatchObject({ status: 'unknown', message: says(/^started .* ago/) })
    expect(found['DB-003']).toMatchObject({ status: 'ok', value: 0 })
    expect(found['DB-006']).toMatchObject({ status: 'ok', value: 0 })
  })

  test('DB-001: near the limit, at it, and with nothing left for who asks', async () => {
    const others: Client[] = []
    const count = async (sessions: string) => {
      const { rows } = await owner.query<{ count: number }>(
        `select count(*)::int from pg_stat_activity where ${sessions}`,
      )
      return rows[0]!.count
    }
    const fill = async (total: number) => {
      const more = total - (await count(`backend_type = 'client backend'`))
      others.push(...(await Promise.all(Array.from({ length: more }, login))))
    }
    try {
      await fill(40)
      expect(await asked('DB-001')).toMatchObject({ status: 'warn', message: says(/^40 of 47 .*: 85 %/) })
      await fill(47)
      expect(await asked('DB-001')).toMatchObject({ status: 'FAIL', value: 100 })
      const ofEndpoint = `usename = 'authenticator'`
      await owner.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${ofEndpoint}`)
      await expect.poll(() => count(ofEndpoint)).toBe(0)
      await fill(47)
      const { 'DB-001': full, 'DB-003': queries } = await askedAll(['DB-001', 'DB-003'])
      expect(full).toMatchObject({ status: 'FAIL', message: says(/no further connection \(53300\)/) })
      expect(queries).toMatchObject({ status: 'skip', message: says(/\(DB-001\)$/) })
    } finally {
      await Promise.all(others.map((client) => client.end()))
    }
  })

  describe('DB-002', () => {
    const reset = async () => {
      // What this session has not yet told would count after it.
      await owner.query('select pg_stat_force_next_flush()')
      await owner.query('select pg_stat_reset()')
    }
    /** Two or three blocks each, of a table that stays in the buffers. */
    const hits = (count: number) =>
      owner.query(
        `select count(*) from generate_series(1, ${count}) as n,
           lateral (select from small where small.id = n % 50 offset 0) as found`,
      )
    /** A row is a block, and the table does not stay. */
    const misses = (count: number) =>
      owner.query(`select count(*) from (select from large limit ${count}) as rows`)
    const anHourLater = async () => {
      await owner.query('select pg_stat_force_next_flush()')
      const signal = new AbortController().signal
      const { numbers } = await askDatabase({ environment: environment(), signal })
      const world = { database: async () => ({ numbers: { ...numbers!, uptimeSeconds: 3600 } }) }
      const { threshold } = databaseBuffersCheck
      return seen('DB-002', await databaseBuffersCheck.run(world as unknown as World, threshold))
    }

    beforeAll(async () => {
      await owner.query(`
        create table small (id int primary key);
        insert into small select generate_series(0, 49);
        create table large (filler text);
        alter table large alter filler set storage plain;
        insert into large select repeat('x', 7000) from generate_series(1, 3000);
        set enable_seqscan = off`)
    })
    afterAll(() => owner.query('drop table small, large; reset enable_seqscan'))

    test('too few blocks; out of the buffers; partly; hardly', async () => {
      await reset()
      expect(await anHourLater()).toMatchObject({ status: 'unknown', message: says(/of 10000 needed/) })
      await reset()
      await hits(10_000)
      expect(await anHourLater()).toMatchObject({ status: 'ok', message: says(/ blocks within /) })
      await misses(600)
      expect(await anHourLater()).toMatchObject({ status: 'warn' })
      await misses(3000)
      expect(await anHourLater()).toMatchObject({ status: 'FAIL', value: expect.closeTo(86, -1) as number })
    })
  })

  test('DB-003: a long query, and a transaction that is left open', async () => {
    const other = await login()
    const query = other.query('select pg_sleep(60)').catch(() => undefined)
    await expect
      .poll(() => judgedBy('DB-003', 0.05, 600))
      .toMatchObject({
        status: 'warn',
        message: says(/^the longest query runs for/),
      })
    expect((await judgedBy('DB-003', 0, 0.05)).status).toBe('FAIL')
    expect((await asked('DB-003')).status).toBe('ok')
    await owner.query('select pg_cancel_backend(pid) from pg_stat_activity where query like $1', [
      '%sleep(60)',
    ])
    await query
    await other.query('begin')
    await expect
      .poll(() => judgedBy('DB-003', 0.05, 600))
      .toMatchObject({
        status: 'warn',
        message: says(/a transaction has been left open and idle for/),
      })
    await other.end()
  })

  test('DB-006: somebody waits for a lock', async () => {
    const [holder, waiter] = [await login(), await login()]
    await holder.query('begin; lock table conversations in access exclusive mode')
    const waited = waiter.query('select from conversations').catch(() => undefined)
    await expect
      .poll(() => judgedBy('DB-006', 0.05, 600))
      .toMatchObject({
        status: 'warn',
        message: says(/^1 waits, for .* at most/),
      })
    expect((await judgedBy('DB-006', 0, 0.05)).status).toBe('FAIL')
    expect((await asked('DB-006')).status).toBe('ok')
    await holder.query('rollback')
    await waited
    await Promise.all([holder.end(), waiter.end()])
  })

  const skipped = async (message: RegExp, ids: readonly string[] = DATABASE, key?: string) => {
    const found = Object.values(await askedAll(ids, key))
    for (const each of found) expect(each).toMatchObject({ status: 'skip', message: says(message) })
    return found
  }

  test('skipped without the function, and by whom it is not meant for', async () => {
    await skipped(/42501.*no service key \(SUP-003\)/, DATABASE, supabase.anonKey)
    const user = supabase.tokenFor({ tenantId: 'acme', userId: 'anna' })
    const response = await fetch(`${supabase.url}/rest/v1/rpc/cache_doctor_database`, {
      headers: { apikey: supabase.anonKey, authorization: `Bearer ${user}` },
    })
    expect([response.status, await response.text()]).toEqual([403, says(/"42501"/)])
    await owner.query('revoke execute on function cache_doctor_database() from service_role')
    await skipped(/its grant to service_role was taken back/)
    await owner.query('grant execute on function cache_doctor_database() to service_role')
    await owner.query('alter function cache_doctor_database() rename to gone')
    const [first] = await skipped(/^the database has no function public\.cache_doctor_database\(\)/)
    expect(first!.remediation.commands).toContain('supabase db push')
    await owner.query('alter function gone() rename to cache_doctor_database')
  })

  test('sessions are skipped where its owner may not see them', async () => {
    await owner.query(
      'create role plain; grant create on schema public to plain; alter function cache_doctor_database() owner to plain',
    )
    await skipped(/may not see the sessions of others/, ['DB-001', 'DB-003'])
    await owner.query(
      'alter function cache_doctor_database() owner to postgres; revoke create on schema public from plain; drop role plain',
    )
  })

  test('a table of the caller does not stand in for the catalogue', async () => {
    const caller = await login()
    await caller.query(`
      set role service_role;
      create temp table pg_stat_database as
        select current_database() as datname, 1 as blks_hit, -7 as blks_read, null::timestamptz as stats_reset`)
    const { rows } = await caller.query<{ said: { blocks_read: number } }>(
      'select public.cache_doctor_database() as said',
    )
    expect(rows[0]!.said.blocks_read).toBeGreaterThan(0)
    await caller.end()
  })

  test('it gives away numbers and nothing else', async () => {
    const { rows } = await owner.query<{ said: object }>('select cache_doctor_database() as said')
    const kinds = new Set(
      Object.values(rows[0]!.said).map((value) => (value === null ? 'null' : typeof value)),
    )
    expect([...kinds].every((kind) => ['boolean', 'null', 'number'].includes(kind))).toBe(true)
  })

  test('another Supabase: nothing is taken for an answer', async () => {
    const SUPABASE_URL = 'http://127.0.0.1:1'
    const worlds: Record<string, string>[] = [{}, { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_x' }]
    for (const elsewhere of worlds) {
      const report = await doctor(elsewhere, { only: DATABASE })
      expect(DATABASE.map((id) => check(report, id).status)).toEqual(DATABASE.map(() => 'skip'))
    }
  })
})

describe('DB-004', () => {
  const READS = 200
  const judged = async (
    numbers: { warn?: number; fail?: number } | null,
    { reads = READS, ms = 0, with: others = {} }: { reads?: number; ms?: number; with?: object } = {},
  ) => {
    await admin.send('SET', 'key', 'x')
    const pause = async () => {
      // Not all at once: each piece has its own second to be answered in, on a busy machine too.
      for (let left = reads; left > 0; left -= 1000) {
        const length = Math.min(left, 1000)
        await admin.pipeline(Array.from({ length }, (): Command => ['GET', 'key']))
      }
      await sleep(ms)
    }
    const thresholds: ThresholdOverrides = numbers ? { 'DB-004': numbers } : {}
    const report = await doctor(
      { REDIS_URL: sandbox.redis.url, ...others },
      { only: ['DB-004'], pause, thresholds },
    )
    return check(report, 'DB-004')
  }

  test('unknown until the headroom is declared, and while nobody reads', async () => {
    expect(await judged(null)).toMatchObject({ status: 'unknown', message: says(/is not declared/) })
    expect(await judged({ fail: 1e6 }, { reads: 5 })).toMatchObject({
      status: 'unknown',
      message: says(/only 5 reads/),
    })
  })

  test('within, near and above what is declared', async () => {
    expect((await judged({ fail: 1e7 })).status).toBe('ok')
    expect((await judged({ warn: 1, fail: 1e7 })).status).toBe('warn')
    expect(await judged({ fail: 1 })).toMatchObject({ status: 'FAIL', message: says(/falls over/) })
  })

  test('the free connections: told while they suffice, a warning whatever is declared when they may not', async () => {
    const few = { reads: 30, ms: 200, with: environment() }
    expect(await judged(null, few)).toMatchObject({
      status: 'unknown',
      message: says(/keep up to \d connections? busy, and \d+ are free; what it can carry is not declared/),
      value: expect.any(Number) as number,
    })
    expect((await judged({ fail: 1e7 }, few)).status).toBe('ok')
    const many = { reads: 20_000, with: environment() }
    for (const declared of [null, { fail: 1e7 }]) {
      expect(await judged(declared, many)).toMatchObject({ status: 'warn', message: says(/may not suffice/) })
    }
  })

  test.each([
    [500, 'ok'],
    [700, 'warn'],
    [1100, 'FAIL'],
  ])('%d hits a second of 1000 that it can take: %s', async (hits, status) => {
    const info = (count: number) => parseInfo(`keyspace_hits:${count}\r\nkeyspace_misses:0`)
    const nothing = { status: 'skip', message: '' } as const
    const world: Partial<World> = {
      interval: () => Promise.resolve(between(info(5), info(5 + 2 * hits), 2)),
      database: () => Promise.resolve({ numbers: null, full: null, instead: nothing }),
      supabaseReads: () => Promise.resolve({ p50Ms: null, instead: nothing }),
    }
    const found = await outageLoadCheck.run(admin, world as World, { warn: null, fail: 1000, source: '' })
    expect(found).toMatchObject({ status, value: hits })
  })

  test('on Upstash, out of its INFO; skipped where that is refused or away', async () => {
    const endpoint = await startUpstashEndpoint({ redisUrl: sandbox.redis.url })
    const restOf = (url: string) => ({
      UPSTASH_REDIS_REST_URL: url,
      UPSTASH_REDIS_REST_TOKEN: endpoint.token,
    })
    const gets = Array.from({ length: READS }, (): Command => ['GET', 'key'])
    const asked = (url: string) =>
      doctor(restOf(url), {
        only: ['DB-004', 'HIT-001'],
        pause: async () => void (await admin.pipeline(gets)),
        thresholds: { 'DB-004': { fail: 1 } },
      })
    await admin.send('SET', 'key', 'x')
    const found = await asked(endpoint.url)
    expect(check(found, 'DB-004')).toMatchObject({ status: 'FAIL', message: says(/falls over/) })
    expect(check(found, 'HIT-001')).toMatchObject({ status: 'skip', message: says(/^started /) })
    await admin.send('ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '-@all', '+@read', '+@connection')
    const reader = await startUpstashEndpoint({
      redisUrl: sandbox.redis.url.replace('//', '//reader:pw@'),
      token: endpoint.token,
    })
    const refused = await asked(reader.url)
    await Promise.all([endpoint.stop(), reader.stop()])
    for (const report of [refused, await asked(endpoint.url)]) {
      expect(report.checks.map(({ status }) => status)).toEqual(['skip', 'skip'])
    }
  })

  test('a user who may not ask INFO: skipped', async () => {
    await admin.send('ACL', 'SETUSER', 'app', 'on', '>pw', '~*', '-@all', '+ping', '+client', '+hello')
    const REDIS_URL = sandbox.redis.url.replace('//', '//app:pw@')
    const report = await doctor({ REDIS_URL }, { only: ['DB-004'], thresholds: { 'DB-004': { fail: 1 } } })
    expect(check(report, 'DB-004').status).toBe('skip')
  })
})
