import type { CacheStatus } from '../../../src/library/cache/transparent-cache.js'
import { families, type Family } from '../../../src/library/families/families.js'
import { createConversationConfigStore } from '../../../src/library/stores/conversation-config/create-conversation-config-store.js'
import { createPolicyStore } from '../../../src/library/stores/policy/create-policy-store.js'
import type { StoreOptions } from '../../../src/library/stores/store-options.js'

type Fields = Record<string, unknown>

interface TenantRecord {
  tenantId: string
  updatedAt: Date
}

/** Either store, under the same names. */
export interface TenantStore {
  get(tenantId: string): Promise<TenantRecord | null>
  set(tenantId: string, fields: Fields): Promise<TenantRecord>
  remove(tenantId: string): Promise<boolean>
  getStatus(): CacheStatus
  close(): Promise<void>
}

export interface Kind {
  name: string
  table: string
  family: Family
  integrity: boolean
  /** Every field with another value than in `defaults`. */
  full: Fields
  defaults: Fields
  /** What errors call the operations. */
  operations: { get: string; set: string; remove: string }
  open(options: StoreOptions<never>): TenantStore
}

/** Looks like a tag of the cache's, and is none. */
const settings = { nested: [1, null, { $date: 'never' }], text: 'ü "\\' }

const policies: Kind = {
  name: 'policies',
  table: 'tenant_llm_policies',
  family: families.llmPolicy,
  integrity: true,
  full: {
    defaultModel: 'model-b',
    allowedModels: ['model-b', 'model "ü", \\ {}'],
    allowRemoteEgress: true,
    monthlyBudgetUsd: 1234.56,
    settings,
  },
  defaults: {
    defaultModel: null,
    allowedModels: null,
    allowRemoteEgress: false,
    monthlyBudgetUsd: null,
    settings: {},
  },
  operations: { get: 'getPolicy', set: 'setPolicy', remove: 'deletePolicy' },
  open(options) {
    const store = createPolicyStore(options)
    return {
      get: (tenantId) => store.getPolicy(tenantId),
      set: (tenantId, fields) => store.setPolicy(tenantId, fields),
      remove: (tenantId) => store.deletePolicy(tenantId),
      getStatus: () => store.getStatus(),
      close: () => store.close(),
    }
  },
}

const conversationConfigs: Kind = {
  name: 'conversation-configs',
  table: 'conversation_configs',
  family: families.conversationConfig,
  integrity: false,
  full: { compactAfterMessages: 50, compactAfterIdleHours: 0.5, retentionDays: 0, settings },
  defaults: { compactAfterMessages: null, compactAfterIdleHours: null, retentionDays: null, settings: {} },
  operations: { get: 'getConfig', set: 'setConfig', remove: 'deleteConfig' },
  open(options) {
    const store = createConversationConfigStore(options)
    return {
      get: (tenantId) => store.getConfig(tenantId),
      set: (tenantId, fields) => store.setConfig(tenantId, fields),
      remove: (tenantId) => store.deleteConfig(tenantId),
      getStatus: () => store.getStatus(),
      close: () => store.close(),
    }
  },
}

/** What a tenant has one of: two stores that make the same promises. */
export const KINDS = [policies, conversationConfigs]
