import { randomBytes } from 'node:crypto'
import type { Watchdog } from '../watchdog.js'
import { keysOf, type SupabaseKeys } from './tokens.js'
import { ownMigrations } from './migrations.js'
import { openDatabase } from './open-database.js'
import type { PostgresServer } from './postgres.js'
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

/** A subset of PostgREST, emulated over a Postgres of ours, with the migrations applied; on loopback. */
export interface SupabaseService extends SupabaseKeys {
  /** `127.0.0.1`. */
  readonly host: string
  /** Of the REST endpoint. */
  readonly port: number
  /** `http://127.0.0.1:<port>`, for `createClient` and SUPABASE_URL. */
  readonly url: string
  /** Of what runs the SQL, such as `PostgreSQL 18.4`. */
  readonly version: string
  /** The server that runs it; its URL is the superuser's, and not for output. Null: PGlite, in this process. */
  readonly postgres: Pick<PostgresServer, 'url' | 'pid' | 'version' | 'host' | 'port'> | null
  /** Why it is PGlite though nobody asked for that; null where it is not, or somebody did. */
  readonly insteadBecause: string | null
  /** Resolves, with what happened, if the database ends without having been asked to. */
  readonly died: Promise<string>
  /** Ends everything and removes every trace. Idempotent. */
  stop(): Promise<void>
}

/**
 * Starts Postgres, or PGlite where there is none, prepares it as Supabase does, applies the migrations and serves it; about
 * 1.5 s, on PGlite 2 s.
 *
 * Errors: those of `openDatabase` and of listening on the port; nothing is left running then.
 */
export async function startSupabase(options: SupabaseOptions): Promise<SupabaseService> {
  const { watchdog, migrations = ownMigrations(), port, signal } = options
  const { database, insteadBecause } = await openDatabase({ watchdog, migrations, signal })
  try {
    const jwtSecret = randomBytes(32).toString('hex')
    const rest = await startRestServer({ database, jwtSecret, ...(port === undefined ? {} : { port }) })
    const stop = async () => {
      await rest.stop()
      await database.stop()
    }
    let stopping: Promise<void> | undefined
    return {
      host: rest.host,
      port: rest.port,
      url: `http://${rest.host}:${rest.port}`,
      ...keysOf(jwtSecret),
      version: database.version,
      postgres: database.server,
      insteadBecause,
      died: database.died,
      stop: () => (stopping ??= stop()),
    }
  } catch (error) {
    await database.stop()
    throw error
  }
}
