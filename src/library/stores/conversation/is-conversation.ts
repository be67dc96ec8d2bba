import type { Conversation } from './conversation.js'

/**
 * Whether a record is complete as far as this version of the service is concerned. One that another version, or another
 * writer, left in the cache would else be read as one that nobody may see.
 */
export function isConversation(record: Conversation | null): boolean {
  return (
    typeof record === 'object' &&
    record !== null &&
    [record.id, record.tenantId, record.userId, record.shareAudience, record.tenantAccess].every(isText) &&
    typeof record.messageCount === 'number' &&
    [record.createdAt, record.updatedAt].every(isDate) &&
    [record.lastMessageAt, record.archivedAt].every((at) => at === null || isDate(at))
  )
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime())
}
