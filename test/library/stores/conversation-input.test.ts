import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createConversationStore } from '../../../src/library/stores/conversation/create-conversation-store.js'
import { SupabaseConversationSource } from '../../../src/library/stores/conversation/supabase-conversation-source.js'
import { outcome } from './outcome.js'
import { supabaseUser } from './supabase-user.js'

// Nobody listens there: what is refused is refused before anybody is asked.
const supabase = supabaseUser('http://127.0.0.1:1', 'no key')
const store = createConversationStore({ supabase })
const viewer = { tenantId: 't', userId: 'u' }
const id = randomUUID()
const message = { role: 'user', content: 'x' } as const

const cursorOf = (fields: unknown) => Buffer.from(JSON.stringify(fields)).toString('base64url')

test.each([
  ['not base64url', 'a=b', 'it is not base64url'],
  ['empty', '', 'it is not base64url'],
  ['long', 'a'.repeat(257), 'it is longer than 256 characters'],
  ['no JSON', Buffer.from('{').toString('base64url'), 'it was not written by this store'],
  ['no list', cursorOf({ length: 1 }), 'it was not written by this store'],
  ['a list in a list', cursorOf(['conversations', [1]]), 'it was not written by this store'],
  ['of another list', cursorOf(['messages', 1]), 'it belongs to another list'],
  ['without a place', cursorOf(['conversations']), 'it names no place in this list'],
  ['with a wrong time', cursorOf(['conversations', 1e300, id]), 'it names no place in this list'],
  ['with another id', cursorOf(['conversations', 1, "'; drop table x"]), 'it names no place in this list'],
  ['with more', cursorOf(['conversations', 1, id, 1]), 'it names no place in this list'],
  ['a number', 7 as never, 'it is not a text'],
])('a cursor that is %s', async (_, cursor, why) => {
  const error: unknown = await store.listConversations(viewer, { cursor }).catch((reason: unknown) => reason)
  expect(error).toMatchObject({
    code: 'INVALID',
    message: `conversations: listConversations: cursor: ${why}`,
  })
})

describe('what the types do not allow', () => {
  const calls: Record<string, () => Promise<unknown>> = {
    'no item': () => store.listConversations(viewer, { limit: 0 }),
    'too many items': () => store.getMessages(viewer, id, { limit: 201 }),
    'half an item': () => store.listConversations(viewer, { limit: 1.5 }),
    'a status': () => store.listConversations(viewer, { status: 'toString' as never }),
    'an empty tenant': () => store.listConversations({ tenantId: '', userId: 'u' }),
    'half a character of a tenant': () => store.compactionCandidates('\ud800', { idleSince: new Date() }),
    'half a character of a user': () => store.getConversation({ tenantId: 't', userId: 'u\udc00' }, id),
    'no tenant': () => store.listConversations({ userId: 'u' } as never),
    'an empty user': () => store.getConversation({ tenantId: 't', userId: '' }, id),
    'a user of whom nothing is said': () => store.getConversation({ tenantId: 't' } as never, id),
    'an empty id': () => store.getConversation(viewer, ''),
    'no id': () => store.deleteConversation(viewer, undefined as never),
    'an empty id of a message': () => store.softDeleteMessage(viewer, id, ''),
    'a role': () => store.appendMessage(viewer, id, { ...message, role: 'root' as never }),
    'content that is no text': () => store.appendMessage(viewer, id, { ...message, content: 7 as never }),
    'metadata that are a list': () => store.createConversation(viewer, { metadata: [] as never }),
    'a title': () => store.createConversation(viewer, { title: 7 as never }),
    'an audience': () => store.updateSharing(viewer, id, { shareAudience: 'world' as never }),
    'no audience': () => store.updateSharing(viewer, id, {} as never),
    'an access': () => store.createConversation(viewer, { tenantAccess: 'own' as never }),
    'a date that is none': () => store.compactionCandidates('t', { idleSince: new Date(NaN) }),
    'no message': () => store.compactionCandidates('t', { idleSince: new Date(), minMessages: 0 }),
  }
  test.each(Object.entries(calls))('%s', async (_, call) => {
    expect(await outcome(call())).toBe('INVALID')
  })

  test('without them, somebody would have been asked', async () => {
    expect(await outcome(store.listConversations(viewer))).toBe('UNREACHABLE')
    expect(await outcome(store.getConversation(viewer, id))).toBe('UNREACHABLE')
  })
})

test('an id that is none of the database is not there, which need not be asked', async () => {
  for (const other of ['1', "' or true", id.toUpperCase(), `{${id}}`, '*', 'ü'.repeat(500)])
    expect(await store.getConversation(viewer, other)).toBeNull()
})

test.each([
  ['supabase', () => ({})],
  ['supabase', () => ({ supabase: {} })],
  ['source', () => ({ source: {} })],
  ['source', () => ({ source: new SupabaseConversationSource(supabase, { deadlineMs: 3000 }), supabase })],
  ['deadlineMs', () => ({ supabase, deadlineMs: 0 })],
  ['maxConcurrentLoads', () => ({ supabase, maxConcurrentLoads: 0 })],
  ['ttl', () => ({ supabase, ttl: 1 })],
])('an option that cannot be used is named when the store is built: %s', (option, options) => {
  expect(() => createConversationStore(options() as never)).toThrow(expect.objectContaining({ option }))
})

test('one kind of store, with and without Redis', async () => {
  const redis = {
    get: () => Promise.resolve(null),
    set: () => Promise.resolve(),
    del: () => Promise.resolve(),
  }
  const stores = [null, undefined, redis].map((each) => createConversationStore({ supabase, redis: each }))
  expect(new Set(stores.map(({ constructor }) => constructor.name))).toEqual(
    new Set(['CachingConversationStore']),
  )
  expect(stores.map((each) => each.getBackendType())).toEqual(['passthrough', 'passthrough', 'redis'])
  await Promise.all(stores.map((each) => each.close()))
})
