import type { SupabaseClient } from '@supabase/supabase-js'
import { areRows } from '../are-rows.js'
import { askSupabase, type SupabaseQuery } from '../ask-supabase.js'
import { StoreError } from '../store-error.js'
import type { SupabaseClientLike } from '../supabase-client.js'
import type { FieldsOf, Naming, TenantRecord, TenantRecordSource } from './tenant-record.js'

/** How records lie in a table whose primary key is `tenant_id`. */
export interface TenantTable<R extends TenantRecord, Row extends { tenant_id: string }> {
  name: string
  columns: readonly (keyof Row & string)[]
  toRecord(row: Row): R
  toRow(fields: FieldsOf<R>): Omit<Row, 'tenant_id' | 'updated_at'>
}

/** Records of a table in Supabase. Every method rejects with `StoreError`. */
export class SupabaseTenantRecords<
  R extends TenantRecord,
  Row extends { tenant_id: string },
> implements TenantRecordSource<R> {
  readonly #supabase: SupabaseClientLike
  readonly #table: TenantTable<R, Row>
  readonly #naming: Naming
  readonly #deadlineMs: number

  /** @param deadlineMs longest that a query may take, in ms */
  constructor(
    supabase: SupabaseClientLike,
    table: TenantTable<R, Row>,
    naming: Naming,
    { deadlineMs }: { deadlineMs: number },
  ) {
    this.#supabase = supabase
    this.#table = table
    this.#naming = naming
    this.#deadlineMs = deadlineMs
  }

  async find(tenantId: string): Promise<R | null> {
    const query = this.#from().select(this.#columns).eq('tenant_id', tenantId)
    return this.#recordIn(await this.#rows('find', query, tenantId))
  }

  async put(tenantId: string, fields: FieldsOf<R>): Promise<R> {
    const row = { tenant_id: tenantId, ...this.#table.toRow(fields) }
    const query = this.#from().upsert(row, { onConflict: 'tenant_id' }).select(this.#columns)
    const record = this.#recordIn(await this.#rows('put', query, tenantId))
    if (record === null) throw this.#unexpected('put')
    return record
  }

  async remove(tenantId: string): Promise<boolean> {
    const query = this.#from().delete().eq('tenant_id', tenantId).select('tenant_id')
    return (await this.#rows('remove', query, tenantId)).length > 0
  }

  get #columns(): string {
    return this.#table.columns.join(',')
  }

  #from() {
    return (this.#supabase as SupabaseClient).from(this.#table.name)
  }

  #where(operation: 'find' | 'put' | 'remove') {
    return { store: this.#naming.store, operation: this.#naming[operation] }
  }

  /** Asked for as a list: then an empty answer, which a proxy may give, cannot be taken for "there is none". */
  async #rows(operation: 'find' | 'put' | 'remove', query: SupabaseQuery, tenantId: string): Promise<Row[]> {
    const ask = { ...this.#where(operation), deadlineMs: this.#deadlineMs }
    const rows = await askSupabase<unknown>(ask, query)
    if (!areRows<Row>(rows) || rows.some((row) => row.tenant_id !== tenantId))
      throw this.#unexpected(operation)
    return rows
  }

  #recordIn([row]: Row[]): R | null {
    return row === undefined ? null : this.#table.toRecord(row)
  }

  #unexpected(operation: 'find' | 'put' | 'remove'): StoreError {
    return new StoreError('UNEXPECTED', this.#where(operation), 'what was answered is not what was asked for')
  }
}
