import type { Conversation, Message, MessageRole, ShareAudience, TenantAccess } from './conversation.js'
import type { NewConversation } from './conversation-store.js'

/** As `supabase/migrations` has them and PostgREST writes them: times are texts of ISO 8601. */
export interface ConversationRow {
  id: string
  tenant_id: string
  user_id: string
  title: string | null
  share_audience: ShareAudience
  tenant_access: TenantAccess
  metadata: Record<string, unknown>
  message_count: number
  created_at: string
  updated_at: string
  last_message_at: string | null
  archived_at: string | null
}

export interface MessageRow {
  id: string
  conversation_id: string
  tenant_id: string
  position: number
  user_id: string | null
  role: MessageRole
  content: string
  metadata: Record<string, unknown>
  created_at: string
}

/** Named, so that a column that is added later does not travel. */
export const CONVERSATION_COLUMNS = [
  'id',
  'tenant_id',
  'user_id',
  'title',
  'share_audience',
  'tenant_access',
  'metadata',
  'message_count',
  'created_at',
  'updated_at',
  'last_message_at',
  'archived_at',
].join(',')

export function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    userId: row.user_id,
    title: row.title,
    shareAudience: row.share_audience,
    tenantAccess: row.tenant_access,
    metadata: row.metadata,
    messageCount: row.message_count,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    lastMessageAt: row.last_message_at === null ? null : new Date(row.last_message_at),
    archivedAt: row.archived_at === null ? null : new Date(row.archived_at),
  }
}

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    tenantId: row.tenant_id,
    userId: row.user_id,
    role: row.role,
    content: row.content,
    metadata: row.metadata,
    createdAt: new Date(row.created_at),
  }
}

/** What may be written of a conversation. A field that is undefined is left as it is, or to its default. */
export function toRow(
  fields: NewConversation & { archivedAt?: Date | null },
): Partial<Omit<ConversationRow, 'id'>> {
  const { title, shareAudience, tenantAccess, metadata, archivedAt } = fields
  return {
    ...(title !== undefined && { title }),
    ...(shareAudience !== undefined && { share_audience: shareAudience }),
    ...(tenantAccess !== undefined && { tenant_access: tenantAccess }),
    ...(metadata !== undefined && { metadata }),
    ...(archivedAt !== undefined && { archived_at: archivedAt?.toISOString() ?? null }),
  }
}

/**
 * Whether a row could have this id. Postgres would call any other text an error, and take some for the same id: then a
 * record would stand in the cache under two keys, of which a change invalidates one.
 */
export function isRowId(id: unknown): id is string {
  return typeof id === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
}
