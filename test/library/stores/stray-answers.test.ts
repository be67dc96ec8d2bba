import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConversationStore, createPolicyStore, StoreError } from '../../../src/library/index.js'
import { SupabaseConversationSource } from '../../../src/library/stores/conversation/supabase-conversation-source.js'
import { supabaseUser } from './supabase-user.js'

// Whoever stands in between, such as a proxy that mixes answers up, says 200 and sends what belongs to somebody else.

let server: Server
let body: string
let url: string
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

const viewer = { tenantId: 'acme', userId: 'ada' }
const [id, other] = [randomUUID(), randomUUID()]
const at = '2026-01-01T00:00:00.000+00:00'
const conversation = {
  id: other,
  tenant_id: 'acme',
  user_id: 'eve',
  title: null,
  share_audience: 'private',
  tenant_access: 'view',
  metadata: {},
  message_count: 0,
  created_at: at,
  updated_at: at,
  last_message_at: null,
  archived_at: null,
}
const message = {
  id: randomUUID(),
  conversation_id: other,
  tenant_id: 'acme',
  position: 1,
  user_id: 'eve',
  role: 'user',
  content: 'canary',
  metadata: {},
  created_at: at,
}

test.each<[string, unknown]>([
  ['a row that is none', [null]],
  ['rows of nothing', [{}]],
  ['the conversation of another tenant', [{ ...conversation, tenant_id: 'other' }]],
  ['a private conversation of somebody else', [conversation]],
  ['messages of another conversation', [message]],
])('%s: told as an error, by every method, and never passed on', async (_, rows) => {
  body = JSON.stringify(rows)
  const supabase = supabaseUser(url, 'a key')
  const source = new SupabaseConversationSource(supabase, { deadlineMs: 3000 })
  const [conversations, policies] = [createConversationStore({ supabase }), createPolicyStore({ supabase })]
  const page = { limit: 10, cursor: null }
  const calls: Promise<unknown>[] = [
    conversations.getConversation(viewer, id),
    conversations.listConversations(viewer),
    conversations.createConversation(viewer),
    source.update('acme', id, { shareAudience: 'tenant' }),
    source.softDelete('acme', id),
    source.append('acme', id, { role: 'user', content: 'x', userId: 'ada' }),
    source.messages('acme', id, page),
    policies.getPolicy('mine'),
    policies.setPolicy('mine', {}),
    policies.deletePolicy('mine'),
  ]
  for (const { status, reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[]) {
    expect([status, reason]).toEqual(['rejected', expect.any(StoreError)])
    expect(reason).toMatchObject({ code: 'UNEXPECTED' })
    expect((reason as StoreError).message).not.toContain('canary')
  }
})
