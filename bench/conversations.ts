import type { ConversationSource } from '../src/library/stores/conversation/conversation-source.js'
import type { Conversation } from '../src/library/stores/conversation/conversation.js'

/** The owner of them all. */
export const VIEWER = { tenantId: 'tenant-17', userId: 'user-4711' }

/** Of the size that one has in life: 429 bytes in the cache. */
function conversation(id: string): Conversation {
  return {
    id,
    ...VIEWER,
    title: 'What does the new regulation mean for small lenders?',
    shareAudience: 'private',
    tenantAccess: 'view',
    metadata: { jurisdictions: ['IE', 'UK'], agent: 'global-regulatory-copilot' },
    messageCount: 12,
    createdAt: new Date('2026-11-01T08:30:00Z'),
    updatedAt: new Date('2026-11-27T16:20:00Z'),
    lastMessageAt: new Date('2026-11-27T16:20:00Z'),
    archivedAt: null,
  }
}

/** A source that has every conversation there is, and lets one be found. */
export function everyConversation(before: (id: string) => void | Promise<void>): ConversationSource {
  const notAsked = () => Promise.reject(new Error('nobody asks for this here'))
  return {
    async find(id) {
      await before(id)
      return conversation(id)
    },
    create: notAsked,
    list: notAsked,
    update: notAsked,
    softDelete: notAsked,
    append: notAsked,
    softDeleteMessage: notAsked,
    messages: notAsked,
    compactionCandidates: notAsked,
  }
}
