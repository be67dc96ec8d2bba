import { RestError } from './rest-error.js'
import type { Run } from './database.js'

/** A table or a view, as the catalogue has it at this moment. */
export interface Table {
  name: string
  columns: readonly string[]
  /** In the order of the key; empty when there is none. */
  primaryKey: readonly string[]
}

const QUERY = `select
  (select coalesce(json_agg(a.attname), '[]') from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select coalesce(json_agg(a.attname order by k.place), '[]') from pg_index i
    cross join unnest(i.indkey) with ordinality as k (number, place)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
    where i.indrelid = c.oid and i.indisprimary) as key
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f')`

/** @throws RestError 404 `PGRST205` */
export async function findTable(run: Run, name: string): Promise<Table> {
  const [found] = await run<{ columns: string[]; key: string[] }>(QUERY, [name], 'table')
  if (found !== undefined) return { name, columns: found.columns, primaryKey: found.key }
  throw new RestError(404, {
    code: 'PGRST205',
    message: `Could not find the table 'public.${name}' in the schema cache`,
  })
}

/** @throws RestError 400 `PGRST204` */
export function requireColumns({ name, columns }: Table, wanted: readonly string[]): void {
  const unknown = wanted.find((column) => !columns.includes(column))
  if (unknown === undefined) return
  throw new RestError(400, {
    code: 'PGRST204',
    message: `Could not find the '${unknown}' column of '${name}' in the schema cache`,
  })
}
