import { isIdentifier } from '../is-identifier.js'
import type { Viewer } from '../viewer.js'
import type { MessageRole, ShareAudience, TenantAccess } from './conversation.js'
import { conversationError } from './conversation-error.js'
import type { NewConversation, NewMessage, PageRequest } from './conversation-store.js'

type Status = 'active' | 'archived' | 'all'

const MAX_LIMIT = 200
const DEFAULT_LIMIT = 50

/** Records, so that a kind without a place here does not compile. */
const AUDIENCES: Record<ShareAudience, true> = { private: true, tenant: true }
const ACCESSES: Record<TenantAccess, true> = { view: true, edit: true }
const ROLES: Record<MessageRole, true> = { user: true, assistant: true, system: true, tool: true }
const STATUSES: Record<Status, true> = { active: true, archived: true, all: true }

/**
 * What the types promise of a call's input, checked for callers without them: a list that is asked for with a viewer of no
 * tenant, or an audience of another name, must not become a question that the database answers in its own way.
 */
export class ConversationInput {
  readonly #operation: string

  constructor(operation: string) {
    this.#operation = operation
  }

  /** @throws StoreError `INVALID`, as all of these */
  viewer({ tenantId, userId }: Viewer): void {
    this.tenant(tenantId)
    if (userId !== null) this.#text('viewer.userId', userId)
  }

  tenant(tenantId: string): void {
    this.#text('tenantId', tenantId)
  }

  id(name: string, id: string): void {
    this.#text(name, id)
  }

  page({ limit = DEFAULT_LIMIT, cursor = null }: PageRequest = {}): Required<PageRequest> {
    return { limit: this.limit(limit), cursor }
  }

  limit(limit = DEFAULT_LIMIT): number {
    if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit
    return this.#refuse('limit', `a whole number from 1 to ${MAX_LIMIT}`)
  }

  count(name: string, count: number): number {
    return Number.isInteger(count) && count >= 1 ? count : this.#refuse(name, 'a whole number from 1')
  }

  date(name: string, date: Date): Date {
    return date instanceof Date && !Number.isNaN(date.getTime()) ? date : this.#refuse(name, 'a date')
  }

  status(status: Status): Status {
    return this.#oneOf('status', status, STATUSES)
  }

  audience(audience: ShareAudience): ShareAudience {
    return this.#oneOf('shareAudience', audience, AUDIENCES)
  }

  access(access: TenantAccess): TenantAccess {
    return this.#oneOf('tenantAccess', access, ACCESSES)
  }

  conversation({ title, shareAudience, tenantAccess, metadata }: NewConversation): void {
    if (title !== undefined && title !== null && typeof title !== 'string') this.#refuse('title', 'a text')
    if (shareAudience !== undefined) this.audience(shareAudience)
    if (tenantAccess !== undefined) this.access(tenantAccess)
    this.#metadata(metadata)
  }

  message({ role, content, metadata }: NewMessage): void {
    this.#oneOf('role', role, ROLES)
    if (typeof content !== 'string') this.#refuse('content', 'a text')
    this.#metadata(metadata)
  }
  #metadata(metadata: unknown): void {
    if (metadata === undefined) return
    if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
      this.#refuse('metadata', 'an object')
  }

  #text(name: string, value: unknown): void {
    if (!isIdentifier(value)) this.#refuse(name, 'a non-empty text of whole characters')
  }

  #oneOf<K extends string>(name: string, value: K, known: Record<string, true>): K {
    if (typeof value === 'string' && Object.hasOwn(known, value)) return value
    return this.#refuse(name, `one of ${Object.keys(known).join(', ')}`)
  }

  #refuse(name: string, range: string): never {
    throw conversationError('INVALID', this.#operation, `${name} is not ${range}`)
  }
}
