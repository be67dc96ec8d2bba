import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keysOf } from '../../../src/ops/experiment/keys.js'
import { recordOf, type DrillRecord } from '../../../src/ops/experiment/records.js'
import { openRig, type Rig } from '../../../src/ops/experiment/rig.js'
import { naiveStores } from '../../../src/ops/experiment/subjects/naive-stores.js'
import { stores } from '../../../src/ops/experiment/subjects/stores.js'
import type { ReadAnswer, SubjectCache } from '../../../src/ops/experiment/subjects/subject.js'
import type { DrillSupabase } from '../../../src/ops/experiment/supabase/open-supabase.js'
import { supabase5xx } from '../../../src/ops/faults/supabase-5xx.js'
import { until } from '../sandbox/until.js'

// What the two subjects do with a healthy Redis, so that a drill on them means what it says: real Redis, real Postgres.
let rig: Rig
let supabase: DrillSupabase
beforeAll(async () => {
  rig = await openRig()
  supabase = await rig.openSupabase()
}, 60_000)
afterAll(() => rig.close())

const unused = () => Promise.reject(new Error('a subject with a source of its own asks no other'))
const read = (cache: SubjectCache, key: string) => cache.readThrough!(key, unused)
const versionOf = ({ value }: ReadAnswer) => (value as { version: number | null } | null)?.version

describe.each([
  [stores, false],
  [naiveStores, true],
] as const)('$name', (subject, isNaive) => {
  let cache: SubjectCache
  const warm = (key: string) => until('cached', async () => (await cache.get(key)) !== null)
  /** Of its own for each subject: what one changes the other would read. */
  const keyOf = (kind: DrillRecord['kind'], group: 'workload' | 'revoked', nth = 0) =>
    keysOf(group).filter((key) => recordOf(key).kind === kind)[nth + (isNaive ? 3 : 0)] as string

  beforeAll(async () => {
    cache = await subject.create({ redisUrl: rig.server.url, supabase: supabase.environments.main })
    await warm(keyOf('policy', 'workload'))
  })
  afterAll(() => cache.close())

  test.each(['conversation', 'policy', 'config', 'login'] as const)(
    'a %s is read as it was created, then from the cache',
    async (kind) => {
      const key = keyOf(kind, 'workload', 1)
      const first = await read(cache, key)
      expect(first).toMatchObject({ value: { key, version: supabase.created.get(key) }, loaded: true })
      await warm(key)
      expect(await cache.get(key)).toEqual(first.value)
    },
  )

  test('a stranger and an outsider ask for what the cache has of somebody else', async () => {
    const key = keyOf('conversation', 'workload', 2)
    await warm(key)
    const answers: ReadAnswer[] = []
    for (let turn = 0; turn < 4; turn++) answers.push(await read(cache, key))
    expect(answers.map(({ loaded }) => loaded)).toEqual([false, false, false, isNaive])
    const of = (viewer: string) => answers.find((each) => each.viewer === viewer)
    expect(of('owner')).not.toHaveProperty('forbidden')
    expect(of('stranger')).toMatchObject(isNaive ? { forbidden: true } : { denied: true, value: null })
    expect(of('outsider')).toMatchObject({ denied: true, value: null })
  })

  test('a login that is taken back is, at once', async () => {
    const key = keyOf('login', 'revoked')
    await warm(key)
    const stamp = await cache.change!(key)
    expect(stamp).toBeGreaterThan(supabase.created.get(key)!)
    const version = versionOf(await read(cache, key))
    expect(version).toBe(isNaive ? supabase.created.get(key) : stamp)
  })

  test('what is shared no longer is seen by its owner only', async () => {
    const key = keyOf('conversation', 'revoked')
    await warm(key)
    const before = [await read(cache, key), await read(cache, key)]
    expect(before.map(({ denied, forbidden }) => denied ?? forbidden)).toEqual([undefined, undefined])
    const stamp = await cache.change!(key)
    const after = [await read(cache, key), await read(cache, key), await read(cache, key)]
    expect(after.map(({ viewer }) => viewer)).toEqual(['owner', 'outsider', 'owner'])
    expect([versionOf(after[0]!), versionOf(after[2]!)]).toEqual([stamp, stamp])
    expect(after[1]).toMatchObject({ denied: true })
  })

  test('that the source fails is told, and leaves nothing behind', async () => {
    const key = keyOf('login', 'workload', 2)
    await supabase5xx.apply(supabase.door)
    const failure = await read(cache, key).catch((error: unknown) => ({ error }))
    await supabase5xx.lift(supabase.door)
    if (isNaive) expect(versionOf(failure as ReadAnswer)).toBeNull()
    else expect(cache.isClear!((failure as { error: unknown }).error)).toBe(true)
    expect(versionOf(await read(cache, key))).toBe(isNaive ? null : supabase.created.get(key))
  })
})

test('what reached the door is counted by its key, reads alone', async () => {
  const [key = ''] = keysOf('contested')
  const cache = await stores.create({ redisUrl: null, supabase: supabase.environments.main })
  const startMs = Number(process.hrtime.bigint()) / 1e6
  await cache.get(key)
  await cache.change!(key)
  expect(supabase.loadsSince(startMs).map((load) => [load.key, load.process])).toEqual([
    [key, 'main'],
    // Whether the owner may change it.
    [key, 'main'],
  ])
  await cache.close()
})

test('the rig says what it has opened', () => {
  expect(rig.emulated).toEqual(['Supabase REST endpoint'])
})
