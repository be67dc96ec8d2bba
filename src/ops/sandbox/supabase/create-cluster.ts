import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { handTo } from './unprivileged-user.js'
import { startPostgresProcess, type PostgresPlace, type PostgresProcess } from './postgres-process.js'
import { startFailed } from './start-failed.js'

/** The name of the superuser, and of the database, as on Supabase. */
export const SUPERUSER = 'postgres'

/** Where the cluster lies in its throw-away directory. */
export const dataDirectory = ({ directory }: PostgresPlace) => join(directory, 'data')

/**
 * Makes an empty cluster, locale C, whose superuser has this password. Takes about 0.7 s.
 *
 * @throws EnvironmentError `POSTGRES_START_FAILED`, or the reason of `signal`; nothing is left running then
 */
export async function createCluster(
  initdb: string,
  place: PostgresPlace,
  { password, signal }: { password: string; signal?: AbortSignal | undefined },
): Promise<void> {
  // In a file, and not in an argument, where `ps` would show it.
  const passwordFile = join(place.directory, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  await handTo(place.user, passwordFile)
  signal?.throwIfAborted()
  const args = [
    `--pgdata=${dataDirectory(place)}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ]
  let process: PostgresProcess
  try {
    process = await startPostgresProcess(initdb, args, place)
  } catch (error) {
    throw startFailed(place, `cannot run ${initdb}: ${(error as Error).message}`)
  }
  const end = () => process.signal('SIGKILL')
  signal?.addEventListener('abort', end, { once: true })
  const how = await process.closed
  signal?.removeEventListener('abort', end)
  signal?.throwIfAborted()
  if (how !== 'exit code 0')
    throw startFailed(place, `initdb ended with ${how}: ${process.lastLines().slice(-3).join(' ')}`)
  await rm(passwordFile)
}
