import type { Viewer } from '../viewer.js'
import type { Conversation, Message, ShareAudience, TenantAccess } from './conversation.js'
import type { NewConversation, NewMessage, Page, PageRequest } from './conversation-store.js'

/**
 * Conversations as they are in the system of record. It decides nothing about who may do what, except that a list holds
 * what its viewer may read; `CachingConversationStore` decides, above the cache. Implement it to use another
 * system of record.
 *
 * Every method rejects with what went wrong. Deleted conversations and messages are not there.
 */
export interface ConversationSource {
  /** The system of record gives it its id. */
  create(owner: { tenantId: string; userId: string }, conversation: NewConversation): Promise<Conversation>
  /** Of any tenant; its id is this very text, so that it has one key in the cache. */
  find(conversationId: string): Promise<Conversation | null>
  /** What this viewer may read, latest change first. */
  list(
    viewer: Viewer,
    request: Required<PageRequest> & { status: 'active' | 'archived' | 'all' },
  ): Promise<Page<Conversation>>
  /** Null when it is gone, or not of this tenant. */
  update(
    tenantId: string,
    conversationId: string,
    change: { shareAudience?: ShareAudience; tenantAccess?: TenantAccess; archivedAt?: Date | null },
  ): Promise<Conversation | null>
  /** False when it was gone, or not of this tenant. */
  softDelete(tenantId: string, conversationId: string): Promise<boolean>
  /** Also counts it and moves `lastMessageAt`, in one transaction. Null when the conversation is gone. */
  append(
    tenantId: string,
    conversationId: string,
    message: NewMessage & { userId: string | null },
  ): Promise<Message | null>
  /** Also counts it, in one transaction. False when it was gone. */
  softDeleteMessage(tenantId: string, conversationId: string, messageId: string): Promise<boolean>
  /** Oldest first. */
  messages(tenantId: string, conversationId: string, request: Required<PageRequest>): Promise<Page<Message>>
  /** The longest idle first; see `ConversationStore`. */
  compactionCandidates(
    tenantId: string,
    criteria: { idleSince: Date; minMessages: number; limit: number },
  ): Promise<Conversation[]>
}
