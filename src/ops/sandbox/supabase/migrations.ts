import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EnvironmentError } from '../../report/errors.js'
import { isReported } from './reported-error.js'

/** Runs any number of statements, as one transaction; by a client of `pg` as it is. */
export interface Script {
  query(sql: string): Promise<unknown>
}

/**
 * Runs every `*.sql` of a directory in the order of their names, each in a transaction of its own.
 *
 * @throws EnvironmentError `NO_MIGRATIONS` when there is none, `MIGRATION_FAILED` with the file and line
 */
export async function applyMigrations(script: Script, directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  const files = names.filter((name) => name.endsWith('.sql')).sort()
  if (files.length === 0)
    throw new EnvironmentError('NO_MIGRATIONS', `There is no migration (*.sql) in ${directory}.`)
  for (const file of files) {
    const sql = await readFile(join(directory, file), 'utf8')
    try {
      await script.query(sql)
    } catch (error) {
      if (!isReported(error)) throw error
      const line = sql.slice(0, Number(error.position ?? 1)).split('\n').length
      throw new EnvironmentError(
        'MIGRATION_FAILED',
        `The migration ${file} failed at line ${line}: ${error.message} (${error.code}).`,
        [],
        { cause: error },
      )
    }
  }
}

/** Those of this package, which runs from `dist` as well as from `src` under test. */
export function ownMigrations(): string {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    const manifest = join(directory, 'package.json')
    if (existsSync(manifest) && readFileSync(manifest, 'utf8').includes('"name": "transparent-cache"'))
      return join(directory, 'supabase/migrations')
    if (directory === dirname(directory))
      throw new EnvironmentError('NO_MIGRATIONS', 'The package that this file belongs to was not found.')
  }
}
