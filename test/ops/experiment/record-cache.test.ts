import { describe, expect, test } from 'vitest'
import {
  recordOf,
  sessionOf,
  viewerOf,
  type DrillRecord,
  type Viewer,
} from '../../../src/ops/experiment/records.js'
import { countQueries } from '../../../src/ops/experiment/subjects/query-count.js'
import {
  RecordCache,
  type Records,
  type SeenRecord,
} from '../../../src/ops/experiment/subjects/record-cache.js'
import { recorder, urlOf } from '../faults/rest/services.js'

const KEY = 'drill:workload:0'
const SHARED = 'drill:revoked:4'

describe('records', () => {
  test('a key is the same record in every process, and four in a row are one of each kind', () => {
    expect(recordOf(KEY)).toEqual(recordOf(KEY))
    const keys = [0, 1, 2, 3].map((index) => `drill:workload:${index}`)
    expect(keys.map((key) => recordOf(key).kind)).toEqual(['conversation', 'policy', 'config', 'login'])
  })

  test('only what will be revoked is shared to begin with', () => {
    expect(recordOf(KEY).isRevocable).toBe(false)
    expect(recordOf(SHARED)).toMatchObject({ kind: 'conversation', isRevocable: true })
  })

  test('a stranger is of the same tenant, an outsider of none that has the record', () => {
    const record = recordOf(KEY)
    const [owner, stranger, outsider] = (['owner', 'stranger', 'outsider'] as const).map((viewer) =>
      sessionOf(record, viewer),
    )
    expect(owner).toEqual({ tenantId: record.tenantId, userId: record.ownerId })
    expect(stranger?.tenantId).toBe(record.tenantId)
    expect(stranger?.userId).not.toBe(record.ownerId)
    expect(outsider?.tenantId).not.toBe(record.tenantId)
  })

  test('of four reads in a row every kind of viewer has one', () => {
    for (let from = 0; from < 8; from++) {
      const viewers = [0, 1, 2, 3].map((turn) => viewerOf(from + turn))
      expect(new Set(viewers)).toEqual(new Set(['owner', 'stranger', 'outsider']))
    }
  })
})

/** Answers what it is told to, to whoever asks. */
function cacheOf(answer: (record: DrillRecord, viewer: Viewer) => SeenRecord | null) {
  const records: Records = {
    read: (record, viewer) => Promise.resolve(answer(record, viewer)),
    change: (_, isRevoked) => Promise.resolve(isRevoked ? 2 : 1),
    isClear: () => false,
    close: () => undefined,
  }
  return new RecordCache(records, countQueries(), null, [])
}

async function answersBy(cache: RecordCache, key: string) {
  const answers = []
  for (let turn = 0; turn < 4; turn++) answers.push(await cache.readThrough(key))
  return Object.fromEntries(answers.map(({ viewer, denied, forbidden }) => [viewer, { denied, forbidden }]))
}

describe('who is shown what', () => {
  test('everybody, what says that it is private: the others are shown what they may not see', async () => {
    const cache = cacheOf(({ id }) => ({ id, version: 1, isShared: false }))
    expect(await answersBy(cache, KEY)).toEqual({
      owner: {},
      stranger: { forbidden: true },
      outsider: { forbidden: true },
    })
  })

  test('everybody, what says that it is shared: only the outsider is', async () => {
    const cache = cacheOf(({ id }) => ({ id, version: 1, isShared: true }))
    expect(await answersBy(cache, SHARED)).toEqual({ owner: {}, stranger: {}, outsider: { forbidden: true } })
  })

  test('nobody: the others are denied, the owner has no answer', async () => {
    const cache = cacheOf(() => null)
    expect(await answersBy(cache, KEY)).toEqual({
      owner: {},
      stranger: { denied: true },
      outsider: { denied: true },
    })
  })

  test('another record than was asked for has another key', async () => {
    const { value } = await cacheOf(() => ({ id: 'x', version: 1 })).readThrough('drill:workload:1')
    expect(value).toEqual({ key: 'another record', version: 1 })
  })

  test('an answer without a version has none', async () => {
    const { value } = await cacheOf(({ id }) => ({ id, version: Number.NaN })).readThrough('drill:workload:3')
    expect(value).toEqual({ key: 'drill:workload:3', version: null })
  })

  test('only a key that stands for it is revoked', async () => {
    const cache = cacheOf(() => null)
    expect([await cache.change(KEY), await cache.change(SHARED)]).toEqual([1, 2])
  })
})

describe('where an answer came from', () => {
  async function overHttp() {
    const service = await recorder((response) => response.end('[]'))
    const queries = countQueries()
    const ask = (id: string, method?: string) =>
      queries.fetch(urlOf(service, `/rest/v1/x?id=eq.${id}`), method === undefined ? {} : { method })
    return { service, queries, ask }
  }

  test('the source, when it was asked for that record meanwhile; the cache, when it was not', async () => {
    const { queries, ask } = await overHttp()
    let isAsked = true
    const records: Records = {
      read: async ({ id }) => {
        if (isAsked) await ask(id)
        return { id, version: 1 }
      },
      change: () => Promise.resolve(1),
      isClear: () => false,
      close: () => undefined,
    }
    const cache = new RecordCache(records, queries, null, [])
    expect((await cache.readThrough(KEY)).loaded).toBe(true)
    expect(await cache.get(KEY)).toBeNull()
    isAsked = false
    expect((await cache.readThrough(KEY)).loaded).toBe(false)
    expect(await cache.get(KEY)).toEqual({ key: KEY, version: 1 })
  })

  test('neither a write nor a question for another record counts; one that failed does', async () => {
    const { service, queries, ask } = await overHttp()
    const { id } = recordOf(KEY)
    await ask(id, 'PATCH')
    await ask(recordOf(SHARED).id)
    expect(queries.of(id)).toBe(0)
    const url = urlOf({ ...service, port: 1 }, `/?id=eq.${id}`)
    await expect(queries.fetch(url)).rejects.toThrow('fetch failed')
    expect(queries.of(id)).toBe(1)
  })
})
