import { randomUUID } from 'node:crypto'
import type { SupabaseClient } from '@supabase/supabase-js'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSupabase, type SupabaseService } from '../../../src/ops/sandbox/supabase/start-supabase.js'
import { startWatchdog, type Watchdog } from '../../../src/ops/sandbox/watchdog.js'
import { supabaseUser } from './supabase-user.js'

// The second lock, behind the stores: what the database itself gives to whoever holds a key and a token of a user.

let watchdog: Watchdog
let supabase: SupabaseService
/** The superuser, past the endpoint. */
let sql: Client
let service: SupabaseClient

beforeAll(async () => {
  watchdog = startWatchdog()
  supabase = await startSupabase({ watchdog })
  service = supabaseUser(supabase.url, supabase.serviceRoleKey)
  sql = new Client({ connectionString: supabase.postgres!.url })
  await sql.connect()
  await populate()
})
afterAll(async () => {
  await sql?.end()
  await supabase?.stop()
  await watchdog?.stop()
})

/** Of each table what tells its rows apart in this test, its key, and a key that is not taken. */
const TABLES = {
  conversations: { label: 'title', key: 'id', fresh: { id: randomUUID() } },
  conversation_messages: { label: 'content', key: 'id', fresh: { id: randomUUID(), position: 99 } },
  conversation_paths: { label: 'name', key: 'id', fresh: { id: randomUUID() } },
  tenant_llm_policies: { label: 'default_model', key: 'tenant_id', fresh: { tenant_id: 'another' } },
  conversation_configs: { label: 'settings', key: 'tenant_id', fresh: { tenant_id: 'another' } },
  model_pricing: { label: 'model', key: 'provider,model,valid_from', fresh: { model: 'another' } },
} as const
type Table = keyof typeof TABLES
const TABLE_NAMES = Object.keys(TABLES) as Table[]

const CONVERSATIONS = [
  ['private', 'a', 'private', null],
  // For editing: even that is done by the application, not by its users.
  ['shared', 'a', 'tenant', null],
  ['deleted', 'a', 'tenant', '2026-11-27T12:00:00Z'],
  ['foreign', 'b', 'tenant', null],
] as const

/** Nothing below writes, so all cases look at the same rows. */
async function populate(): Promise<void> {
  for (const [label, tenant_id, share_audience, deleted_at] of CONVERSATIONS) {
    const [id, messageId] = [randomUUID(), randomUUID()]
    const about = { conversation_id: id, tenant_id }
    const sharing = { share_audience, tenant_access: 'edit' }
    await insert('conversations', { id, tenant_id, user_id: 'owner', title: label, deleted_at, ...sharing })
    const message = { position: 1, user_id: 'owner', role: 'user', content: label }
    await insert('conversation_messages', { id: messageId, ...about, ...message })
    await insert('conversation_paths', { ...about, name: label, head_message_id: messageId })
  }
  for (const tenant_id of ['a', 'b']) {
    await insert('tenant_llm_policies', { tenant_id, default_model: `of ${tenant_id}` })
    await insert('conversation_configs', { tenant_id, settings: { label: `of ${tenant_id}` } })
  }
  const price = { input_usd_per_million_tokens: 3, output_usd_per_million_tokens: 15 }
  await insert('model_pricing', { provider: 'a-provider', model: 'a-model', ...price })
}

async function insert(table: Table, row: object): Promise<void> {
  const { error } = await service.from(table).insert(row as object)
  expect(error).toBeNull()
}

const anonymous = () => supabaseUser(supabase.url, supabase.anonKey)
const user = (tenantId: string, userId: string) =>
  supabaseUser(supabase.url, supabase.anonKey, supabase.tokenFor({ tenantId, userId }))

type Seen = Record<Table, string[] | string>

/** The labels of what somebody sees of each table, or what the database calls its refusal. */
async function seenBy(reader: SupabaseClient): Promise<Seen> {
  const seen = TABLE_NAMES.map(async (table) => {
    const { data, error } = await reader.from(table).select('*')
    if (error) return [table, error.code] as const
    const labels = (data as Record<string, unknown>[]).map((row) => labelOf(row[TABLES[table].label]))
    return [table, labels.sort()] as const
  })
  return Object.fromEntries(await Promise.all(seen)) as Seen
}

const labelOf = (value: unknown) => (typeof value === 'string' ? value : (value as { label: string }).label)

const everywhere = <V>(value: V) => Object.fromEntries(TABLE_NAMES.map((table) => [table, value]))

/** A conversation, its messages and its paths are seen together. */
const sees = (conversations: string[], records: string[]) => ({
  conversations,
  conversation_messages: conversations,
  conversation_paths: conversations,
  tenant_llm_policies: records,
  conversation_configs: records,
  model_pricing: ['a-model'],
})

describe('who reads what', () => {
  test('nobody without a user: the key that is in every browser opens no table', async () => {
    expect(await seenBy(anonymous())).toEqual(everywhere('42501'))
  })

  test('an owner: the own and the shared of the tenant, never what is deleted', async () => {
    expect(await seenBy(user('a', 'owner'))).toEqual(sees(['private', 'shared'], ['of a']))
  })

  test('a stranger of the same tenant: what is shared with it', async () => {
    expect(await seenBy(user('a', 'stranger'))).toEqual(sees(['shared'], ['of a']))
  })

  test('another tenant: nothing of this one, also for a user of the same id', async () => {
    expect(await seenBy(user('b', 'owner'))).toEqual(sees(['foreign'], ['of b']))
  })

  test('the service role: all', async () => {
    const all = ['deleted', 'foreign', 'private', 'shared']
    expect(await seenBy(service)).toEqual(sees(all, ['of a', 'of b']))
  })

  test('claims under the signature of another token: nothing, not even prices', async () => {
    const [head, claims] = supabase.tokenFor({ tenantId: 'a', userId: 'owner' }).split('.')
    const [, , signature] = supabase.tokenFor({ tenantId: 'b', userId: 'owner' }).split('.')
    const forger = supabaseUser(supabase.url, supabase.anonKey, `${head}.${claims}.${signature}`)
    expect(await seenBy(forger)).toEqual(everywhere(expect.stringMatching(/^PGRST30\d$/)))
  })
})

describe('whose tenant a token is of', () => {
  test.each([
    ['that of the claim at the top', { tenant_id: 'a' }, 1],
    ['that of app_metadata, which the service writes', { app_metadata: { tenant_id: 'a' } }, 1],
    ['the claim at the top before app_metadata', { tenant_id: 'x', app_metadata: { tenant_id: 'a' } }, 0],
    ['not that of user_metadata, which users write', { user_metadata: { tenant_id: 'a' } }, 0],
    ['none without a claim', {}, 0],
    ['none where it is empty', { tenant_id: '' }, 0],
    ['none where it is a list', { tenant_id: ['a'] }, 0],
  ])('%s', async (_, claims, records) => {
    await sql.query('begin')
    try {
      const text = JSON.stringify({ sub: 'owner', role: 'authenticated', ...claims })
      await sql.query(`select set_config('request.jwt.claims', $1, true)`, [text])
      await sql.query('set local role authenticated')
      const count = async (table: Table) => (await sql.query(`select from public.${table}`)).rowCount
      expect(await count('tenant_llm_policies')).toBe(records)
      expect(await count('conversation_configs')).toBe(records)
      expect(await count('conversations')).toBe(2 * records)
    } finally {
      await sql.query('rollback')
    }
  })
})

describe.each([
  ['nobody', () => anonymous()],
  ['the owner', () => user('a', 'owner')],
  ['a stranger of the tenant', () => user('a', 'stranger')],
  ['another tenant', () => user('b', 'owner')],
] as const)('%s writes nothing', (_, writer) => {
  test.each(TABLE_NAMES)('to %s', async (table) => {
    const { label, key, fresh } = TABLES[table]
    const before = await contents(table)
    const row = before[0]!
    const from = () => writer().from(table)
    const attempts = await Promise.all([
      from().insert({ ...row, ...fresh }),
      from().upsert(row, { onConflict: key }),
      from()
        .update({ [label]: row[label] })
        .not(label, 'is', null),
      from().delete().not(label, 'is', null),
    ])
    expect(attempts.map(({ error }) => error?.code)).toEqual(Array(4).fill('42501'))
    expect(await contents(table)).toEqual(before)
  })

  test('by the functions that the stores use', async () => {
    const [conversation] = await contents('conversations')
    const about = { p_tenant_id: 'a', p_conversation_id: conversation!['id'] }
    const message = { p_user_id: 'owner', p_role: 'user', p_content: 'x', p_metadata: {} }
    const before = await contents('conversation_messages')
    const calls = await Promise.all([
      writer().rpc('append_conversation_message', { ...about, ...message }),
      writer().rpc('soft_delete_conversation_message', { ...about, p_message_id: before[0]!['id'] }),
      writer().rpc('list_conversation_messages', { ...about, p_limit: 10 }),
    ])
    expect(calls.map(({ error }) => error?.code)).toEqual(['42501', '42501', '42501'])
    expect(await contents('conversation_messages')).toEqual(before)
  })
})

/** As the superuser sees it. */
async function contents(table: Table): Promise<Record<string, unknown>[]> {
  const { rows } = await sql.query<{ row: Record<string, unknown> }>(
    `select to_jsonb(each) as row from public.${table} as each order by ${TABLES[table].key}`,
  )
  expect(rows.length).toBeGreaterThan(0)
  return rows.map(({ row }) => row)
}

test('the migrations make no table and no function beyond these that a user may use', async () => {
  const tables = await sql.query<{ table: Table; locked: boolean }>(
    `select relname as table, relrowsecurity as locked from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') order by relname`,
  )
  expect(tables.rows).toEqual([...TABLE_NAMES].sort().map((table) => ({ table, locked: true })))
  const functions = await sql.query(
    `select proname from pg_proc
     where pronamespace = 'public'::regnamespace
       and (has_function_privilege('anon', oid, 'execute') or has_function_privilege('authenticated', oid, 'execute'))`,
  )
  expect(functions.rows).toEqual([])
})

describe('the database refuses, whoever writes,', () => {
  const price = { provider: 'p', model: 'm', output_usd_per_million_tokens: 1 }
  test.each([
    ['a tenant without a name', 'tenant_llm_policies', { tenant_id: '' }],
    ['a negative budget', 'tenant_llm_policies', { tenant_id: 'c', monthly_budget_usd: -1 }],
    ['a budget that is no number', 'tenant_llm_policies', { tenant_id: 'c', monthly_budget_usd: 'NaN' }],
    ['a budget without bound', 'tenant_llm_policies', { tenant_id: 'c', monthly_budget_usd: 'Infinity' }],
    ['a model without a name', 'tenant_llm_policies', { tenant_id: 'c', allowed_models: [null] }],
    ['settings that are a list', 'tenant_llm_policies', { tenant_id: 'c', settings: [] }],
    ['compaction after no message', 'conversation_configs', { tenant_id: 'c', compact_after_messages: 0 }],
    ['a negative retention', 'conversation_configs', { tenant_id: 'c', retention_days: -1 }],
    ['a negative price', 'model_pricing', { ...price, input_usd_per_million_tokens: -1 }],
  ] as const)('%s', async (_, table, row) => {
    const { error } = await service.from(table).insert(row as object)
    expect(error?.code).toBe('23514')
  })
})
