import type { BackendType } from '../../kernel/events.js'
import type { CacheStatus } from '../../cache/transparent-cache.js'
import type { Viewer } from '../viewer.js'
import type { Conversation, Message, MessageRole, ShareAudience, TenantAccess } from './conversation.js'

/** One page, and where the next begins; null when this was the last. */
export interface Page<T> {
  /** In the order of the list. */
  items: T[]
  /** Opaque; give it back as `cursor`. */
  nextCursor: string | null
}

/** Which page of a list is asked for. */
export interface PageRequest {
  /** Most items, 1 to 200. @default 50 */
  limit?: number
  /** `nextCursor` of the page before. */
  cursor?: string | null
}

/** What a conversation begins with. */
export interface NewConversation {
  /** @default null */
  title?: string | null
  /** @default 'private' */
  shareAudience?: ShareAudience
  /** @default 'view' */
  tenantAccess?: TenantAccess
  /** The application's own; JSON. @default {} */
  metadata?: Record<string, unknown>
}

/** What is appended to a conversation. */
export interface NewMessage {
  /** Of whoever speaks. */
  role: MessageRole
  /** Any text. */
  content: string
  /** The application's own; JSON. @default {} */
  metadata?: Record<string, unknown>
}

/**
 * Conversations in the system of record, read through a cache that may disappear.
 *
 * Every method rejects with `StoreError` when the source of truth cannot do what is asked, and never because of the
 * cache. What a viewer may do is decided anew on every call, also on a hit. A change is visible to this process from the
 * moment its call settles, and to others within 1 s of a healthy cache; a process that dies between the change and
 * its invalidation leaves an old record for the TTL, 60 s.
 */
export interface ConversationStore {
  /** The viewer is its owner. @throws StoreError `FORBIDDEN` for a viewer who is not logged in */
  createConversation(viewer: Viewer, conversation?: NewConversation): Promise<Conversation>
  /** Null when there is none, or none that this viewer may read. */
  getConversation(viewer: Viewer, conversationId: string): Promise<Conversation | null>
  /** What the viewer may read, latest change first. Always asked of the source. */
  listConversations(
    viewer: Viewer,
    request?: PageRequest & { status?: 'active' | 'archived' | 'all' },
  ): Promise<Page<Conversation>>
  /** @throws StoreError `NOT_FOUND`, `FORBIDDEN` */
  updateSharing(
    viewer: Viewer,
    conversationId: string,
    sharing: { shareAudience: ShareAudience; tenantAccess?: TenantAccess },
  ): Promise<Conversation>
  /** @throws StoreError `NOT_FOUND`, `FORBIDDEN` */
  setArchived(viewer: Viewer, conversationId: string, archived: boolean): Promise<Conversation>
  /** It and its messages are there for nobody from now on; the rows stay. @throws StoreError `NOT_FOUND`, `FORBIDDEN` */
  deleteConversation(viewer: Viewer, conversationId: string): Promise<void>
  /** The viewer is its author where `role` is `user`; others have none. @throws StoreError `NOT_FOUND`, `FORBIDDEN` */
  appendMessage(viewer: Viewer, conversationId: string, message: NewMessage): Promise<Message>
  /** The row stays, without being listed. @throws StoreError `NOT_FOUND`, `FORBIDDEN` */
  softDeleteMessage(viewer: Viewer, conversationId: string, messageId: string): Promise<void>
  /** Oldest first; always asked of the source. @throws StoreError `NOT_FOUND` */
  getMessages(viewer: Viewer, conversationId: string, request?: PageRequest): Promise<Page<Message>>
  /**
   * For a background job, not on behalf of a user: conversations of a tenant with at least so many messages to which
   * nothing was appended since, the longest idle first.
   * @param criteria.minMessages @default 1
   * @param criteria.limit 1 to 200 @default 50
   */
  compactionCandidates(
    tenantId: string,
    criteria: { idleSince: Date; minMessages?: number; limit?: number },
  ): Promise<Conversation[]>
  /** What its cache was configured with; fixed. */
  getBackendType(): BackendType
  /** How its cache is doing. */
  getStatus(): CacheStatus
  /** Of the cache; the Supabase client is the caller's. Idempotent, never rejects. */
  close(): Promise<void>
}
