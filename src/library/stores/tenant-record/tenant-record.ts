/** What a tenant has one of, such as a policy. */
export interface TenantRecord {
  tenantId: string
  updatedAt: Date
}

/** All of it but what the database says itself. */
export type FieldsOf<R extends TenantRecord> = Omit<R, keyof TenantRecord>

/** Where such records are. Every method rejects with what went wrong. */
export interface TenantRecordSource<R extends TenantRecord> {
  find(tenantId: string): Promise<R | null>
  put(tenantId: string, fields: FieldsOf<R>): Promise<R>
  /** False when there was none. */
  remove(tenantId: string): Promise<boolean>
}

/** What errors call the store and its operations. */
export interface Naming {
  store: string
  find: string
  put: string
  remove: string
}

/** What a source of such records can do. */
export const TENANT_RECORD_METHODS = ['find', 'put', 'remove'] as const
