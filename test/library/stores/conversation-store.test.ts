import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { RedisBackend } from '../../../src/library/backends/resolve.js'
import { families } from '../../../src/library/families/families.js'
import { createConversationStore } from '../../../src/library/stores/conversation/create-conversation-store.js'
import type { Conversation, Message } from '../../../src/library/stores/conversation/conversation.js'
import type { ConversationStore, Page } from '../../../src/library/stores/conversation/conversation-store.js'
import { SupabaseConversationSource } from '../../../src/library/stores/conversation/supabase-conversation-source.js'
import type { Viewer } from '../../../src/library/stores/viewer.js'
import { until } from '../../support/clients.js'
import {
  behindDoor,
  openStore,
  people,
  serviceClient,
  startRig,
  type OpenedStore,
  type Rig,
} from './conversation-rig.js'
import { outcome } from './outcome.js'

let rig: Rig
let opened: OpenedStore[]
beforeAll(async () => {
  rig = await startRig()
  opened = []
}, 60_000)
afterEach(async () => {
  await rig.redisDoor.open()
  await rig.database.open()
  await rig.redis.config('SET', 'maxmemory', '0')
  await Promise.all(opened.splice(0).map((store) => store.close()))
})
afterAll(() => rig?.stop())

function open(redis: RedisBackend | null = behindDoor(rig), deadlineMs?: number): OpenedStore {
  const store = openStore(rig, redis, deadlineMs)
  opened.push(store)
  return store
}

const keyOf = (conversationId: string) => families.conversation.pattern.build({ conversationId })

/** On a busy machine a cache may miss a deadline, which is not what these tests are about. */
async function cached(
  store: ConversationStore,
  id: string,
  viewer: Parameters<ConversationStore['getConversation']>[0],
) {
  await until('a cached conversation', async () => {
    await store.getConversation(viewer, id)
    return (await rig.redis.get(keyOf(id)))?.startsWith('{') === true
  })
}

/** How often the source was asked meanwhile. */
async function asked(during: () => Promise<unknown>): Promise<number> {
  const { requestsSeen } = rig.database.counts()
  await during()
  return rig.database.counts().requestsSeen - requestsSeen
}

async function all<T>(read: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await read(cursor)
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}

/** What Redis is like, and what the cache then says of its operations. */
const CONDITIONS: Record<
  string,
  { result: RegExp; redis: () => RedisBackend | null; begin?: () => Promise<unknown> }
> = {
  up: { result: /^get hit/, redis: () => behindDoor(rig) },
  absent: { result: /^get skipped/, redis: () => null },
  refused: {
    result: /^get (error|short_circuit)/,
    redis: () => behindDoor(rig),
    begin: () => rig.redisDoor.refuse(),
  },
  hung: {
    result: /^get (timeout|short_circuit)/,
    redis: () => behindDoor(rig),
    begin: () => rig.redisDoor.stall(),
  },
  full: {
    result: /refused OOM/,
    redis: () => behindDoor(rig),
    begin: () => rig.redis.config('SET', 'maxmemory', '1'),
  },
  'on Upstash': { result: /^get hit/, redis: () => rig.upstash },
}

describe.each(Object.entries(CONDITIONS))('the same with Redis %s:', (_, { result, redis, begin }) => {
  let store: ConversationStore
  let log: string[]
  const start = async () => {
    await begin?.()
    ;({ store, log } = open(redis()))
  }

  test('the life of a conversation', async () => {
    await start()
    const { owner } = people()
    const created = await store.createConversation(owner, {
      title: 'naïve 💥',
      metadata: { at: { $date: 'no date' } },
    })
    const { id } = created
    expect(created).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...owner,
      title: 'naïve 💥',
      shareAudience: 'private',
      tenantAccess: 'view',
      metadata: { at: { $date: 'no date' } },
      messageCount: 0,
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
      lastMessageAt: null,
      archivedAt: null,
    })
    const read = () => store.getConversation(owner, id)
    expect([await read(), await read(), await read()]).toEqual([created, created, created])

    const shared = await store.updateSharing(owner, id, { shareAudience: 'tenant', tenantAccess: 'edit' })
    expect(await read()).toEqual(shared)
    expect(shared).toMatchObject({ shareAudience: 'tenant', tenantAccess: 'edit' })

    const first = await store.appendMessage(owner, id, { role: 'user', content: 'a', metadata: { n: 1 } })
    const second = await store.appendMessage(owner, id, { role: 'assistant', content: 'b' })
    expect([first, second]).toMatchObject([
      { conversationId: id, ...owner, role: 'user', content: 'a', metadata: { n: 1 } },
      { userId: null, role: 'assistant', metadata: {} },
    ])
    expect(await read()).toMatchObject({ messageCount: 2, lastMessageAt: second.createdAt })
    expect(await store.getMessages(owner, id)).toEqual({ items: [first, second], nextCursor: null })

    await store.softDeleteMessage(owner, id, first.id)
    expect(await outcome(store.softDeleteMessage(owner, id, first.id))).toBe('NOT_FOUND')
    expect((await store.getMessages(owner, id)).items).toEqual([second])
    expect(await read()).toMatchObject({ messageCount: 1 })

    const { archivedAt } = await store.setArchived(owner, id, true)
    expect(await read()).toMatchObject({ archivedAt })
    expect((await store.listConversations(owner)).items).toEqual([])
    expect((await store.listConversations(owner, { status: 'archived' })).items).toEqual([await read()])
    expect(await store.setArchived(owner, id, true)).toMatchObject({ archivedAt })
    expect(await store.setArchived(owner, id, false)).toMatchObject({ archivedAt: null })

    await store.deleteConversation(owner, id)
    expect(await read()).toBeNull()
    expect(await outcome(store.getMessages(owner, id))).toBe('NOT_FOUND')
    expect(await outcome(store.appendMessage(owner, id, { role: 'user', content: 'c' }))).toBe('NOT_FOUND')
    expect((await store.listConversations(owner, { status: 'all' })).items).toEqual([])
    expect(log.filter((line) => result.test(line))).not.toEqual([])
  })

  test('who may do what, whoever asked before', async () => {
    const [gone, no] = ['NOT_FOUND', 'FORBIDDEN'] as const
    await start()
    const { owner, colleague, nobody, foreigner, outsider } = people()
    const { id } = await store.createConversation(owner)
    const message = { role: 'user', content: 'x' } as const
    const mayRead = async (viewer: Viewer) => {
      const [{ items }, found, messages] = await Promise.all([
        store.listConversations(viewer),
        store.getConversation(viewer, id),
        outcome(store.getMessages(viewer, id)),
      ])
      expect([items.some((item) => item.id === id), messages]).toEqual(
        found === null ? [false, gone] : [true, 'fulfilled'],
      )
      return found !== null
    }
    // The owner first: then the others meet what the cache has of him.
    const readers = async () => [
      await mayRead(owner),
      ...(await Promise.all([colleague, nobody, foreigner, outsider].map(mayRead))),
    ]
    const mayDo = (viewer: Viewer) =>
      Promise.all([
        outcome(store.appendMessage(viewer, id, message)),
        outcome(store.softDeleteMessage(viewer, id, randomUUID())),
        outcome(store.updateSharing(viewer, id, { shareAudience: 'tenant' })),
        outcome(store.setArchived(viewer, id, false)),
        outcome(store.deleteConversation(viewer, id)),
      ])

    expect(await readers()).toEqual([true, false, false, false, false])
    for (const viewer of [colleague, nobody, foreigner, outsider])
      expect(await mayDo(viewer)).toEqual([gone, gone, gone, gone, gone])

    await store.updateSharing(owner, id, { shareAudience: 'tenant' })
    expect(await readers()).toEqual([true, true, true, false, false])
    for (const viewer of [colleague, nobody]) expect(await mayDo(viewer)).toEqual([no, no, no, no, no])
    for (const viewer of [foreigner, outsider])
      expect(await mayDo(viewer)).toEqual([gone, gone, gone, gone, gone])

    await store.updateSharing(owner, id, { shareAudience: 'tenant', tenantAccess: 'edit' })
    expect(await mayDo(colleague)).toEqual(['fulfilled', gone, no, no, no])
    expect(await mayDo(nobody)).toEqual([no, no, no, no, no])

    await store.updateSharing(owner, id, { shareAudience: 'private' })
    expect(await readers()).toEqual([true, false, false, false, false])
    expect(await outcome(store.createConversation(nobody))).toBe(no)
    expect(log.filter((line) => result.test(line))).not.toEqual([])
  })
})

describe('the cache', () => {
  test('answers what the source answers, dates included, without asking it', async () => {
    const { store, log } = open()
    const { owner, colleague } = people()
    const { id } = await store.createConversation(owner, { shareAudience: 'tenant' })
    await store.appendMessage(owner, id, { role: 'user', content: 'x' })
    await store.setArchived(owner, id, true)
    const missed = await store.getConversation(owner, id)
    await cached(store, id, owner)
    log.length = 0
    let hit: Conversation | null = null
    expect(await asked(async () => (hit = await store.getConversation(colleague, id)))).toBe(0)
    expect(log).toEqual(['get hit'])
    expect(hit).toEqual(missed)
    expect([missed!.createdAt, missed!.updatedAt, missed!.lastMessageAt, missed!.archivedAt]).toEqual([
      expect.any(Date),
      expect.any(Date),
      expect.any(Date),
      expect.any(Date),
    ])
    expect(await rig.redis.ttl(keyOf(id))).toBeLessThanOrEqual(60)
  })

  test('does not decide about a change: what was taken back elsewhere is not done', async () => {
    const { store } = open()
    const { owner, colleague } = people()
    const { id } = await store.createConversation(owner, { shareAudience: 'tenant', tenantAccess: 'edit' })
    await cached(store, id, colleague)
    await rig.sql.query(`update public.conversations set tenant_access = 'view' where id = $1`, [id])
    const append = () => store.appendMessage(colleague, id, { role: 'user', content: 'x' })
    expect(await outcome(append())).toBe('FORBIDDEN')
    await rig.sql.query(`update public.conversations set share_audience = 'private' where id = $1`, [id])
    expect(await outcome(append())).toBe('NOT_FOUND')
    expect((await store.getMessages(owner, id)).items).toEqual([])
  })

  test('loses what a repeated deletion finds gone, whose first attempt was carried out unnoticed', async () => {
    const { store } = open()
    const { owner } = people()
    const { id } = await store.createConversation(owner)
    await cached(store, id, owner)
    await rig.sql.query('update public.conversations set deleted_at = now() where id = $1', [id])
    expect(await outcome(store.deleteConversation(owner, id))).toBe('NOT_FOUND')
    expect(await store.getConversation(owner, id)).toBeNull()
  })

  test('keeps no invalidation of ids that anybody can make up for when Redis is back', async () => {
    await rig.redisDoor.refuse()
    const { store } = open()
    const { owner } = people()
    await until('it to be noticed', async () => {
      await store.getConversation(owner, randomUUID())
      return store.getStatus().state === 'down'
    })
    for (let n = 0; n < 20; n++)
      expect(await outcome(store.deleteConversation(owner, randomUUID()))).toBe('NOT_FOUND')
    expect(store.getStatus().pendingInvalidations).toBe(0)
  })

  test('a change in one process is seen by another', async () => {
    const [{ store: one }, { store: other }] = [open(), open({ backend: 'redis', url: behindDoor(rig).url })]
    const { owner } = people()
    const { id } = await one.createConversation(owner)
    await cached(other, id, owner)
    await one.appendMessage(owner, id, { role: 'user', content: 'x' })
    expect(await other.getConversation(owner, id)).toMatchObject({ messageCount: 1 })
  })

  test.each([
    ['of another version', () => '{"id":"ID","tenantId":"TENANT"}'],
    ['of somebody else', () => '{"id":"another","tenantId":"TENANT"}'],
    ['that is none', () => '"text"'],
  ])('a record %s is not used', async (_, text) => {
    const { store } = open()
    const { owner } = people()
    const created = await store.createConversation(owner)
    await rig.redis.set(keyOf(created.id), text().replace('ID', created.id).replace('TENANT', owner.tenantId))
    expect(await store.getConversation(owner, created.id)).toEqual(created)
  })

  test('remembers that an id is not there, which our tables will not give out; over another source it does not', async () => {
    const { store } = open()
    const { owner } = people()
    const id = randomUUID()
    await until('a remembered absence', async () => {
      await store.getConversation(owner, id)
      return (await rig.redis.get(keyOf(id))) !== null
    })
    expect(await asked(() => store.getConversation(owner, id))).toBe(0)
    const source = new SupabaseConversationSource(serviceClient(rig), { deadlineMs: 3000 })
    const own = createConversationStore({ source, redis: behindDoor(rig) })
    opened.push({ store: own, log: [], close: () => own.close() })
    const unknown = randomUUID()
    await own.getConversation(owner, unknown)
    expect(await asked(() => own.getConversation(owner, unknown))).toBe(1)
  })
})

describe('without the database', () => {
  const deadlineMs = 400

  test.each([
    ['refuse', 'UNREACHABLE'],
    ['stall', 'TIMEOUT'],
  ] as const)('%s: an error in time, cached reads go on, and nothing is remembered', async (fault, code) => {
    const { store } = open(behindDoor(rig), deadlineMs)
    const { owner, colleague } = people()
    const { id } = await store.createConversation(owner)
    const uncached = await store.createConversation(owner)
    await cached(store, id, owner)
    await rig.database[fault]()
    expect(await store.getConversation(owner, id)).toMatchObject({ id })
    expect(await store.getConversation(colleague, id)).toBeNull()
    const calls: (() => Promise<unknown>)[] = [
      () => store.getConversation(owner, uncached.id),
      () => store.listConversations(owner),
      () => store.getMessages(owner, id),
      () => store.createConversation(owner),
      () => store.appendMessage(owner, uncached.id, { role: 'user', content: 'x' }),
    ]
    const startedAt = performance.now()
    expect(await Promise.all(calls.map((call) => outcome(call())))).toEqual(calls.map(() => code))
    // Once the deadline of the source, and that of a cache which may not answer either; the rest is a busy machine.
    expect(performance.now() - startedAt).toBeLessThan(deadlineMs + 600)
    await rig.database.open()
    expect(await store.getConversation(owner, uncached.id)).toEqual(uncached)
  })

  test('a change whose answer never comes is invalidated all the same', async () => {
    const { store } = open(behindDoor(rig), deadlineMs)
    const { owner } = people()
    const { id } = await store.createConversation(owner)
    await cached(store, id, owner)
    const lock = await heldRow(id)
    expect(await outcome(store.setArchived(owner, id, true))).toBe('TIMEOUT')
    await lock.release()
    expect(await rig.redis.get(keyOf(id))).not.toMatch(/^\{/)
  })
})

/** Keeps others from changing a row. */
async function heldRow(id: string) {
  await rig.sql.query('begin')
  await rig.sql.query('select from public.conversations where id = $1 for update', [id])
  return { release: () => rig.sql.query('rollback') }
}

describe('lists', () => {
  test('of conversations: own and shared ones, latest change first, each once, whatever the page', async () => {
    const { store } = open(null)
    const { owner, colleague, nobody } = people()
    const made: Conversation[] = []
    for (const [index, viewer] of [owner, colleague, owner, colleague, owner, colleague, owner].entries()) {
      const shareAudience = index % 4 < 2 ? 'tenant' : 'private'
      made.push(await store.createConversation(viewer, { title: `${index}`, shareAudience }))
    }
    // All at one time: then only the id tells them apart.
    await rig.sql.query('alter table public.conversations disable trigger stamp')
    await rig.sql.query(
      `update public.conversations set updated_at = '2026-01-02T03:04:05.678Z' where tenant_id = $1`,
      [owner.tenantId],
    )
    await rig.sql.query('alter table public.conversations enable trigger stamp')
    const changed = await store.setArchived(owner, made[0]!.id, false)
    const readable = made.filter(
      ({ userId, shareAudience }) => userId === 'olivia' || shareAudience === 'tenant',
    )
    const tied = readable.filter(({ id }) => id !== changed.id).map(({ id }) => id)
    const expected = [changed.id, ...tied.toSorted().toReversed()]
    for (const limit of [1, 2, 3, 200]) {
      const items = await all((cursor) => store.listConversations(owner, { limit, cursor }))
      expect(items.map(({ id }) => id)).toEqual(expected)
    }
    const seen = await all((cursor) => store.listConversations(nobody, { limit: 2, cursor }))
    expect(new Set(seen.map(({ shareAudience }) => shareAudience))).toEqual(new Set(['tenant']))
  })

  test('of messages: in the order of their appends, each once, also of those that come and go meanwhile', async () => {
    const { store } = open(null)
    const { owner } = people()
    const { id } = await store.createConversation(owner)
    const append = (content: string) => store.appendMessage(owner, id, { role: 'user', content })
    await Promise.all(Array.from({ length: 12 }, (_, index) => append(`${index}`)))
    expect(await store.getConversation(owner, id)).toMatchObject({ messageCount: 12 })
    const whole = (await store.getMessages(owner, id)).items
    expect(new Set(whole.map(({ content }) => content)).size).toBe(12)
    expect(whole.map(({ createdAt }) => createdAt)).toEqual(
      whole.map(({ createdAt }) => createdAt).toSorted((a, b) => +a - +b),
    )
    const read: Message[] = await all(async (cursor) => {
      const page = await store.getMessages(owner, id, { limit: 5, cursor })
      if (cursor === null) {
        // Where the page ended must not move with what was on it.
        await store.softDeleteMessage(owner, id, page.items.at(-1)!.id)
        await append('late')
      }
      return page
    })
    expect(read.map((message) => message.content)).toEqual([
      ...whole.map((message) => message.content),
      'late',
    ])
  })

  test('of messages: those of the conversation, and only through it is one deleted', async () => {
    const { store } = open(null)
    const { owner } = people()
    const [one, other] = [await store.createConversation(owner), await store.createConversation(owner)]
    const message = await store.appendMessage(owner, one.id, { role: 'user', content: 'x' })
    await store.appendMessage(owner, other.id, { role: 'user', content: 'y' })
    expect((await store.getMessages(owner, one.id)).items).toEqual([message])
    expect(await outcome(store.softDeleteMessage(owner, other.id, message.id))).toBe('NOT_FOUND')
    expect((await store.getMessages(owner, one.id)).items).toEqual([message])
    for (const { id } of [one, other])
      expect(await store.getConversation(owner, id)).toMatchObject({ messageCount: 1 })
  })

  test('of candidates for compaction: long enough, idle, of the tenant, the longest idle first', async () => {
    const { store } = open(null)
    const { owner, foreigner } = people()
    const made: string[] = []
    for (const [viewer, messages] of [
      [owner, 2],
      [owner, 3],
      [owner, 1],
      [owner, 0],
      [foreigner, 5],
    ] as const) {
      const { id } = await store.createConversation(viewer)
      for (let n = 0; n < messages; n++) await store.appendMessage(viewer, id, { role: 'user', content: 'x' })
      made.push(id)
    }
    await rig.sql.query(`update public.conversations set last_message_at = '2026-01-01' where id = $1`, [
      made[1],
    ])
    const found = async (criteria: object) =>
      (
        await store.compactionCandidates(owner.tenantId, {
          idleSince: new Date(Date.now() + 60_000),
          ...criteria,
        })
      ).map(({ id }) => id)
    expect(await found({})).toEqual([made[1], made[0], made[2]])
    expect(await found({ minMessages: 2 })).toEqual([made[1], made[0]])
    expect(await found({ limit: 1 })).toEqual([made[1]])
    expect(await found({ idleSince: new Date('2026-01-01T00:00:00Z') })).toEqual([])
    await store.deleteConversation(owner, made[1]!)
    expect(await found({ minMessages: 2 })).toEqual([made[0]])
  })
})

test('the source changes and lists nothing under the name of another tenant, whoever asks it', async () => {
  const source = new SupabaseConversationSource(serviceClient(rig), { deadlineMs: 3000 })
  const { owner, foreigner } = people()
  const { id } = await source.create(owner, {})
  const message = { role: 'user', content: 'x', userId: owner.userId } as const
  const { id: messageId } = (await source.append(owner.tenantId, id, message))!
  const before = await source.find(id)
  const { tenantId } = foreigner
  expect([
    await source.update(tenantId, id, { shareAudience: 'tenant' }),
    await source.append(tenantId, id, message),
    await source.softDeleteMessage(tenantId, id, messageId),
    (await source.messages(tenantId, id, { limit: 10, cursor: null })).items,
    await source.softDelete(tenantId, id),
  ]).toEqual([null, null, false, [], false])
  expect(await source.find(id)).toEqual(before)
})

test('a text that the database cannot hold is refused, and nothing is counted', async () => {
  const { store } = open(null)
  const { owner } = people()
  const { id } = await store.createConversation(owner)
  expect(await outcome(store.appendMessage(owner, id, { role: 'user', content: 'a\0b' }))).toBe('INVALID')
  expect(await store.getConversation(owner, id)).toMatchObject({ messageCount: 0, lastMessageAt: null })
})
