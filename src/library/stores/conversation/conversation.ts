import type { Viewer } from '../viewer.js'

/** With whom a conversation is shared: with nobody, or with everybody of its tenant. */
export type ShareAudience = 'private' | 'tenant'

/** What those with whom it is shared may do. */
export type TenantAccess = 'view' | 'edit'

/** A conversation without its messages. */
export interface Conversation {
  /** Given by the system of record. */
  id: string
  /** Whose users may be let in. */
  tenantId: string
  /** Its owner. */
  userId: string
  /** Null: it has none yet. */
  title: string | null
  /** With whom it is shared. */
  shareAudience: ShareAudience
  /** What those may do. */
  tenantAccess: TenantAccess
  /** The application's own; JSON. */
  metadata: Record<string, unknown>
  /** Without the deleted ones. */
  messageCount: number
  /** When it began. */
  createdAt: Date
  /** When it, or what is in it, last changed. */
  updatedAt: Date
  /** When the latest message was appended. */
  lastMessageAt: Date | null
  /** Null: it is not archived. */
  archivedAt: Date | null
}

/** Who speaks in a message. */
export type MessageRole = 'user' | 'assistant' | 'system' | 'tool'

/** One message of a conversation. */
export interface Message {
  /** Given by the system of record. */
  id: string
  /** Where it was appended. */
  conversationId: string
  /** That of its conversation. */
  tenantId: string
  /** Who wrote it; null for what no user wrote. */
  userId: string | null
  /** Of whoever speaks. */
  role: MessageRole
  /** As it was appended. */
  content: string
  /** The application's own; JSON. */
  metadata: Record<string, unknown>
  /** When it was appended. */
  createdAt: Date
}

/** The owner, and everybody of the tenant with whom it is shared. Nobody of another tenant, ever. */
export function canRead(conversation: Conversation, { tenantId, userId }: Viewer): boolean {
  if (conversation.tenantId !== tenantId) return false
  return (userId !== null && conversation.userId === userId) || conversation.shareAudience === 'tenant'
}

/** The owner, and logged-in users of the tenant where it is shared for editing. */
export function canWrite(conversation: Conversation, { tenantId, userId }: Viewer): boolean {
  if (conversation.tenantId !== tenantId || userId === null) return false
  return (
    conversation.userId === userId ||
    (conversation.shareAudience === 'tenant' && conversation.tenantAccess === 'edit')
  )
}

/** Sharing, archiving and deleting a conversation is its owner's. */
export function isOwner(conversation: Conversation, { tenantId, userId }: Viewer): boolean {
  return conversation.tenantId === tenantId && userId !== null && conversation.userId === userId
}
