import { randomBytes } from 'node:crypto'
import type { PGlite } from '@electric-sql/pglite'
import { EnvironmentError } from '../../report/errors.js'
import { AUTHENTICATOR } from './bootstrap.js'
import { prepare, type DatabaseOptions, type PreparedDatabase } from './prepared-database.js'
import { isReported } from './reported-error.js'
import { noDatabase, type Run } from './rest/database.js'
import { turns } from './turns.js'

const PACKAGE = '@electric-sql/pglite'
const INSTALL = `npm install --save-dev ${PACKAGE}@0.5.16`

/**
 * PGlite, which is Postgres as WebAssembly in this process, prepared as a real one; 2 to 4 s, in which this process does
 * nothing else, and 800 MB. It has one session, so requests are answered one after the other.
 *
 * @throws EnvironmentError `NO_POSTGRES` where it is not installed, `POSTGRES_START_FAILED`; or those of `applyMigrations`
 */
export async function openPglite({ migrations, signal }: DatabaseOptions): Promise<PreparedDatabase> {
  signal?.throwIfAborted()
  const pglite = await started()
  try {
    const script = { query: (sql: string) => pglite.exec(sql) }
    await prepare(script, randomBytes(24).toString('hex'), migrations)
    const { rows } = await pglite.query<{ version: string }>('select version()')
    // From here on it is who logs in on a real one, so a role that tokens may not name is out of reach here, too.
    await pglite.exec(`set session authorization ${AUTHENTICATOR}`)
    signal?.throwIfAborted()
    return live(pglite, named(rows[0]?.version))
  } catch (error) {
    await pglite.close()
    throw error
  }
}

async function started(): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new EnvironmentError(
      'NO_POSTGRES',
      `PGlite comes from the package ${PACKAGE}, which is not installed.`,
      [INSTALL],
    )
  })
  try {
    const pglite = await PGlite.create()
    // Values come as the text that the database reads, whatever their type.
    pglite.serializers = {}
    return pglite
  } catch (error) {
    throw new EnvironmentError(
      'POSTGRES_START_FAILED',
      `PGlite does not start: ${(error as Error).message}`,
      [],
      {
        cause: error,
      },
    )
  }
}

/** `PostgreSQL 18.6 (PGlite 0.5.16) on …` is what it says of itself. */
function named(version = ''): string {
  const [, postgres, pglite] = /^(PostgreSQL [\d.]+) \((PGlite [\d.]+)\)/.exec(version) ?? []
  return postgres && pglite ? `${pglite} (${postgres})` : 'PGlite'
}

function live(pglite: PGlite, version: string): PreparedDatabase {
  let state: 'serves' | 'lost' | 'stopped' = 'serves'
  let die: (how: string) => void
  const died = new Promise<string>((resolve) => (die = resolve))
  const lose = (why: string) => {
    if (state === 'serves') die(`${version} (in this process) ended by itself: ${why}`)
    state = 'lost'
    return noDatabase()
  }
  const run: Run = async <Row extends object>(text: string, values: readonly string[] = []) => {
    if (state !== 'serves') throw noDatabase()
    const result = await pglite.query<Row>(text, [...values]).catch((error: unknown) => {
      throw isReported(error) ? error : lose((error as Error).message)
    })
    // Where a recursion of the SQL overflows the stack, the error is lost and the next statement may never come back.
    if (result.command === undefined) throw lose('it left a statement unanswered')
    return result.rows
  }
  const turn = turns()
  const stop = async () => {
    await turn()
    const isLost = state === 'lost'
    state = 'stopped'
    // One that is lost may never come back from its end either; nothing of it is outside this process' memory.
    if (!isLost) await pglite.close()
  }
  let stopping: Promise<void> | undefined
  return {
    async open() {
      const done = await turn()
      const release = (isBroken: boolean) => {
        if (isBroken) lose('a transaction could not be ended')
        done()
      }
      return { run, release }
    },
    version,
    server: null,
    died,
    stop: () => (stopping ??= stop()),
  }
}
