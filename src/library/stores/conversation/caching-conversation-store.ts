import type { CacheStatus } from '../../cache/transparent-cache.js'
import { families } from '../../families/families.js'
import type { BackendType } from '../../kernel/events.js'
import type { CachingStore } from '../caching-store.js'
import type { StoreCacheOptions } from '../store-options.js'
import { createCachingStore } from '../create-caching-store.js'
import type { Viewer } from '../viewer.js'
import { canRead, canWrite, isOwner, type Conversation, type Message } from './conversation.js'
import { conversationError, notFound, STORE } from './conversation-error.js'
import { ConversationInput } from './conversation-input.js'
import type { ConversationSource } from './conversation-source.js'
import type {
  ConversationStore,
  NewConversation,
  NewMessage,
  Page,
  PageRequest,
} from './conversation-store.js'
import { isConversation } from './is-conversation.js'

const { pattern, ttlSeconds } = families.conversation

/** How conversations are cached. */
export interface ConversationCacheOptions extends StoreCacheOptions {
  /** How long it is remembered that an id is not there, in seconds; 0: not. */
  negativeTtlSeconds: number
}

/** A change that a viewer asked for, and who may make it. */
interface Change<Result> {
  operation: string
  viewer: Viewer
  conversationId: string
  may: (conversation: Conversation, viewer: Viewer) => boolean
  /** Null: the conversation is gone meanwhile. */
  make: (conversation: Conversation) => Promise<Result | null>
}

/** Conversations of a source, read through a cache. See `ConversationStore` for what it promises. */
export class CachingConversationStore implements ConversationStore {
  readonly #source: ConversationSource
  readonly #records: CachingStore<string, Conversation, Viewer>

  /** @throws OptionError for an option that cannot be used */
  constructor(source: ConversationSource, cache: ConversationCacheOptions) {
    this.#source = source
    this.#records = createCachingStore<string, Conversation, Viewer>({
      ...cache,
      name: STORE,
      key: (conversationId) => pattern.build({ conversationId }),
      load: (conversationId) => source.find(conversationId),
      isRecordOf: (record, conversationId) => isConversation(record) && record.id === conversationId,
      canRead,
      ttlSeconds: ttlSeconds!,
    })
  }

  async createConversation(viewer: Viewer, conversation: NewConversation = {}): Promise<Conversation> {
    const operation = 'createConversation'
    const input = new ConversationInput(operation)
    input.viewer(viewer)
    input.conversation(conversation)
    const { tenantId, userId } = viewer
    if (userId === null) throw conversationError('FORBIDDEN', operation, 'nobody is logged in')
    return this.#source.create({ tenantId, userId }, conversation)
  }

  async getConversation(viewer: Viewer, conversationId: string): Promise<Conversation | null> {
    return this.#read('getConversation', viewer, conversationId)
  }

  async listConversations(
    viewer: Viewer,
    { status = 'active', ...page }: Parameters<ConversationStore['listConversations']>[1] = {},
  ): Promise<Page<Conversation>> {
    const input = new ConversationInput('listConversations')
    input.viewer(viewer)
    return this.#source.list(viewer, { ...input.page(page), status: input.status(status) })
  }

  async updateSharing(
    viewer: Viewer,
    conversationId: string,
    { shareAudience, tenantAccess }: Parameters<ConversationStore['updateSharing']>[2],
  ): Promise<Conversation> {
    const operation = 'updateSharing'
    const input = new ConversationInput(operation)
    const sharing = {
      shareAudience: input.audience(shareAudience),
      ...(tenantAccess !== undefined && { tenantAccess: input.access(tenantAccess) }),
    }
    return this.#change({
      operation,
      viewer,
      conversationId,
      may: isOwner,
      make: ({ tenantId, id }) => this.#source.update(tenantId, id, sharing),
    })
  }

  async setArchived(viewer: Viewer, conversationId: string, archived: boolean): Promise<Conversation> {
    return this.#change({
      operation: 'setArchived',
      viewer,
      conversationId,
      may: isOwner,
      // Also where it is so already: who asks again may do so because the first answer never came.
      make: ({ tenantId, id, archivedAt }) =>
        this.#source.update(tenantId, id, { archivedAt: archived ? (archivedAt ?? new Date()) : null }),
    })
  }

  async deleteConversation(viewer: Viewer, conversationId: string): Promise<void> {
    await this.#change({
      operation: 'deleteConversation',
      viewer,
      conversationId,
      may: isOwner,
      make: async ({ tenantId, id }) => (await this.#source.softDelete(tenantId, id)) || null,
    })
  }

  async appendMessage(viewer: Viewer, conversationId: string, message: NewMessage): Promise<Message> {
    const operation = 'appendMessage'
    new ConversationInput(operation).message(message)
    // What a model, a tool or the application says in a user's request was written by no user.
    const userId = message.role === 'user' ? viewer.userId : null
    return this.#change({
      operation,
      viewer,
      conversationId,
      may: canWrite,
      make: ({ tenantId, id }) => this.#source.append(tenantId, id, { ...message, userId }),
    })
  }

  async softDeleteMessage(viewer: Viewer, conversationId: string, messageId: string): Promise<void> {
    const operation = 'softDeleteMessage'
    new ConversationInput(operation).id('messageId', messageId)
    const deleted = await this.#change({
      operation,
      viewer,
      conversationId,
      may: canWrite,
      make: ({ tenantId, id }) => this.#source.softDeleteMessage(tenantId, id, messageId),
    })
    if (!deleted) throw notFound(operation, 'message')
  }

  async getMessages(viewer: Viewer, conversationId: string, request?: PageRequest): Promise<Page<Message>> {
    const operation = 'getMessages'
    const page = new ConversationInput(operation).page(request)
    const conversation = await this.#read(operation, viewer, conversationId)
    if (conversation === null) throw notFound(operation)
    return this.#source.messages(conversation.tenantId, conversation.id, page)
  }

  async compactionCandidates(
    tenantId: string,
    { idleSince, minMessages = 1, limit }: Parameters<ConversationStore['compactionCandidates']>[1],
  ): Promise<Conversation[]> {
    const input = new ConversationInput('compactionCandidates')
    input.tenant(tenantId)
    return this.#source.compactionCandidates(tenantId, {
      idleSince: input.date('idleSince', idleSince),
      minMessages: input.count('minMessages', minMessages),
      limit: input.limit(limit),
    })
  }

  getBackendType(): BackendType {
    return this.#records.getBackendType()
  }

  getStatus(): CacheStatus {
    return this.#records.getStatus()
  }

  close(): Promise<void> {
    return this.#records.close()
  }

  async #read(operation: string, viewer: Viewer, conversationId: string): Promise<Conversation | null> {
    const input = new ConversationInput(operation)
    input.viewer(viewer)
    input.id('conversationId', conversationId)
    return this.#records.get(conversationId, viewer)
  }

  /** Decided on the record as it is now: a cached one may still allow what was taken back. */
  async #change<Result>(change: Change<Result>): Promise<Result> {
    const { operation, viewer, conversationId, may, make } = change
    const input = new ConversationInput(operation)
    input.viewer(viewer)
    input.id('conversationId', conversationId)
    const conversation = await this.#source.find(conversationId)
    if (conversation === null) {
      // A deletion whose answer never came may have been carried out after its invalidation; its repetition ends here.
      // In an outage ids that anybody can make up would push real invalidations out of the journal.
      if (this.getStatus().state !== 'down') await this.#records.invalidate(conversationId)
      throw notFound(operation)
    }
    if (!canRead(conversation, viewer)) throw notFound(operation)
    if (!may(conversation, viewer))
      throw conversationError('FORBIDDEN', operation, 'this viewer may not do that')
    const result = await this.#records.change(conversationId, () => make(conversation))
    if (result === null) throw notFound(operation)
    return result
  }
}
