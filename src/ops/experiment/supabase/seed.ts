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

/**
 * Creates the record of each key, one request per table.
 *
 * @returns by key: when the database says that it was changed last, in ms since the epoch
 */
export async function seed(
  keys: readonly string[],
  service: { url: string; serviceRoleKey: string },
): Promise<Map<string, number>> {
  const records = keys.map(recordOf)
  const stamps = new Map<string, number>()
  for (const table of [CONVERSATIONS, POLICIES, CONFIGS]) {
    const ofTable = records.filter(({ kind }) => TABLE_OF[kind] === table)
    const changed = await insert(table, ofTable.map(table.rowOf), service)
    for (const { key, id } of ofTable) stamps.set(key, changed.get(id) ?? Number.NaN)
  }
  return stamps
}

async function insert(
  { name, id }: Table,
  rows: Record<string, unknown>[],
  { url, serviceRoleKey }: { url: string; serviceRoleKey: string },
): Promise<Map<string, number>> {
  const answer = await fetch(`${url}/rest/v1/${name}?select=${id},updated_at`, {
    method: 'POST',
    headers: {
      apikey: serviceRoleKey,
      authorization: `Bearer ${serviceRoleKey}`,
      'content-type': 'application/json',
      prefer: 'return=representation',
    },
    body: JSON.stringify(rows),
    signal: AbortSignal.timeout(DEADLINE_MS),
  })
  if (!answer.ok) {
    throw new EnvironmentError(
      'SEED_FAILED',
      `the drill's own Supabase did not take its records: ${answer.status} ${plainText(await answer.text())}`,
    )
  }
  const created = (await answer.json()) as Record<string, string>[]
  return new Map(created.map((row) => [row[id] ?? '', Date.parse(row['updated_at'] ?? '')]))
}
