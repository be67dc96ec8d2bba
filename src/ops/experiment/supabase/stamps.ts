import { EnvironmentError } from '../../report/errors.js'
import { plainText } from '../plain-text.js'
import { recordOf, type DrillRecord } from '../records.js'

interface Table {
  name: string
  /** The column by which a record is asked for. */
  id: string
  rowOf(record: DrillRecord): Record<string, unknown>
}

const DEADLINE_MS = 10_000

const CONVERSATIONS: Table = {
  name: 'conversations',
  id: 'id',
  rowOf: ({ id, tenantId, ownerId, isRevocable }) => ({
    id,
    tenant_id: tenantId,
    user_id: ownerId,
    share_audience: isRevocable ? 'tenant' : 'private',
  }),
}
const POLICIES: Table = {
  name: 'tenant_llm_policies',
  id: 'tenant_id',
  rowOf: ({ id }) => ({ tenant_id: id, settings: { isValid: true } }),
}
const CONFIGS: Table = {
  name: 'conversation_configs',
  id: 'tenant_id',
  rowOf: ({ id }) => ({ tenant_id: id, settings: {} }),
}
const TABLE_OF: Readonly<Record<DrillRecord['kind'], Table>> = {
  conversation: CONVERSATIONS,
  policy: POLICIES,
  config: CONFIGS,
  login: POLICIES,
}

interface Service {
  url: string
  serviceRoleKey: string
}

/** By key: when the database says that its record was changed last, in ms since the epoch. */
export type Stamps = ReadonlyMap<string, number>

/** Creates the record of each key, one request per table. */
export function seed(keys: readonly string[], service: Service): Promise<Stamps> {
  return inEachTable(keys, (table, records) =>
    ask(table, service, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'return=representation' },
      body: JSON.stringify(records.map(table.rowOf)),
    }),
  )
}

/** What the database says now. */
export function readStamps(keys: readonly string[], service: Service): Promise<Stamps> {
  return inEachTable(keys, (table) => ask(table, service, {}))
}

async function inEachTable(
  keys: readonly string[],
  rowsOf: (table: Table, records: DrillRecord[]) => Promise<Record<string, string>[]>,
): Promise<Stamps> {
  const stamps = new Map<string, number>()
  for (const table of [CONVERSATIONS, POLICIES, CONFIGS]) {
    const records = keys.map(recordOf).filter(({ kind }) => TABLE_OF[kind] === table)
    const rows = await rowsOf(table, records)
    const changed = new Map(rows.map((row) => [row[table.id], Date.parse(row['updated_at'] ?? '')]))
    for (const { key, id } of records) stamps.set(key, changed.get(id) ?? Number.NaN)
  }
  return stamps
}

async function ask(
  { name, id }: Table,
  { url, serviceRoleKey }: Service,
  request: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<Record<string, string>[]> {
  const answer = await fetch(`${url}/rest/v1/${name}?select=${id},updated_at`, {
    ...request,
    headers: { ...request.headers, apikey: serviceRoleKey, authorization: `Bearer ${serviceRoleKey}` },
    signal: AbortSignal.timeout(DEADLINE_MS),
  })
  if (answer.ok) return (await answer.json()) as Record<string, string>[]
  throw new EnvironmentError(
    'SUPABASE_FAILED',
    `the drill's own Supabase did not do its part: ${answer.status} ${plainText(await answer.text())}`,
  )
}
