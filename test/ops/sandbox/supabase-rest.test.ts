import { createHmac } from 'node:crypto'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { Client, Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { poolDatabase } from '../../../src/ops/sandbox/supabase/pool-database.js'
import type { LoopbackServer } from '../../../src/ops/sandbox/http/loopback-server.js'
import { startRestServer } from '../../../src/ops/sandbox/supabase/rest/rest-server.js'
import { startSupabase, type SupabaseService } from '../../../src/ops/sandbox/supabase/start-supabase.js'
import { signToken } from '../../../src/ops/sandbox/supabase/tokens.js'
import { startWatchdog, type Watchdog } from '../../../src/ops/sandbox/watchdog.js'

const USER = '11111111-1111-4111-8111-111111111111'
const SECRET = 'a secret of this test'

let watchdog: Watchdog
let service: SupabaseService
let admin: SupabaseClient
let anna: SupabaseClient
let stranger: SupabaseClient
let postgres: Client
/** Over the same Postgres, with a secret that the test knows. */
let own: LoopbackServer
let ownPool: Pool

beforeAll(async () => {
  watchdog = startWatchdog()
  service = await startSupabase({ watchdog, migrations: join(import.meta.dirname, 'fixtures/supabase-rest') })
  admin = clientOf(service.serviceRoleKey)
  stranger = clientOf(service.anonKey)
  anna = clientOf(service.anonKey, service.tokenFor({ tenantId: 'acme', userId: USER }))
  postgres = new Client({ connectionString: service.postgres!.url })
  await postgres.connect()
  ownPool = new Pool({ connectionString: service.postgres!.url, max: 1 })
  own = await startRestServer({ database: poolDatabase(ownPool), jwtSecret: SECRET })
})
afterAll(async () => {
  await own?.stop()
  await ownPool?.end()
  await postgres?.end()
  await service?.stop()
  await watchdog?.stop()
})
beforeEach(async () => {
  // Emptying a table with `truncate` makes a new file each time, which takes longer than all else here.
  await postgres.query(`delete from comments; delete from notes; delete from places; delete from "odd ""one""";
    insert into notes (id, tenant_id, title, rank, tags, data, done, slug) values
    (1, 'acme', 'One', 1, '{a,b}', '{"kind": "x", "deep": [{"n": 10}]}', true, 'one'),
    (2, 'acme', 'two, (2)', 2, '{b}', '{"kind": "y"}', false, 'two'),
    (3, 'acme', 'three', null, '{}', '{}', null, null),
    (4, 'umbrella', 'their "own"', 4, '{a}', '{"kind": "x"}', true, 'theirs');
    select setval('notes_id_seq', 4)`)
})

function clientOf(key: string, token?: string): SupabaseClient {
  return createClient(service.url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    // Without a WebSocket of its own Node 20 cannot make one.
    realtime: { transport: class {} as never },
    ...(token === undefined ? {} : { accessToken: () => Promise.resolve(token) }),
  })
}

interface Asked {
  at?: string
  method?: string
  headers?: Record<string, string>
  body?: unknown
}

/** Asks as the service role unless the headers say otherwise. */
async function ask(path: string, { at = service.url, method = 'GET', headers = {}, body }: Asked = {}) {
  const response = await fetch(at + path, {
    method,
    headers: {
      apikey: service.serviceRoleKey,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const json: unknown = text === '' ? null : JSON.parse(text)
  return { status: response.status, headers: response.headers, body: json }
}

const queryOf = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString()
const idsOf = (rows: { id: number }[] | null) => (rows ?? []).map(({ id }) => id)

describe('reading', () => {
  test.each<
    [string, (query: ReturnType<typeof notes>) => PromiseLike<{ data: unknown; error: unknown }>, number[]]
  >([
    ['eq', (query) => query.eq('title', 'two, (2)'), [2]],
    ['neq', (query) => query.neq('rank', 1), [2, 4]],
    ['gt', (query) => query.gt('rank', 1), [2, 4]],
    ['gte and lt', (query) => query.gte('rank', 1).lt('rank', 4), [1, 2]],
    ['lte', (query) => query.lte('rank', 1), [1]],
    ['like', (query) => query.like('title', 't%'), [2, 3, 4]],
    ['like with *', (query) => query.like('title', '*2*'), [2]],
    ['ilike', (query) => query.ilike('title', 'o%'), [1]],
    ['in', (query) => query.in('title', ['two, (2)', 'three']), [2, 3]],
    ['in with quotes', (query) => query.in('title', ['their "own"', 'a\\b']), [4]],
    ['in of nothing', (query) => query.in('id', []), []],
    ['not in', (query) => query.not('id', 'in', '(1,2)'), [3, 4]],
    ['is null', (query) => query.is('rank', null), [3]],
    ['not is null', (query) => query.not('rank', 'is', null), [1, 2, 4]],
    ['is true', (query) => query.is('done', true), [1, 4]],
    ['is unknown', (query) => query.filter('done', 'is', 'unknown'), [3]],
    ['not eq', (query) => query.not('tenant_id', 'eq', 'acme'), [4]],
    ['contains an array', (query) => query.contains('tags', ['a']), [1, 4]],
    ['contains JSON', (query) => query.contains('data', { kind: 'x' }), [1, 4]],
    ['contained by', (query) => query.containedBy('tags', ['b', 'c']), [2, 3]],
    ['overlaps', (query) => query.overlaps('tags', ['b', 'z']), [1, 2]],
    ['match', (query) => query.match({ tenant_id: 'acme', rank: 1 }), [1]],
    ['a path of JSON', (query) => query.eq('data->>kind', 'y'), [2]],
    ['a path with places', (query) => query.eq('data->deep->0->n', 10), [1]],
    ['or', (query) => query.or('rank.eq.1,title.eq."two, (2)"'), [1, 2]],
    ['or with and, not and a list', (query) => query.or('and(rank.gt.1,not.or(id.eq.4)), id.in.(3)'), [2, 3]],
    ['or with an array and JSON', (query) => query.or('tags.cs.{a,b},data.cs.{"kind":"y"}'), [1, 2]],
    ['or with not', (query) => query.or('rank.not.is.null,done.is.true'), [1, 2, 4]],
  ])('%s', async (_, filtered, ids) => {
    const { data, error } = await filtered(notes())
    expect(error).toBeNull()
    expect(idsOf(data as { id: number }[])).toEqual(ids)
  })
  const notes = () => admin.from('notes').select('id').order('id')

  test('columns, names of their own, casts, paths, and names in need of quotes', async () => {
    const { data } = await admin
      .from('notes')
      .select('id, name:title, rank::text, data->>kind, n:data->deep->0->n, data->deep')
      .eq('id', 1)
    expect(data).toEqual([{ id: 1, name: 'One', rank: '1', kind: 'x', n: 10, deep: [{ n: 10 }] }])
    await admin.from('odd "one"').insert({ 'a.b': 1, select: 'x', answer: 42 }).throwOnError()
    const odd = admin.from('odd "one"').select('"a.b",select,answer').eq('"a.b"', 1)
    expect((await odd.throwOnError()).data).toEqual([{ 'a.b': 1, select: 'x', answer: 42 }])
    expect((await admin.from('odd "one"').select()).data).toEqual([{ 'a.b': 1, select: 'x', answer: 42 }])
  })

  test('order, where nulls stand, limit, range, and the count of all', async () => {
    const ranked = (nullsFirst?: boolean) =>
      admin.from('notes').select('id').order('rank', { ascending: false, nullsFirst }).order('id')
    expect(idsOf((await ranked()).data)).toEqual([3, 4, 2, 1])
    expect(idsOf((await ranked(false)).data)).toEqual([4, 2, 1, 3])
    expect(idsOf((await ranked(true).limit(2)).data)).toEqual([3, 4])
    const page = await admin.from('notes').select('id', { count: 'exact' }).order('id').range(1, 2)
    expect(page).toMatchObject({ data: [{ id: 2 }, { id: 3 }], count: 4, status: 206 })
    const counted = await admin.from('notes').select('*', { count: 'exact', head: true }).eq('done', true)
    expect(counted).toMatchObject({ data: null, error: null, count: 2, status: 200 })
    const byHeader = await ask('/rest/v1/notes?select=id&order=id&limit=3', { headers: { range: '2-9' } })
    expect([byHeader.body, byHeader.headers.get('content-range')]).toEqual([[{ id: 3 }], '2-2/*'])
    const beyond = await admin.from('notes').select('id', { count: 'exact' }).range(9, 10)
    expect(beyond).toMatchObject({ status: 416, error: { code: 'PGRST103' } })
    const none = await ask('/rest/v1/notes?id=eq.99', { headers: { prefer: 'count=exact' } })
    expect([none.status, none.body, none.headers.get('content-range')]).toEqual([200, [], '*/0'])
  })

  test('not more than a thousand rows, as on Supabase', async () => {
    await postgres.query(`insert into places select 'x', n::text from generate_series(1, 1001) n`)
    const all = await admin.from('places').select('city', { count: 'exact' }).limit(5000)
    expect([all.data?.length, all.count, all.status]).toEqual([1000, 1001, 206])
  })

  test('single and maybeSingle', async () => {
    const one = (id: number) => admin.from('notes').select('title').eq('id', id)
    expect(await one(1).single()).toMatchObject({ data: { title: 'One' }, status: 200 })
    expect(await one(99).maybeSingle()).toMatchObject({ data: null, error: null })
    expect(await one(99).single()).toMatchObject({
      status: 406,
      error: { code: 'PGRST116', details: 'The result contains 0 rows' },
    })
    const several = await admin.from('notes').select().single()
    expect(several).toMatchObject({ status: 406, error: { code: 'PGRST116' } })
  })
})

describe('writing', () => {
  test('an insert answers nothing, its rows, one of them, or where it is', async () => {
    expect(await admin.from('notes').insert({ title: 'a' })).toMatchObject({
      status: 201,
      data: null,
      error: null,
    })
    const two = await admin
      .from('notes')
      .insert([{ title: 'b' }, { rank: 7 }])
      .select('id,title,rank')
    // A column that one row lacks and another has is null, as long as the client does not prefer the default.
    expect(two.error).toMatchObject({ code: '23502' })
    const defaults = { defaultToNull: false, count: 'exact' } as const
    const both = await admin
      .from('notes')
      .insert([{ title: 'b' }, { rank: 7 }], defaults)
      .select('title,rank')
    expect(both).toMatchObject({ status: 201, count: 2 })
    expect(both.data).toEqual([
      { title: 'b', rank: null },
      { title: 'untitled', rank: 7 },
    ])
    const one = await admin
      .from('notes')
      .insert({ tags: ['x', 'y, z'], data: { a: [1] } })
      .select()
      .single()
    expect(one.data).toMatchObject({ title: 'untitled', tags: ['x', 'y, z'], data: { a: [1] } })
    expect(await admin.from('notes').insert([]).select()).toMatchObject({ data: [], status: 201 })
    const headers = { prefer: 'return=headers-only' }
    const there = await ask('/rest/v1/places', {
      method: 'POST',
      headers,
      body: { country: 'a b', city: 'c&d' },
    })
    expect([there.status, there.body]).toEqual([201, null])
    expect(there.headers.get('location')).toBe('/places?country=eq.a+b&city=eq.c%26d')
  })

  test('numbers keep digits that JavaScript would lose', async () => {
    const prefer = 'return=representation,missing=default'
    for (const [id, preference] of [
      ['9007199254740993', 'return=representation'],
      ['9007199254740995', prefer],
    ]) {
      const response = await fetch(`${service.url}/rest/v1/notes?columns=id&select=id`, {
        method: 'POST',
        headers: { apikey: service.serviceRoleKey, prefer: preference!, 'content-type': 'application/json' },
        body: `[{"id":${id}}]`,
      })
      expect(await response.text()).toBe(`[{"id":${id}}]`)
    }
  })

  test('an upsert merges or leaves alone, by the primary key or by what it names', async () => {
    await admin.from('places').insert({ country: 'x', city: 'y', people: 1 })
    const merged = await admin.from('places').upsert({ country: 'x', city: 'y', people: 2 }).select().single()
    expect(merged.data).toEqual({ country: 'x', city: 'y', people: 2 })
    const rows = [
      { country: 'x', city: 'y', people: 3 },
      { country: 'x', city: 'z', people: 3 },
    ]
    const ignored = await admin
      .from('places')
      .upsert(rows, { ignoreDuplicates: true, count: 'exact' })
      .select()
    expect(ignored).toMatchObject({ data: [{ city: 'z' }], count: 1 })
    const bySlug = { slug: 'one', title: 'new' }
    expect(await admin.from('notes').upsert(bySlug)).toMatchObject({ status: 409, error: { code: '23505' } })
    const renamed = await admin.from('notes').upsert(bySlug, { onConflict: 'slug' }).select('id,title,rank')
    expect(renamed.data).toEqual([{ id: 1, title: 'new', rank: 1 }])
    const wrong = await admin.from('notes').upsert(bySlug, { onConflict: 'title' })
    expect(wrong).toMatchObject({ status: 400, error: { code: '42P10' } })
  })

  test('an update and a delete touch what they name, and say how many', async () => {
    const changed = await admin
      .from('notes')
      .update({ done: true, data: { z: 1 } }, { count: 'exact' })
      .in('id', [2, 3])
      .select('id,done,data')
    expect(changed).toMatchObject({ status: 200, count: 2 })
    expect(changed.data?.[0]).toEqual({ id: 2, done: true, data: { z: 1 } })
    const silent = await admin.from('notes').update({ done: null }).eq('id', 2)
    expect(silent).toMatchObject({ status: 204, data: null, error: null })
    expect(await admin.from('notes').update({ rank: 1 }).eq('id', 99).select()).toMatchObject({
      data: [],
      status: 200,
    })
    const gone = await admin.from('notes').delete({ count: 'exact' }).lt('id', 3)
    expect(gone).toMatchObject({ status: 204, count: 2 })
    expect((await admin.from('notes').delete().eq('id', 4).select('id').single()).data).toEqual({ id: 4 })
    expect((await postgres.query('select id, done from notes')).rows).toEqual([{ id: '3', done: true }])
  })

  test('one was asked for and it is not one: nothing is changed', async () => {
    const changed = await admin.from('notes').update({ rank: 100 }).gt('id', 0).select().single()
    expect(changed).toMatchObject({ status: 406, error: { code: 'PGRST116' } })
    expect((await postgres.query('select 1 from notes where rank = 100')).rows).toEqual([])
  })

  test('all rows at once are refused, as by the safeupdate of Supabase', async () => {
    const refused = { status: 400, error: { code: '21000', message: 'DELETE requires a WHERE clause' } }
    expect(await admin.from('notes').delete()).toMatchObject(refused)
    expect((await admin.from('notes').update({ rank: 1 })).error?.message).toBe(
      'UPDATE requires a WHERE clause',
    )
  })
})

describe('functions', () => {
  test.each([
    ['add', { a: 1, b: 2 }, 3],
    ['add', { a: 1 }, 11],
    ['total', { numbers: [1, 2, 3] }, 6],
    ['total', { numbers: null }, null],
  ])('a value: %s %j', async (name, args, result) => {
    expect(await admin.rpc(name, args)).toMatchObject({ data: result, status: 200 })
    if (Object.values(args).includes(null)) return
    expect(await admin.rpc(name, args, { get: true })).toMatchObject({ data: result, status: 200 })
  })

  test('rows, filtered, ordered and counted; one row; values; nothing', async () => {
    const rows = admin.rpc('notes_of', { tenant: 'acme' }, { count: 'exact' })
    expect(await rows.select('id').gt('id', 1).order('id', { ascending: false })).toMatchObject({
      data: [{ id: 3 }, { id: 2 }],
      count: 2,
    })
    const got = admin.rpc('notes_of', { tenant: 'acme' }, { get: true }).select('title').eq('rank', 1)
    expect((await got.single()).data).toEqual({ title: 'One' })
    expect((await admin.rpc('first_note')).data).toMatchObject({ id: 1, title: 'One' })
    expect((await admin.rpc('titles')).data).toEqual(['One', 'two, (2)', 'three', 'their "own"'])
    expect(await admin.rpc('add_place', { country: 'x' })).toMatchObject({
      status: 204,
      data: null,
      error: null,
    })
    expect((await postgres.query('select city from places')).rows).toEqual([{ city: 'x' }])
  })

  test.each([
    ['no such function', 'nope', {}, 404, 'PGRST202'],
    ['an argument too many', 'add', { a: 1, c: 2 }, 404, 'PGRST202'],
    ['one too few', 'add', { b: 1 }, 404, 'PGRST202'],
    ['another type', 'add', { a: 'x' }, 400, '22P02'],
    ['which of two', 'twice', { a: 1 }, 300, 'PGRST203'],
    ['a status of its own', 'fail', { code: 'PT418' }, 418, 'PT418'],
    ['an exception', 'fail', { code: 'P0001' }, 400, 'P0001'],
    ['a lost race', 'fail', { code: '40001' }, 500, '40001'],
    ['too many connections', 'fail', { code: '53300' }, 503, '53300'],
  ])('%s: %s %j', async (_, name, args, status, code) => {
    expect(await admin.rpc(name, args)).toMatchObject({ status, error: { code } })
  })

  test('what it raises arrives whole; a GET cannot write, nor a function that says it does not', async () => {
    const { error } = await admin.rpc('fail', { code: 'P0001' })
    expect(error).toMatchObject({ code: 'P0001', message: 'on purpose', details: 'd', hint: 'h' })
    const written = await admin.rpc('add_place', { country: 'x' }, { get: true })
    expect(written).toMatchObject({ status: 405, error: { code: '25006' } })
    expect(await admin.rpc('look', { country: 'x' })).toMatchObject({ status: 405, error: { code: '25006' } })
    expect((await postgres.query('select 1 from places')).rows).toEqual([])
  })

  test('nobody waits for a statement without end', async () => {
    expect([await stranger.rpc('patience'), await admin.rpc('patience')]).toMatchObject([
      { data: '3s' },
      { data: '8s' },
    ])
    expect(await admin.rpc('fail', { code: '57014' })).toMatchObject({
      status: 500,
      error: { code: '57014' },
    })
  })
})

describe('on whose behalf', () => {
  test('row-level security decides what a user reads and writes', async () => {
    expect((await anna.rpc('who')).data).toEqual({
      uid: USER,
      role: 'authenticated',
      user: 'authenticated',
      tenant: 'acme',
    })
    expect(idsOf((await anna.from('notes').select('id').order('id')).data)).toEqual([1, 2, 3])
    const written = await anna.from('notes').insert({ title: 'mine' }).select('owner').single()
    expect(written.data).toEqual({ owner: USER })
    const theirs = await anna.from('notes').insert({ tenant_id: 'umbrella' })
    expect(theirs).toMatchObject({ status: 403, error: { code: '42501' } })
    expect((await anna.from('notes').update({ title: 'x' }).eq('id', 4).select()).data).toEqual([])
    expect((await anna.from('notes').delete().eq('id', 4).select()).data).toEqual([])
    expect((await postgres.query('select title from notes where id = 4')).rows).toEqual([
      { title: 'their "own"' },
    ])
  })

  test('a stranger is told to log in, a user that it may not, and nothing of one request is left for the next', async () => {
    expect((await stranger.rpc('who')).data).toMatchObject({ role: 'anon', user: 'anon', uid: null })
    expect(await stranger.from('secrets').select()).toMatchObject({ status: 401, error: { code: '42501' } })
    expect(await anna.from('secrets').select()).toMatchObject({ status: 403, error: { code: '42501' } })
    const asked = Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? anna : stranger).rpc('who'))
    const roles = (await Promise.all(asked)).map(({ data }) => (data as { user: string }).user)
    expect(roles).toEqual(Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? 'authenticated' : 'anon')))
  })

  test('a connection goes back to the pool as it came', async () => {
    const headers = { apikey: signToken({ role: 'anon', sub: USER }, SECRET) }
    const at = `http://127.0.0.1:${own.port}`
    expect((await ask('/rest/v1/rpc/who', { at, headers })).body).toMatchObject({ user: 'anon', uid: USER })
    const left = `select current_user as user, current_setting('request.jwt.claims', true) as claims,
      current_setting('statement_timeout') as timeout`
    expect((await ownPool.query(left)).rows).toEqual([{ user: 'postgres', claims: '', timeout: '0' }])
  })

  const now = () => Math.floor(Date.now() / 1000)
  const anon = () => signToken({ role: 'anon' }, SECRET)
  const bearer = (token: string) => ({ apikey: anon(), authorization: `Bearer ${token}` })
  const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url')
  const misnamed = () => {
    const content = `${part({ alg: 'none' })}.${part({ role: 'service_role' })}`
    return `${content}.${createHmac('sha256', SECRET).update(content).digest('base64url')}`
  }
  const unsigned = `${part({ alg: 'none' })}.${part({ role: 'service_role' })}.`
  test.each<[string, () => Record<string, string>, number, string | null]>([
    ['no key', () => ({ apikey: '' }), 401, 'UNAUTHORIZED'],
    ['no key but a token', () => ({ apikey: '', authorization: `Bearer ${anon()}` }), 401, 'UNAUTHORIZED'],
    ['a key of somebody else', () => ({ apikey: signToken({ role: 'anon' }, 'other') }), 401, 'UNAUTHORIZED'],
    [
      'a user’s token as the key',
      () => ({ apikey: signToken({ role: 'authenticated' }, SECRET) }),
      401,
      'UNAUTHORIZED',
    ],
    [
      'a key that is over',
      () => ({ apikey: signToken({ role: 'anon', exp: 1 }, SECRET) }),
      401,
      'UNAUTHORIZED',
    ],
    ['a key', () => ({ apikey: anon() }), 200, null],
    ['a key twice', () => bearer(anon()), 200, null],
    ['a token', () => bearer(signToken({ role: 'authenticated', exp: now() + 60 }, SECRET)), 200, null],
    ['any case of the scheme', () => ({ apikey: anon(), authorization: `bearer ${anon()}` }), 200, null],
    [
      'within the skew of clocks',
      () => bearer(signToken({ role: 'anon', exp: now() - 20 }, SECRET)),
      200,
      null,
    ],
    [
      'a token that is over',
      () => bearer(signToken({ role: 'anon', exp: now() - 40 }, SECRET)),
      401,
      'PGRST303',
    ],
    [
      'one of the future',
      () => bearer(signToken({ role: 'anon', nbf: now() + 90 }, SECRET)),
      401,
      'PGRST303',
    ],
    ['a time that is none', () => bearer(signToken({ role: 'anon', exp: 'never' }, SECRET)), 401, 'PGRST303'],
    ['another signature', () => bearer(signToken({ role: 'service_role' }, 'other')), 401, 'PGRST301'],
    ['none at all', () => bearer(unsigned), 401, 'PGRST301'],
    ['signed, and said to be otherwise', () => bearer(misnamed()), 401, 'PGRST301'],
    ['half a token', () => bearer('a.b'), 401, 'PGRST301'],
    ['no JSON', () => bearer('a.b.c'), 401, 'PGRST301'],
    ['a role that nobody may become', () => bearer(signToken({ role: 'postgres' }, SECRET)), 403, '42501'],
    ['no role', () => bearer(signToken({ sub: USER }, SECRET)), 200, null],
  ])('%s', async (_, headers, status, code) => {
    const { body, ...answer } = await ask('/rest/v1/rpc/who', {
      at: `http://127.0.0.1:${own.port}`,
      headers: headers(),
    })
    expect([answer.status, (body as { code?: string }).code ?? null]).toEqual([status, code])
  })
})

describe('errors', () => {
  test.each<[string, () => PromiseLike<unknown>, number, string]>([
    ['no such table', () => admin.from('nope').select(), 404, 'PGRST205'],
    ['a table of another schema', () => admin.from('pg_class').select(), 404, 'PGRST205'],
    ['no such column', () => admin.from('notes').select('nope'), 400, '42703'],
    ['no such column to filter by', () => admin.from('notes').select().eq('nope', 1), 400, '42703'],
    ['no such column to write', () => admin.from('notes').insert({ nope: 1 }), 400, 'PGRST204'],
    ['a value of another type', () => admin.from('notes').select().eq('id', 'x'), 400, '22P02'],
    ['an operator that the type lacks', () => admin.from('notes').select().like('id', 'x'), 404, '42883'],
    ['there is one already', () => admin.from('notes').insert({ slug: 'one' }), 409, '23505'],
    ['there is none to refer to', () => admin.from('comments').insert({ id: 1, note_id: 99 }), 409, '23503'],
    ['null where there must be something', () => admin.from('notes').insert({ title: null }), 400, '23502'],
    ['another schema', () => admin.schema('auth').from('notes').select(), 406, 'PGRST106'],
    ['no operator', () => admin.from('notes').select().filter('id', 'like this', 1), 400, 'PGRST100'],
    ['no limit', () => admin.from('notes').select().limit(-1), 416, 'PGRST103'],
    ['an open bracket', () => admin.from('notes').select().or('id.eq.1,and(id.eq.2'), 400, 'PGRST100'],
    [
      'keys that differ',
      () => ask('/rest/v1/places', { method: 'POST', body: [{ country: 'x' }, { city: 'y' }] }),
      400,
      'PGRST102',
    ],
    ['an empty name', () => ask('/rest/v1//notes'), 404, 'PGRST125'],
    ['a path too long', () => ask('/rest/v1/notes/1'), 404, 'PGRST125'],
    ['a method that functions lack', () => ask('/rest/v1/rpc/who', { method: 'DELETE' }), 405, 'PGRST101'],
  ])('%s', async (_, asked, status, code) => {
    const answer = (await asked()) as { status: number; error?: unknown; body?: unknown }
    const told = answer.error ?? answer.body
    expect([answer.status, (told as { code: string }).code]).toEqual([status, code])
    expect(Object.keys(told as object).sort()).toEqual(['code', 'details', 'hint', 'message'])
  })

  test('the key is no part of them', async () => {
    const { body } = await ask('/rest/v1/nope')
    expect(JSON.stringify(body)).not.toContain(service.serviceRoleKey.slice(-10))
  })
})

describe('what it does not do is 501 and named', () => {
  const headers = (name: string, value: string) => ({ headers: { [name]: value } })
  test.each<[string, string, Asked]>([
    ['resource embedding', 'notes?select=*,comments(*)', {}],
    ['resource embedding', 'notes?select=...comments(id)', {}],
    ['filters on embedded resources', 'notes?comments.id=eq.1', {}],
    ['ordering by an embedded resource', 'notes?order=comments(id)', {}],
    ['aggregate functions', 'notes?select=rank.sum()', {}],
    ['aggregate functions', 'notes?select=count()', {}],
    ['full-text search (plfts)', 'notes?title=plfts(english).x', {}],
    ['comparing ranges (sl)', 'notes?rank=sl.(1,2)', {}],
    ['regular expressions (match)', 'notes?title=match.x', {}],
    ['isdistinct (isdistinct)', 'notes?rank=isdistinct.1', {}],
    ['operators on any or all (like)', 'notes?title=like(any).{x}', {}],
    ['a cast to this type', 'notes?select=id::regclass', {}],
    ['Prefer: count=planned', 'notes', headers('prefer', 'count=planned')],
    ['Prefer: tx=rollback', 'notes', headers('prefer', 'tx=rollback')],
    ['answers in a form other than JSON', 'notes', headers('accept', 'text/csv')],
    [
      'answers in a form other than JSON',
      'notes',
      headers('accept', 'application/vnd.pgrst.plan+json; for="application/json"'),
    ],
    [
      'bodies in a form other than JSON',
      'notes',
      { method: 'POST', body: 'a=1', headers: { 'content-type': 'text/csv' } },
    ],
    ['"limit" in an update or a delete', 'notes?id=gt.0&limit=1', { method: 'DELETE' }],
    ['variadic functions', 'rpc/many', { method: 'POST', body: { n: [1] } }],
    ['the method PUT', 'notes?id=eq.1', { method: 'PUT', body: {} }],
    ['the method OPTIONS', 'notes', { method: 'OPTIONS' }],
    ['what is not below /rest/v1/', '../../auth/v1/user', {}],
    ['what is not below /rest/v1/', '../../storage/v1/bucket', {}],
  ])('%s: %s', async (feature, path, asked) => {
    const { status, body } = await ask(`/rest/v1/${path}`, asked)
    expect([status, body]).toEqual([501, expect.objectContaining({ code: 'NOT_SUPPORTED' })])
    expect((body as { message: string }).message).toContain(`does not support ${feature}`)
  })

  test('what tells whether it is there', async () => {
    expect((await ask('/rest/v1/')).status).toBe(200)
    expect((await ask('/auth/v1/health')).status).toBe(200)
    expect((await ask('/rest/v1/', { headers: { apikey: 'x' } })).status).toBe(401)
  })
})

describe('no text of a client becomes SQL', () => {
  const ATTACKS = [
    '"; drop table secrets; --',
    "'; drop table secrets; --",
    'x) union select word from secrets --',
    '$$; drop table secrets; $$',
    String.raw`\"; drop table secrets; --`,
    '1; select pg_sleep(9)',
    '$1',
    'x"."y',
    'zero\0byte',
  ]
  const PLACES: Record<string, (attack: string) => [path: string, asked?: Asked]> = {
    table: (attack) => [encodeURIComponent(attack)],
    function: (attack) => [`rpc/${encodeURIComponent(attack)}`, { method: 'POST', body: {} }],
    'name of an argument': (attack) => ['rpc/add', { method: 'POST', body: { a: 1, [attack]: 1 } }],
    'name of an argument in the query': (attack) => [`rpc/add?${queryOf({ a: '1', [attack]: '1' })}`],
    'argument of a number': (attack) => [`rpc/add?${queryOf({ a: attack })}`],
    column: (attack) => [`notes?select=${encodeURIComponent(attack)}`],
    'quoted column': (attack) => [`notes?select=${encodeURIComponent(`"${attack}"`)}`],
    cast: (attack) => [`notes?select=id::${encodeURIComponent(attack)}`],
    order: (attack) => [`notes?order=${encodeURIComponent(attack)}`],
    'quoted order': (attack) => [`notes?order=${encodeURIComponent(`"${attack}"`)}`],
    filter: (attack) => [`notes?${queryOf({ [attack]: 'eq.1' })}`],
    'value of a number': (attack) => [`notes?${queryOf({ id: `eq.${attack}` })}`],
    'list of numbers': (attack) => [`notes?${queryOf({ id: `in.("${attack}")` })}`],
    operator: (attack) => [`notes?${queryOf({ id: `${attack}.1` })}`],
    'logic tree': (attack) => [`notes?${queryOf({ or: `(${attack}.eq.1)` })}`],
    limit: (attack) => [`notes?${queryOf({ limit: attack })}`],
    offset: (attack) => [`notes?${queryOf({ offset: attack })}`],
    key: (attack) => ['notes', { method: 'POST', body: { [attack]: 1 } }],
    'key of an update': (attack) => ['notes?id=eq.1', { method: 'PATCH', body: { [attack]: 1 } }],
    columns: (attack) => [
      `notes?columns=${encodeURIComponent(attack)}`,
      { method: 'POST', body: [{ title: 'x' }] },
    ],
    on_conflict: (attack) => [
      `notes?on_conflict=${encodeURIComponent(attack)}`,
      { method: 'POST', body: { title: 'x' }, headers: { prefer: 'resolution=merge-duplicates' } },
    ],
  }
  test.each(Object.keys(PLACES))('an error, and nothing happens: %s', async (place) => {
    for (const attack of ATTACKS) {
      const [path, asked] = PLACES[place]!(attack)
      const { status, body } = await ask(`/rest/v1/${path}`, asked)
      expect({ attack, status, body }).toEqual({
        attack,
        status: expect.toSatisfy((code: number) => (code >= 400 && code < 500) || code === 501),
        body: expect.objectContaining({ code: expect.any(String), message: expect.any(String) }),
      })
    }
    expect((await postgres.query('select word from secrets')).rows).toEqual([{ word: 'treasure' }])
    expect((await postgres.query('select 1 from notes')).rowCount).toBe(4)
  })

  test('where any text is a value, it is that value', async () => {
    for (const attack of ATTACKS.filter((text) => !text.includes('\0'))) {
      await admin
        .from('notes')
        .insert({ title: attack, data: { [attack]: attack } })
        .throwOnError()
      for (const operator of ['eq', 'like'] as const) {
        const found = admin
          .from('notes')
          .select('title')
          [operator]('title', attack.replaceAll('\\', operator === 'like' ? '\\\\' : '\\'))
        expect((await found.throwOnError()).data).toEqual([{ title: attack }])
      }
      const key = attack.replaceAll(/["\\]/g, String.raw`\$&`)
      const path = `data->>"${key}"`
      const byPath = queryOf({ select: `found:${path}`, [path]: `eq.${attack}`, order: path })
      expect((await ask(`/rest/v1/notes?${byPath}`)).body).toEqual([{ found: attack }])
    }
    expect((await admin.rpc('notes_of', { tenant: ATTACKS[0] })).data).toEqual([])
    expect((await postgres.query('select word from secrets')).rows).toEqual([{ word: 'treasure' }])
  })
})

describe('hostile input is answered, and the endpoint goes on', () => {
  const post = (body: string): Asked => ({ method: 'POST', body })
  test.each<[string, string, Asked, number]>([
    ['no body', 'notes', { method: 'POST' }, 400],
    ['no JSON', 'notes', post('{'), 400],
    ['a text', 'notes', post('"x"'), 400],
    ['null', 'notes', post('null'), 400],
    ['an array of numbers', 'notes', post('[1]'), 400],
    ['deep nesting', 'notes', post(`{"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), 500],
    ['a zero in a text', 'notes', post(String.raw`{"title":"a\u0000b"}`), 400],
    ['names out of JavaScript', 'notes', post('{"__proto__":1,"constructor":2}'), 400],
    ['a path that is not encoded', 'notes%E0%A4%A', {}, 404],
    ['a table out of JavaScript', '__proto__', {}, 404],
    ['deep logic', `notes?or=${'(and'.repeat(500)}`, {}, 400],
    ['a name too long for Postgres', `notes?select=${'x'.repeat(5000)}`, {}, 400],
    ['an empty select', 'notes?select=,', {}, 400],
    ['an empty order', 'notes?order=.', {}, 400],
    ['a place beyond any array', 'notes?select=data->99999999999', {}, 400],
  ])('%s', async (_, path, asked, status) => {
    const answer = await ask(`/rest/v1/${path}`, asked)
    expect([answer.status, answer.body]).toEqual([
      status,
      expect.objectContaining({ code: expect.any(String) }),
    ])
  })

  test('a body beyond 10 MiB, no UTF-8, no HTTP, and a hang-up in the middle', async () => {
    const url = `${service.url}/rest/v1/notes`
    const large = await ask('/rest/v1/notes', post('x'.repeat(10 * 1024 * 1024 + 1))).then(
      ({ status }) => status,
      // It answers while the body is still coming, so the sender may see its own connection break first.
      () => 413,
    )
    expect(large).toBe(413)
    const headers = { apikey: service.serviceRoleKey, 'content-type': 'application/json' }
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])
    expect((await fetch(url, { method: 'POST', headers, body: bytes })).status).toBe(400)
    for (const text of [
      '\u0000\u0001nonsense\r\n\r\n',
      `POST /rest/v1/notes HTTP/1.1\r\nhost: x\r\napikey: ${service.serviceRoleKey}\r\ncontent-length: 100\r\n\r\n{`,
    ]) {
      const socket = connect(service.port, '127.0.0.1')
      socket.on('error', () => undefined)
      await new Promise<void>((done) => socket.write(text, () => done()))
      socket.destroy()
    }
    expect((await admin.from('notes').select('id')).data).toHaveLength(4)
  })
})

describe('when the database is in trouble', () => {
  test('a connection that is cut is 503, once; the next request has another', async () => {
    const napping = admin.rpc('nap', { seconds: 5 })
    const cut = () =>
      postgres.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like '%"nap"%' and pid <> pg_backend_pid()`,
      )
    const answered = napping.then((answer) => answer)
    await expect.poll(async () => (await cut()).rowCount).toBe(1)
    expect(await answered).toMatchObject({ status: 503, error: { code: '57P01' } })
    await postgres.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'authenticator'`,
    )
    await expect.poll(async () => (await admin.from('notes').select('id')).status).toBe(200)
  })

  test('all connections busy: 504; nobody there: 503', async () => {
    const headers = { apikey: signToken({ role: 'service_role' }, SECRET) }
    const small = new Pool({ connectionString: service.postgres!.url, max: 1, connectionTimeoutMillis: 1000 })
    const busy = await small.connect()
    const full = await startRestServer({ database: poolDatabase(small), jwtSecret: SECRET })
    const waited = await ask('/rest/v1/notes', { at: `http://127.0.0.1:${full.port}`, headers })
    expect([waited.status, waited.body]).toMatchObject([504, { code: 'PGRST003' }])
    busy.release()
    await full.stop()
    await small.end()
    const nowhere = new Pool({ host: '127.0.0.1', port: 1 })
    const lost = await startRestServer({ database: poolDatabase(nowhere), jwtSecret: SECRET })
    const { status, body } = await ask('/rest/v1/notes', { at: `http://127.0.0.1:${lost.port}`, headers })
    expect([status, body]).toMatchObject([503, { code: 'PGRST000' }])
    await lost.stop()
    await lost.stop()
    await expect(ask('/', { at: `http://127.0.0.1:${lost.port}` })).rejects.toThrow('fetch failed')
    await nowhere.end()
  })
})
