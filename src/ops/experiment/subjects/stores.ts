import type {
  ConversationConfigStore,
  ConversationStore,
  PolicyStore,
  Validation,
  ValidationCache,
} from '../../../library/index.js'
import { sessionOf, type DrillRecord, type Viewer } from '../records.js'
import { countQueries } from './query-count.js'
import { RecordCache, type Records, type SeenRecord } from './record-cache.js'
import type { Subject, SubjectEnvironment } from './subject.js'
import { supabaseClient } from './supabase-client.js'

/** The three stores and the validation cache of the library, over the Supabase of the drill. */
export const stores: Subject = {
  name: 'stores',
  summary:
    'the conversation, policy and conversation-config stores and the validation cache of this package, over Supabase',
  protocol: 'resp',
  source: 'supabase',
  longestTtlMs: 300_000,
  client: { library: 'transparent-cache', options: {} },
  create: createStores,
}

async function createStores({ redisUrl, supabase: where }: SubjectEnvironment): Promise<RecordCache> {
  if (!where) throw new Error('there is no Supabase for the stores')
  const library = await import('../../../library/index.js')
  const queries = countQueries()
  const supabase = await supabaseClient(where, queries.fetch)
  const redis = redisUrl === null ? null : ({ backend: 'redis', url: redisUrl } as const)
  const conversations = library.createConversationStore({ supabase, redis })
  const records = new StoreRecords({
    conversations,
    policies: library.createPolicyStore({ supabase, redis }),
    configs: library.createConversationConfigStore({ supabase, redis }),
    validations: library.createValidationCache(redis),
    logins: library.createPolicyStore({ supabase, redis: null }),
    isClear: (error) =>
      error instanceof library.BulkheadRejectedError ||
      (error instanceof library.StoreError && UNAVAILABLE.has(error.code)),
  })
  return new RecordCache(records, queries, conversations, ['getConversation', 'updateSharing', 'close'])
}

const UNAVAILABLE: ReadonlySet<string> = new Set(['UNREACHABLE', 'TIMEOUT', 'OVERLOADED', 'UNEXPECTED'])
const STATES = ['down', 'degraded', 'up']

interface Stores {
  conversations: ConversationStore
  policies: PolicyStore
  configs: ConversationConfigStore
  validations: ValidationCache
  /** Where it is written whether a login is valid; never cached by itself. */
  logins: PolicyStore
  isClear(error: unknown): boolean
}

class StoreRecords implements Records {
  readonly #stores: Stores

  constructor(stores: Stores) {
    this.#stores = stores
  }

  async read(record: DrillRecord, viewer: Viewer): Promise<SeenRecord | null> {
    const { conversations, policies, configs, validations } = this.#stores
    const { kind, id } = record
    if (kind === 'conversation') {
      const found = await conversations.getConversation(sessionOf(record, viewer), id)
      return found && { id: found.id, version: +found.updatedAt, isShared: found.shareAudience === 'tenant' }
    }
    if (kind === 'login') {
      const { details } = await validations.getOrValidate(id, () => this.#validate(id))
      return { id: String(details?.['userId']), version: Number(details?.['version']) }
    }
    const found = await (kind === 'policy' ? policies.getPolicy(id) : configs.getConfig(id))
    return found && { id: found.tenantId, version: +found.updatedAt }
  }

  async change(record: DrillRecord, isRevoked: boolean): Promise<number> {
    const { conversations, policies, configs, validations, logins } = this.#stores
    const { kind, id } = record
    if (kind === 'conversation') {
      const sharing = { shareAudience: 'private' } as const
      return +(await conversations.updateSharing(sessionOf(record, 'owner'), id, sharing)).updatedAt
    }
    if (kind === 'policy') return +(await policies.setPolicy(id, {})).updatedAt
    if (kind === 'config') return +(await configs.setConfig(id, {})).updatedAt
    try {
      return +(await logins.setPolicy(id, { settings: { isValid: !isRevoked } })).updatedAt
    } finally {
      await validations.invalidate(id)
    }
  }

  status(): string {
    const { conversations, policies, configs, validations } = this.#stores
    const states = [conversations, policies, configs, validations].map((each) => each.getStatus().state)
    return STATES.find((state) => states.some((each) => each === state)) ?? 'up'
  }

  isClear(error: unknown): boolean {
    return this.#stores.isClear(error)
  }

  async close(): Promise<void> {
    const { conversations, policies, configs, validations, logins } = this.#stores
    await Promise.all([conversations, policies, configs, validations, logins].map((each) => each.close()))
  }

  async #validate(userId: string): Promise<Validation> {
    const login = await this.#stores.logins.getPolicy(userId)
    if (login === null) return { isValid: false }
    return {
      isValid: login.settings['isValid'] === true,
      details: { userId, version: +login.updatedAt },
    }
  }
}
