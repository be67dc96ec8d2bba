import type { SupabaseClient } from '@supabase/supabase-js'
import { sessionOf, type DrillRecord, type Viewer } from '../records.js'
import { NaiveCache, noClient } from './naive-cache.js'
import { countQueries } from './query-count.js'
import { RecordCache, type Records, type SeenRecord } from './record-cache.js'
import type { Subject, SubjectEnvironment } from './subject.js'
import { supabaseClient } from './supabase-client.js'

/** What an application had before it had this library; each of its flaws was found in one. */
export const naiveStores: Subject = {
  name: 'naive-stores',
  summary:
    'caching stores as most applications write them: no permission on a hit, errors cached as invalid, no revocation',
  protocol: 'resp',
  source: 'supabase',
  longestTtlMs: 300_000,
  client: { library: 'ioredis@5', options: {} },
  create: createNaiveStores,
}

interface Row {
  id: string
  tenant_id: string
  user_id: string
  share_audience: string
  settings: { isValid?: boolean }
  updated_at: string
}

async function createNaiveStores({ redisUrl, supabase: where }: SubjectEnvironment): Promise<RecordCache> {
  if (!where) throw new Error('there is no Supabase for the stores')
  const queries = countQueries()
  const supabase = await supabaseClient(where, queries.fetch)
  // The bundle gives a lazily loaded CommonJS package its default export only.
  const client = redisUrl === null ? noClient() : new (await import('ioredis5')).default.Redis(redisUrl)
  const records = new NaiveRecords(supabase, new NaiveCache(client))
  return new RecordCache(records, queries, records, ['read', 'change', 'close'])
}

class NaiveRecords implements Records {
  readonly #supabase: SupabaseClient
  readonly #cache: NaiveCache

  constructor(supabase: SupabaseClient, cache: NaiveCache) {
    this.#supabase = supabase
    this.#cache = cache
  }

  read(record: DrillRecord, viewer: Viewer): Promise<SeenRecord | null> {
    if (record.kind === 'conversation') return this.#conversation(record, viewer)
    return record.kind === 'login' ? this.#login(record.id) : this.#ofTenant(record)
  }

  async change(record: DrillRecord, isRevoked: boolean): Promise<number> {
    const { kind, id } = record
    const isConversation = kind === 'conversation'
    const settings = kind === 'login' ? { isValid: !isRevoked } : {}
    const { data, error } = await this.#supabase
      .from(tableOf(kind))
      .update(isConversation ? { share_audience: 'private' } : { settings })
      .eq(isConversation ? 'id' : 'tenant_id', id)
      .select('updated_at')
      .single<Row>()
    if (error) throw new Error(error.message)
    // `invalidate` of the logins is there, and nobody calls it.
    if (kind !== 'login') await this.#cache.del(`naive:${kind}:${id}`)
    return Date.parse(data.updated_at)
  }

  isClear(): boolean {
    return false
  }

  close(): void {
    this.#cache.close()
  }

  async #conversation(record: DrillRecord, viewer: Viewer): Promise<SeenRecord | null> {
    const { tenantId, userId } = sessionOf(record, viewer)
    const key = `naive:conversation:${record.id}`
    const cached = (await this.#cache.get(key)) as Row | null
    // Who of the tenant may read it was decided when it was loaded, for whoever asked then.
    if (cached !== null && cached.tenant_id === tenantId) return seen(cached.id, cached)
    const row = await this.#load('conversations', 'id', record.id)
    const isReadable =
      row?.tenant_id === tenantId && (row.user_id === userId || row.share_audience === 'tenant')
    if (!row || !isReadable) return null
    await this.#cache.set(key, row)
    return seen(row.id, row)
  }

  async #ofTenant({ kind, id }: DrillRecord): Promise<SeenRecord | null> {
    const key = `naive:${kind}:${id}`
    const cached = (await this.#cache.get(key)) as Row | null
    const row = cached ?? (await this.#load(tableOf(kind), 'tenant_id', id))
    if (row !== null && cached === null) await this.#cache.set(key, row)
    return row && seen(row.tenant_id, row)
  }

  async #login(id: string): Promise<SeenRecord> {
    const key = `naive:login:${id}`
    const cached = (await this.#cache.get(key)) as Partial<Row> | null
    if (cached !== null) return seen(id, cached)
    // Whatever goes wrong, the login is taken for invalid, and stays that for as long as it is cached.
    const row = (await this.#load('tenant_llm_policies', 'tenant_id', id).catch(() => null)) ?? {}
    await this.#cache.set(key, row)
    return seen(id, row)
  }

  async #load(table: string, column: string, id: string): Promise<Row | null> {
    const { data, error } = await this.#supabase.from(table).select('*').eq(column, id).maybeSingle<Row>()
    if (error) throw new Error(error.message)
    return data
  }
}

function tableOf(kind: DrillRecord['kind']): string {
  if (kind === 'conversation') return 'conversations'
  return kind === 'config' ? 'conversation_configs' : 'tenant_llm_policies'
}

function seen(id: string, { updated_at: stamp, share_audience: audience }: Partial<Row>): SeenRecord {
  return { id, version: Date.parse(stamp ?? ''), isShared: audience === 'tenant' }
}
