import { setTimeout as sleep } from 'node:timers/promises'
import { EnvironmentError } from '../../report/errors.js'
import { freePort } from '../free-port.js'
import { dataDirectory } from './create-cluster.js'
import { startPostgresProcess, type PostgresPlace, type PostgresProcess } from './postgres-process.js'
import { startFailed } from './start-failed.js'

export interface LaunchedPostgres {
  process: PostgresProcess
  port: number
  /** Such as `PostgreSQL 18.4`. */
  version: string
}

export const HOST = '127.0.0.1'
const READY_DEADLINE_MS = 30_000
/** Postgres itself gives its children 5 s and then kills them, frozen ones too; without it nobody does. */
const STOP_DEADLINE_MS = 8000
const PORT_ATTEMPTS = 10

/** Throw-away data needs no disk, and tests few connections; nothing that is logged may hold a value. */
const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  // What was committed is with the kernel, and so outlives a crash of Postgres, which an application may be tried with.
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  max_connections: '50',
  shared_buffers: '16MB',
  huge_pages: 'off',
  // In the throw-away directory: what lies in /dev/shm would survive a SIGKILL.
  dynamic_shared_memory_type: 'mmap',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
}

/**
 * From a cluster to the first answer. Leaves no process behind when it throws.
 *
 * @param wanted undefined: a free port
 * @throws EnvironmentError `PORT_TAKEN`, `POSTGRES_START_FAILED`, or the reason of `signal`
 */
export async function launchPostgres(
  postgres: string,
  place: PostgresPlace,
  { port: wanted, signal }: { port?: number | undefined; signal?: AbortSignal | undefined },
): Promise<LaunchedPostgres> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    const port = wanted ?? (await freePort())
    const process = await begin(postgres, place, port)
    const ready = await readiness(process, signal).catch(async (error: unknown) => {
      await endPostgres(process)
      throw error
    })
    if (ready !== null) return { process, port, version: ready }
    await endPostgres(process)
    const said = process.lastLines()
    if (!said.some((line) => line.includes('Address already in use')))
      throw startFailed(place, said.slice(-3).join(' ') || `no word within ${READY_DEADLINE_MS / 1000} s`)
    if (wanted === undefined && attempt < PORT_ATTEMPTS) continue
    throw new EnvironmentError('PORT_TAKEN', `port ${port} on ${HOST} is taken by another process`, [
      `end what listens there (lsof -i :${port}), or choose another port, or none to get a free one`,
    ])
  }
}

/** Ends it as fast as it can without leaving its shared memory behind; also when it is frozen. */
export async function endPostgres(process: PostgresProcess): Promise<void> {
  process.signal('SIGQUIT')
  process.signal('SIGCONT')
  await Promise.race([process.exited, sleep(STOP_DEADLINE_MS, undefined, { ref: false })])
  process.signal('SIGKILL')
  await process.exited
}

async function begin(postgres: string, place: PostgresPlace, port: number): Promise<PostgresProcess> {
  const settings = Object.entries({ ...SETTINGS, port: String(port) })
  const args = [
    '-D',
    dataDirectory(place),
    ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  try {
    return await startPostgresProcess(postgres, args, place)
  } catch (error) {
    throw startFailed(place, `cannot run ${postgres}: ${(error as Error).message}`)
  }
}

/** Its version once it is ready; null when it ended, or took too long. */
async function readiness(process: PostgresProcess, signal: AbortSignal | undefined): Promise<string | null> {
  const version = process.heard(/starting (PostgreSQL [\d.]+\w*)/)
  const ready = process.heard(/database system is ready to accept connections/)
  const given = new AbortController()
  const late = sleep(READY_DEADLINE_MS, null, { signal: given.signal })
  const aborted = new Promise<never>((_, reject) =>
    signal?.addEventListener('abort', () => reject(signal.reason as Error), {
      once: true,
      signal: given.signal,
    }),
  )
  try {
    const outcome = await Promise.race([ready, late, aborted])
    return outcome === null ? null : ((await version)?.[1] ?? 'PostgreSQL')
  } finally {
    given.abort()
    late.catch(() => null)
  }
}
