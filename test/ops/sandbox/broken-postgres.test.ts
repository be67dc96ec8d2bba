import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPostgres } from '../../../src/ops/sandbox/supabase/postgres.js'
import { startWatchdog, type Watchdog } from '../../../src/ops/sandbox/watchdog.js'
import { bundled, started } from './child.js'
import { isAlive, processState, until } from './until.js'

let scratch: string
let watchdog: Watchdog
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'broken-postgres-'))
  await chmod(scratch, 0o755)
  watchdog = startWatchdog()
})
afterAll(async () => {
  await watchdog.stop()
  rmSync(scratch, { recursive: true, force: true })
})

function childrenOf(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return all.map(Number).filter((each) => parentOf(each) === pid)
}

function parentOf(pid: number): number | null {
  try {
    return Number(/\) \w (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1])
  } catch {
    return null
  }
}

/** As a paused container, or one that is short of everything, does: all of it, not the first process alone. */
async function frozen(postmaster: number): Promise<number[]> {
  process.kill(postmaster, 'SIGSTOP')
  await until('frozen', () => processState(postmaster) === 'T')
  const children = childrenOf(postmaster)
  expect(children.length).toBeGreaterThan(3)
  for (const child of children) process.kill(child, 'SIGSTOP')
  return [postmaster, ...children]
}

function end(pids: number[]): void {
  for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL')
}

/** Root's Postgres runs as nobody, who has to get in. */
async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(scratch, 'tmp-'))
  await chmod(path, 0o777)
  return path
}

// Postgres takes 5 s for what is frozen: at the same time, and Linux alone tells who is whose child.
describe.runIf(process.platform === 'linux').concurrent('a Postgres', () => {
  test('all of whose processes are frozen can be stopped, and nobody waits for it any more', async ({
    onTestFailed,
  }) => {
    const postgres = await startPostgres({ watchdog })
    const client = new Client({ connectionString: postgres.url })
    client.on('error', () => undefined)
    await client.connect()
    const waiting = client.query('select pg_sleep(60)').catch((error: unknown) => error)
    const all = await frozen(postgres.pid)
    onTestFailed(() => end(all))
    await postgres.stop()
    expect(all.filter(isAlive)).toEqual([])
    expect(await waiting).toBeInstanceOf(Error)
  })

  test('all of whose processes are frozen is gone after its owner was killed (SIGKILL)', async ({
    onTestFailed,
  }) => {
    const script = await bundled('postgres-holder.ts', scratch)
    symlinkSync(resolve('node_modules'), join(scratch, 'node_modules'))
    const TMPDIR = await temporaryDirectory()
    const { child, said, exited } = await started<{ postmaster: number; watchdog: number }>(script, {
      TMPDIR,
    })
    const all = await frozen(said.postmaster)
    onTestFailed(() => end(all))
    child.kill('SIGKILL')
    await exited
    await until('the watchdog is gone', () => !isAlive(said.watchdog), 20_000)
    expect(all.filter(isAlive)).toEqual([])
    expect(readdirSync(TMPDIR)).toEqual([])
  })

  test('one of whose processes crashes still has what was committed', async () => {
    const postgres = await startPostgres({ watchdog })
    const asked = async (work: (client: Client) => Promise<unknown[]>) => {
      const client = new Client({ connectionString: postgres.url })
      client.on('error', () => undefined)
      await client.connect()
      try {
        return await work(client)
      } finally {
        await client.end().catch(() => undefined)
      }
    }
    await asked(async (client) => {
      await client.query('create table notes (id int)')
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      await client.query('insert into notes values (1)')
      process.kill(rows[0]!.pid, 'SIGKILL')
      return rows
    })
    let notes: unknown[] | undefined
    await until('back', async () => {
      notes = await asked(async (client) => (await client.query('select id from notes')).rows).catch(
        () => undefined,
      )
      return notes !== undefined
    })
    expect(notes).toEqual([{ id: 1 }])
    await postgres.stop()
  })
})
