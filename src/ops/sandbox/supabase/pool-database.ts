import type { Pool, PoolClient } from 'pg'
import { isReported } from './reported-error.js'
import { noDatabase, type Database, type Run } from './rest/database.js'
import { RestError } from './rest/rest-error.js'

const ignore = () => undefined

/** A pool of connections as the endpoint asks it. It stays the caller's, who ends it. */
export function poolDatabase(pool: Pool): Database {
  // Idle connections break with the database, which the next request finds out for itself.
  pool.on('error', ignore)
  return {
    async open() {
      const client = await connect(pool)
      // A connection that breaks in the middle also says so to whoever listens, and to the process if nobody does.
      client.on('error', ignore)
      const run: Run = async <Row extends object>(
        text: string,
        values: readonly string[] = [],
        name?: string,
      ) => (await client.query<Row>({ text, values: [...values], ...(name !== undefined && { name }) })).rows
      return {
        run,
        release(isBroken) {
          client.off('error', ignore)
          client.release(isBroken)
        },
      }
    },
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    // The pool's only way to tell that all its connections are busy.
    if (error instanceof Error && error.message.startsWith('timeout exceeded')) {
      throw new RestError(504, {
        code: 'PGRST003',
        message: 'Timed out acquiring connection from connection pool.',
      })
    }
    throw noDatabase(isReported(error) ? error.message : undefined)
  }
}
