import type { Viewer } from '../viewer.js'

/** With whom a conversation is shared: with nobody, or with everybody of its tenant. */
export type ShareAudience = 'private' | 'tenant'

/** What those with whom it is shared may do. */
export type TenantAccess = 'view' | 'edit'

export interface Conversation {
  id: string
  tenantId: string
  /** Its owner. */
  userId: string
  title: string | null
  shareAudience: ShareAudience
  tenantAccess: TenantAccess
  /** The application's own; JSON. */
  metadata: Record<string, unknown>
  messageCount: number
  createdAt: Date
  updatedAt: Date
  /** When the latest message was appended. */
  lastMessageAt: Date | null
  archivedAt: Date | null
}

export type MessageRole = 'user' | 'assistant' | 'system' | 'tool'

export interface Message {
  id: string
  conversationId: string
  tenantId: string
  /** Who wrote it; null for what no user wrote. */
  userId: string | null
  role: MessageRole
  content: string
  /** The application's own; JSON. */
  metadata: Record<string, unknown>
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
