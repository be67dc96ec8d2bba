import type { WorldCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { NotAsked } from '../kept-connection.js'
import { holdsRows, NO_SUPABASE, openSupabase, unanswered, type SupabaseLink } from '../supabase-link.js'

const DEADLINE_MS = 2000
/** As PostgREST 12 says it, and as those before. Another 404 is of whoever stands in front, or of a wrong path. */
const NO_TABLE = /"(?:PGRST205|42P01)"/

/** Those that `supabase/migrations` of this package makes; a test holds the two together. */
export const TABLES = [
  'conversations',
  'conversation_messages',
  'conversation_paths',
  'tenant_llm_policies',
  'conversation_configs',
  'model_pricing',
] as const

export const supabaseTablesCheck: WorldCheck = {
  on: 'world',
  id: 'SUP-002',
  group: 'supabase',
  title: 'the tables are there',
  unit: 'missing',
  threshold: {
    warn: 1,
    fail: null,
    source:
      'supabase/migrations of this package; fails when some are there and some are not, or may not be read',
  },
  deadlineMs: DEADLINE_MS + 500,
  async run(world) {
    const supabase = openSupabase(world, DEADLINE_MS)
    if (supabase === null) return { status: 'skip', message: NO_SUPABASE }
    try {
      return await look(supabase)
    } catch (error) {
      if (error instanceof NotAsked) return { status: 'skip', message: unanswered(error) }
      throw error
    } finally {
      supabase.close()
    }
  },
}

async function look(supabase: SupabaseLink): Promise<Finding> {
  const missing: string[] = []
  const answers = TABLES.map(async (table) => ({
    table,
    ...(await supabase.get(`${table}?select=*&limit=0`)),
  }))
  for (const { table, status, text } of await Promise.all(answers)) {
    if (status === 404 && NO_TABLE.test(text)) missing.push(table)
    else if (text.includes('"42501"')) return forbidden(table)
    else if (status !== 200) return { status: 'skip', message: `${status} for ${table} (SUP-001)` }
    else if (!holdsRows(text)) return { status: 'skip', message: `200 for ${table}, and no rows (SUP-001)` }
  }
  const value = missing.length
  if (value === 0) return { status: 'ok', message: `all ${TABLES.length}`, value }
  const remediation = {
    text: 'Apply the migrations of this package; when they are, let PostgREST read its schema anew.',
    commands: [
      'cp node_modules/transparent-cache/supabase/migrations/*.sql supabase/migrations/',
      'supabase db push',
    ],
  }
  if (value === TABLES.length) {
    const message =
      'none of the tables of this package: its stores cannot be used (without them, leave this check out)'
    return { status: 'warn', message, value, remediation }
  }
  return {
    status: 'FAIL',
    message: `missing: ${missing.join(', ')}; the others are there`,
    value,
    remediation,
  }
}

function forbidden(table: string): Finding {
  return {
    status: 'FAIL',
    message: `${table} is there, and the key may not read it (42501)`,
    remediation: {
      text: 'Is it the service key (SUP-003)? Then the grants of the migrations were taken back.',
    },
  }
}
