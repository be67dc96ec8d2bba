import { randomBytes } from 'node:crypto'
import { Client, Pool } from 'pg'
import type { Watchdog } from '../watchdog.js'
import { AUTHENTICATOR, bootstrapSql } from './bootstrap.js'
import { keysOf, type SupabaseKeys } from './tokens.js'
import { applyMigrations, ownMigrations } from './migrations.js'
import { startPostgres, type PostgresServer } from './postgres.js'
import { startRestServer } from './rest/rest-server.js'

export interface SupabaseOptions {
  watchdog: Watchdog
  /** Directory of the migrations. Default: those of this package. */
  migrations?: string | undefined
  /** Of the REST endpoint. Default: a free one. */
  port?: number | undefined
  /** Ends the start, not the service. The promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined
}

/** A subset of PostgREST, emulated over a real Postgres of ours, with the migrations applied; on loopback. */
export interface SupabaseService extends SupabaseKeys {
  /** `127.0.0.1`. */
  readonly host: string
  /** Of the REST endpoint. */
  readonly port: number
  /** `http://127.0.0.1:<port>`, for `createClient` and SUPABASE_URL. */
  readonly url: string
  /** The database below; its URL is the superuser's, and not for output. */
  readonly postgres: Pick<PostgresServer, 'url' | 'pid' | 'version' | 'host' | 'port'>
  /** Resolves, with what happened, if Postgres ends without having been asked to. */
  readonly died: Promise<string>
  /** Ends everything and removes every trace. Idempotent. */
  stop(): Promise<void>
}

const MAX_CONNECTIONS = 10

/**
 * Starts Postgres, prepares it as Supabase does, applies the migrations and serves it; about 1.5 s.
 *
 * Errors: those of `startPostgres`, of `applyMigrations` and of listening on the port; nothing is left running then.
 */
export async function startSupabase(options: SupabaseOptions): Promise<SupabaseService> {
  const { watchdog, migrations = ownMigrations(), port, signal } = options
  const postgres = await startPostgres({ watchdog, signal })
  let pool: Pool | undefined
  try {
    const password = randomBytes(24).toString('hex')
    await prepare(postgres.url, password, migrations)
    signal?.throwIfAborted()
    const { host, port: postgresPort } = postgres
    pool = new Pool({
      host,
      port: postgresPort,
      database: 'postgres',
      user: AUTHENTICATOR,
      password,
      max: MAX_CONNECTIONS,
      // A Postgres that hangs is a 504 (PGRST003), as PostgREST has it.
      connectionTimeoutMillis: 10_000,
    })
    // An idle connection that is lost is made anew for the next request.
    pool.on('error', () => undefined)
    const jwtSecret = randomBytes(32).toString('hex')
    const rest = await startRestServer({ pool, jwtSecret, ...(port === undefined ? {} : { port }) })
    const stop = async () => {
      await rest.stop()
      await end(pool, postgres)
    }
    let stopping: Promise<void> | undefined
    return {
      host: rest.host,
      port: rest.port,
      url: `http://${rest.host}:${rest.port}`,
      ...keysOf(jwtSecret),
      postgres,
      died: postgres.died,
      stop: () => (stopping ??= stop()),
    }
  } catch (error) {
    await end(pool, postgres)
    throw error
  }
}

async function prepare(url: string, password: string, migrations: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(bootstrapSql(password))
    await applyMigrations(client, migrations)
  } finally {
    await client.end()
  }
}

/** Together: the pool waits for those who are still asking, whom the end of Postgres sends away. */
async function end(pool: Pool | undefined, postgres: PostgresServer): Promise<void> {
  await Promise.all([pool?.end(), postgres.stop()])
}
