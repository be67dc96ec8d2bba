import type { SupabaseClient } from '@supabase/supabase-js'
import { areRows } from '../are-rows.js'
import { askSupabase, type SupabaseQuery } from '../ask-supabase.js'
import { readCursor } from '../cursor.js'
import type { SupabaseClientLike } from '../supabase-client.js'
import type { Viewer } from '../viewer.js'
import type { Conversation, Message } from './conversation.js'
import { conversationError, STORE } from './conversation-error.js'
import {
  CONVERSATION_COLUMNS,
  isRowId,
  toConversation,
  toMessage,
  toRow,
  type ConversationRow,
  type MessageRow,
} from './conversation-row.js'
import { afterConversation, afterMessage, CONVERSATIONS, MESSAGES, pageOf } from './conversation-pages.js'
import type { ConversationSource } from './conversation-source.js'
import type { NewConversation, NewMessage, Page, PageRequest } from './conversation-store.js'

/** The tables and functions of `supabase/migrations/*_conversations.sql`. Every method rejects with `StoreError`. */
export class SupabaseConversationSource implements ConversationSource {
  readonly #supabase: SupabaseClientLike
  readonly #deadlineMs: number

  /** @param options.deadlineMs longest that a query may take, in ms */
  constructor(supabase: SupabaseClientLike, { deadlineMs }: { deadlineMs: number }) {
    this.#supabase = supabase
    this.#deadlineMs = deadlineMs
  }

  async create(
    { tenantId, userId }: { tenantId: string; userId: string },
    conversation: NewConversation,
  ): Promise<Conversation> {
    const row = { tenant_id: tenantId, user_id: userId, ...toRow(conversation) }
    const query = this.#client.from('conversations').insert(row).select(CONVERSATION_COLUMNS)
    const isOurs = (made: ConversationRow) => made.tenant_id === tenantId && made.user_id === userId
    const [created] = await this.#rows('createConversation', query, isOurs)
    if (created === undefined) throw unexpected('createConversation')
    return toConversation(created)
  }

  async find(conversationId: string): Promise<Conversation | null> {
    // No row has another kind of id, and the database would call it an error.
    if (!isRowId(conversationId)) return null
    const query = this.#client
      .from('conversations')
      .select(CONVERSATION_COLUMNS)
      .eq('id', conversationId)
      .is('deleted_at', null)
    const isIt = ({ id }: ConversationRow) => id === conversationId
    const [row] = await this.#rows('getConversation', query, isIt)
    return row === undefined ? null : toConversation(row)
  }

  async list(
    { tenantId, userId }: Viewer,
    { limit, cursor, status }: Parameters<ConversationSource['list']>[1],
  ): Promise<Page<Conversation>> {
    const operation = 'listConversations'
    const [beforeMs, beforeId] =
      cursor === null ? [null, null] : readCursor(CONVERSATIONS, cursor, at(operation))
    const query = this.#client.rpc('list_readable_conversations', {
      p_tenant_id: tenantId,
      p_user_id: userId,
      p_status: status,
      p_limit: limit + 1,
      p_before_time: beforeMs === null ? null : new Date(beforeMs).toISOString(),
      p_before_id: beforeId,
    })
    const isReadable = (row: ConversationRow) =>
      row.tenant_id === tenantId && (row.user_id === userId || row.share_audience === 'tenant')
    const rows = await this.#rows(operation, query, isReadable)
    return pageOf(rows.map(toConversation), limit, afterConversation)
  }

  async update(
    tenantId: string,
    conversationId: string,
    change: Parameters<ConversationSource['update']>[2],
  ): Promise<Conversation | null> {
    if (!isRowId(conversationId)) return null
    const operation = change.archivedAt === undefined ? 'updateSharing' : 'setArchived'
    const [row] = await this.#changed(operation, tenantId, conversationId, toRow(change))
    return row === undefined ? null : toConversation(row)
  }

  async softDelete(tenantId: string, conversationId: string): Promise<boolean> {
    if (!isRowId(conversationId)) return false
    const change = { deleted_at: new Date().toISOString() }
    return (await this.#changed('deleteConversation', tenantId, conversationId, change)).length > 0
  }

  async append(
    tenantId: string,
    conversationId: string,
    { role, content, metadata = {}, userId }: NewMessage & { userId: string | null },
  ): Promise<Message | null> {
    if (!isRowId(conversationId)) return null
    const query = this.#client.rpc('append_conversation_message', {
      p_tenant_id: tenantId,
      p_conversation_id: conversationId,
      p_user_id: userId,
      p_role: role,
      p_content: content,
      p_metadata: metadata,
    })
    const [row] = await this.#rows('appendMessage', query, ofConversation(tenantId, conversationId))
    return row === undefined ? null : toMessage(row)
  }

  async softDeleteMessage(tenantId: string, conversationId: string, messageId: string): Promise<boolean> {
    if (!isRowId(conversationId) || !isRowId(messageId)) return false
    const query = this.#client.rpc('soft_delete_conversation_message', {
      p_tenant_id: tenantId,
      p_conversation_id: conversationId,
      p_message_id: messageId,
    })
    const deleted = await this.#ask<unknown>('softDeleteMessage', query)
    if (typeof deleted !== 'boolean') throw unexpected('softDeleteMessage')
    return deleted
  }

  async messages(
    tenantId: string,
    conversationId: string,
    { limit, cursor }: Required<PageRequest>,
  ): Promise<Page<Message>> {
    const operation = 'getMessages'
    const [after] = cursor === null ? [0] : readCursor(MESSAGES, cursor, at(operation))
    if (!isRowId(conversationId)) return { items: [], nextCursor: null }
    const query = this.#client.rpc('list_conversation_messages', {
      p_tenant_id: tenantId,
      p_conversation_id: conversationId,
      p_limit: limit + 1,
      p_after_position: after,
    })
    const rows = await this.#rows(operation, query, ofConversation(tenantId, conversationId))
    const { items, nextCursor } = pageOf(rows, limit, afterMessage)
    return { items: items.map(toMessage), nextCursor }
  }

  async compactionCandidates(
    tenantId: string,
    { idleSince, minMessages, limit }: Parameters<ConversationSource['compactionCandidates']>[1],
  ): Promise<Conversation[]> {
    const query = this.#client
      .from('conversations')
      .select(CONVERSATION_COLUMNS)
      .eq('tenant_id', tenantId)
      .is('deleted_at', null)
      .gte('message_count', minMessages)
      .lt('last_message_at', idleSince.toISOString())
      .order('last_message_at')
      .order('id')
      .limit(limit)
    const isOurs = (row: ConversationRow) => row.tenant_id === tenantId
    return (await this.#rows('compactionCandidates', query, isOurs)).map(toConversation)
  }

  get #client(): SupabaseClient {
    return this.#supabase as SupabaseClient
  }

  #changed(operation: string, tenantId: string, conversationId: string, change: object) {
    const query = this.#client
      .from('conversations')
      .update(change)
      .eq('id', conversationId)
      .eq('tenant_id', tenantId)
      .is('deleted_at', null)
      .select(CONVERSATION_COLUMNS)
    const isIt = (row: ConversationRow) => row.id === conversationId && row.tenant_id === tenantId
    return this.#rows(operation, query, isIt)
  }

  /**
   * Always a list: then an empty body, which a proxy may send, cannot be taken for "there is none". An answer that went
   * astray is not passed on either: every row must be one that was asked for.
   */
  async #rows<Row extends object>(
    operation: string,
    query: SupabaseQuery,
    wasAskedFor: (row: Row) => boolean,
  ): Promise<Row[]> {
    const rows = await this.#ask<unknown>(operation, query)
    if (!areRows<Row>(rows) || !rows.every(wasAskedFor)) throw unexpected(operation)
    return rows
  }

  #ask<T>(operation: string, query: SupabaseQuery): Promise<T> {
    return askSupabase<T>({ ...at(operation), deadlineMs: this.#deadlineMs }, query)
  }
}

function ofConversation(tenantId: string, conversationId: string) {
  return (row: MessageRow) => row.conversation_id === conversationId && row.tenant_id === tenantId
}

function at(operation: string) {
  return { store: STORE, operation }
}

function unexpected(operation: string) {
  return conversationError('UNEXPECTED', operation, 'what was answered is not what was asked for')
}
