import type { Watchdog } from '../watchdog.js'
import { bootstrapSql } from './bootstrap.js'
import { applyMigrations, type Script } from './migrations.js'
import type { PostgresServer } from './postgres.js'
import type { Database } from './rest/database.js'

export interface DatabaseOptions {
  watchdog: Watchdog
  /** Directory of the migrations. */
  migrations: string
  /** Ends the start, not the database. The promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined
}

/** A database as on Supabase, with the migrations in it. */
export interface PreparedDatabase extends Database {
  /** Such as `PostgreSQL 18.4`. */
  readonly version: string
  /** Null: it runs in this process. */
  readonly server: PostgresServer | null
  /** Resolves, with what happened, if it ends without having been asked to. */
  readonly died: Promise<string>
  /** Ends it and removes every trace. Idempotent. */
  stop(): Promise<void>
}

/** @param password hexadecimal, of the user as whom the endpoint logs in */
export async function prepare(script: Script, password: string, migrations: string): Promise<void> {
  await script.query(bootstrapSql(password))
  await applyMigrations(script, migrations)
}
