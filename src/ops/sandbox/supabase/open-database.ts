import { EnvironmentError } from '../../report/errors.js'
import { openEmbedded } from './embedded-database.js'
import { openPglite } from './pglite-database.js'
import type { DatabaseOptions, PreparedDatabase } from './prepared-database.js'

/** Names what runs the SQL; where it is unset, the first that runs here. */
const VARIABLE = 'CACHE_SANDBOX_POSTGRES'
const KINDS = ['embedded', 'pglite']

/** A system that has no real Postgres, or on which it does not run, such as one with musl or an old glibc. */
const NOT_HERE = ['NO_POSTGRES', 'NO_UNPRIVILEGED_USER', 'POSTGRES_START_FAILED']

export interface OpenedDatabase {
  database: PreparedDatabase
  /** Why it is PGlite though nobody asked for that. */
  insteadBecause: string | null
}

/**
 * A real Postgres, else PGlite, or the one that CACHE_SANDBOX_POSTGRES (`embedded` or `pglite`) names.
 *
 * Errors: those of `openEmbedded` and `openPglite`, and EnvironmentError `BAD_SANDBOX_POSTGRES`. `NO_POSTGRES` suggests
 * either package.
 */
export async function openDatabase(
  options: DatabaseOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<OpenedDatabase> {
  const wanted = env[VARIABLE]
  if (wanted) return { database: await openNamed(wanted, options), insteadBecause: null }
  try {
    return { database: await openEmbedded(options), insteadBecause: null }
  } catch (error) {
    if (!isNotHere(error)) throw error
    return { database: await openInstead(options, error), insteadBecause: error.message }
  }
}

async function openNamed(kind: string, options: DatabaseOptions): Promise<PreparedDatabase> {
  if (kind === 'embedded') return openEmbedded(options)
  if (kind === 'pglite') return openPglite(options)
  throw new EnvironmentError(
    'BAD_SANDBOX_POSTGRES',
    `${VARIABLE}=${JSON.stringify(kind)} is neither ${KINDS.join(' nor ')}`,
    [`set ${VARIABLE} to ${KINDS.join(' or ')}, or unset it`],
  )
}

async function openInstead(options: DatabaseOptions, first: EnvironmentError): Promise<PreparedDatabase> {
  try {
    return await openPglite(options)
  } catch (error) {
    if (!(error instanceof EnvironmentError) || error.code !== 'NO_POSTGRES') throw error
    // What is wrong with the real one is what there is to tell; either package is a way out.
    const suggestions = [...first.suggestions, ...error.suggestions]
    throw new EnvironmentError(first.code, first.message, suggestions, { cause: first })
  }
}

/** Whether nothing but the system, or what is installed on it, is why there is no database. */
export function isNotHere(error: unknown): error is EnvironmentError {
  return error instanceof EnvironmentError && NOT_HERE.includes(error.code)
}
