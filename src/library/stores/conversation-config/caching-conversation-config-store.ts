import { families } from '../../families/families.js'
import type { StoreCacheOptions } from '../store-options.js'
import { CachingTenantRecords } from '../tenant-record/caching-tenant-records.js'
import type { ConversationConfigSource } from './conversation-config-source.js'
import type {
  ConversationConfig,
  ConversationConfigStore,
  NewConversationConfig,
} from './conversation-config-store.js'
import { NAMING } from './naming.js'

/** Settings of a source, read through a cache. See `ConversationConfigStore` for what it promises. */
export class CachingConversationConfigStore
  extends CachingTenantRecords<ConversationConfig>
  implements ConversationConfigStore
{
  /** @throws OptionError for an option that cannot be used */
  constructor(source: ConversationConfigSource, cache: StoreCacheOptions) {
    super({
      cache,
      source,
      naming: NAMING,
      family: families.conversationConfig,
      integrity: false,
      defaults: () => ({
        compactAfterMessages: null,
        compactAfterIdleHours: null,
        retentionDays: null,
        settings: {},
      }),
    })
  }

  getConfig(tenantId: string): Promise<ConversationConfig | null> {
    return this.find(tenantId)
  }

  setConfig(tenantId: string, config: NewConversationConfig): Promise<ConversationConfig> {
    return this.put(tenantId, config)
  }

  deleteConfig(tenantId: string): Promise<boolean> {
    return this.remove(tenantId)
  }
}
