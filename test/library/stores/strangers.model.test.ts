import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'
import {
  createCachingStore,
  createKeyValueClient,
  setLogger,
  type CacheBackend,
  type CachingStore,
} from '../../../src/library/index.js'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../support/clients.js'

/**
 * One record, read by its owner, by a stranger of its tenant and by a user of another one who has the owner's name, while it is
 * shared and taken back and the cache comes and goes.
 */
interface Note {
  id: string
  tenantId: string
  ownerId: string
  isShared: boolean
  version: number
}
interface Viewer {
  tenantId: string
  userId: string
}
const VIEWERS = {
  owner: { tenantId: 'acme', userId: 'ada' },
  stranger: { tenantId: 'acme', userId: 'eve' },
  foreigner: { tenantId: 'other', userId: 'ada' },
} satisfies Record<string, Viewer>
type Who = keyof typeof VIEWERS

const anybody = fc.constantFrom<Who>('owner', 'stranger', 'stranger', 'foreigner')
const rules = {
  name: 'notes',
  key: (id: string) => `note:${id}`,
  isRecordOf: (note: Note, id: string) => note.id === id,
  canRead: (note: Note, { tenantId, userId }: Viewer) =>
    note.tenantId === tenantId && (note.ownerId === userId || note.isShared),
}
const noteOf = (id: string): Note => ({ id, tenantId: 'acme', ownerId: 'ada', isShared: false, version: 0 })

beforeAll(() => setLogger(null))

type Step =
  | { do: 'read'; who: Who }
  | { do: 'share'; shared: boolean; fails: boolean }
  | { do: 'go on'; which: number }
  | { do: 'backend'; as: 'well' | 'fails' | 'loses answers' | 'hangs' }
  | { do: 'source'; fails: boolean }
  | { do: 'plant'; text: string }
  | { do: 'wait'; ms: number }

const ofAnother = (fields: Partial<Note>) => JSON.stringify({ ...noteOf('n2'), isShared: true, ...fields })
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('read'), who: anybody }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('share'), shared: fc.boolean(), fails: fc.boolean() }),
  },
  { weight: 14, arbitrary: fc.record({ do: fc.constant('go on'), which: fc.nat({ max: 20 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('backend'),
      as: fc.constantFrom('well', 'well', 'fails', 'loses answers', 'hangs'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('source'), fails: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('plant'),
      text: fc.constantFrom(ofAnother({}), ofAnother({ tenantId: 'other' }), '{"id":"n1"', '7', '[]'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(20, 150, 700) }) },
)

const DOWN = new Error('the source is down')
const LOST = new Error('the answer was lost')
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** What happened in all runs together, so that they are known to have come by what matters. */
const seen = { hits: 0, shown: 0, denied: 0, deniedOnHit: 0, failed: 0, planted: 0 }

async function play(steps: readonly Step[]): Promise<void> {
  const clock = createVirtualClock()
  const waiting: (() => void)[] = []
  const held = () => new Promise<void>((resolve) => waiting.push(resolve))
  let mode: Extract<Step, { do: 'backend' }>['as'] = 'well'
  let sourceFails = false
  const texts = new Map<string, string>()
  const failing = Object.assign(new Error('reset'), { code: 'ECONNRESET' })
  /** Does what it does at once and in order, as over one connection, and answers when it is let. */
  const answer = async <T>(effect: () => T): Promise<T> => {
    const as = mode
    const result = as === 'fails' ? undefined : effect()
    await (as === 'hangs' ? new Promise(() => undefined) : held())
    if (as !== 'well') throw failing
    return result as T
  }
  const backend: CacheBackend = {
    get: (key) => answer(() => texts.get(key) ?? null),
    set: (key, text) => answer(() => void texts.set(key, text)),
    del: (key) => answer(() => void texts.delete(key)),
  }

  let note = noteOf('n1')
  let loads = 0
  const store = createCachingStore<string, Note, Viewer>({
    ...rules,
    redis: backend,
    clock,
    load: async () => {
      loads++
      // What it answers is what it saw when it was asked.
      const [then, fails] = [note, sourceFails]
      await held()
      if (fails) throw DOWN
      return then
    },
  })
  /** Reads under way: the oldest version they may answer, and whether it was shared at any moment meanwhile. */
  const reads = new Set<{ floor: number; mayBeShared: boolean }>()
  /** Changes under way: whether what they replace was shared. Until they settle it may be answered. */
  const changes = new Set<{ wasShared: boolean }>()
  let floor = 0
  const judged: Promise<void>[] = []

  const read = async (who: Who) => {
    const mayBeShared = note.isShared || [...changes].some(({ wasShared }) => wasShared)
    const own = { floor, mayBeShared }
    const loadsBefore = loads
    reads.add(own)
    try {
      const answer = await store.get('n1', VIEWERS[who])
      if (loads === loadsBefore) seen.hits++
      if (who === 'owner' || answer !== null) {
        expect(answer).toMatchObject({ id: 'n1', tenantId: 'acme' })
        expect(answer!.version).toBeGreaterThanOrEqual(own.floor)
      }
      if (who === 'foreigner') expect(answer).toBeNull()
      if (who !== 'stranger') return
      if (answer === null) {
        seen.denied++
        if (loads === loadsBefore) seen.deniedOnHit++
      } else {
        seen.shown++
        expect(answer.isShared && own.mayBeShared, 'a stranger saw what was not shared').toBe(true)
      }
    } catch (error) {
      if (error !== DOWN) throw error
      seen.failed++
    } finally {
      reads.delete(own)
    }
  }
  const share = async (shared: boolean, fails: boolean) => {
    const own = { wasShared: note.isShared }
    changes.add(own)
    let version = 0
    const changed = store.change('n1', async () => {
      await held()
      own.wasShared ||= note.isShared
      note = { ...note, isShared: shared, version: note.version + 1 }
      version = note.version
      if (shared) for (const each of reads) each.mayBeShared = true
      await held()
      if (fails) throw LOST
    })
    await changed.catch((error: unknown) => expect(error).toBe(LOST))
    changes.delete(own)
    floor = Math.max(floor, version)
  }
  const settle = async (what: Promise<unknown>) => {
    let isSettled = false
    const end = () => (isSettled = true)
    what.then(end, end)
    for (let i = 0; i < 60 && !isSettled; i++) {
      for (const letGo of waiting.splice(0)) letGo()
      await clock.advance(i < 10 ? 0 : 250)
    }
    expect(isSettled, 'nothing is pending for ever').toBe(true)
    await what
  }

  for (const step of steps) {
    switch (step.do) {
      case 'read':
        judged.push(read(step.who))
        break
      case 'share':
        judged.push(share(step.shared, step.fails))
        break
      case 'go on':
        waiting.splice(step.which % Math.max(1, waiting.length), 1)[0]?.()
        break
      case 'backend':
        mode = step.as
        break
      case 'source':
        sourceFails = step.fails
        break
      case 'plant':
        if (texts.has('note:n1')) seen.planted++
        texts.set('note:n1', step.text)
        break
      case 'wait':
        await clock.advance(step.ms)
    }
    for (const each of judged) each.catch(() => undefined)
    await turn()
  }
  mode = 'well'
  await settle(Promise.all(judged))
  await settle(store.close())
}

test(
  'a stranger never sees a record, on a hit or a miss: ten thousand interleavings',
  { timeout: 120_000 },
  async () => {
    await fc.assert(fc.asyncProperty(fc.array(anyStep, { minLength: 6, maxLength: 30 }), play), {
      numRuns: 10_000,
      endOnFailure: false,
    })
    for (const [what, count] of Object.entries(seen)) expect([what, count > 300]).toEqual([what, true])
  },
)

type RealStep =
  | { do: 'read'; who: Who; by: number }
  | { do: 'share'; shared: boolean; by: number }
  | { do: 'refuse' | 'stall' | 'reset' | 'open'; by: number }
  | { do: 'settle' }

const by = fc.nat({ max: 1 })
const anyRealStep: fc.Arbitrary<RealStep> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('read'), who: anybody, by }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('share'), shared: fc.boolean(), by }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('refuse', 'stall', 'reset', 'open'), by }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle') }) },
)

let sandbox: Sandbox
let doors: TcpDoor[] = []
let stores: CachingStore<string, Note, Viewer>[] = []
const source = new Map<string, Note>()
let runs = 0

beforeAll(async () => {
  sandbox = await startSandbox()
  const { host, port } = sandbox.redis
  doors = await Promise.all([1, 2].map(() => createTcpDoor({ upstream: { host, port } })))
  stores = doors.map((door) =>
    createCachingStore<string, Note, Viewer>({
      ...rules,
      redis: createKeyValueClient({ backend: 'redis', url: `redis://${door.host}:${door.port}` }),
      load: (id) => Promise.resolve(source.get(id) ?? null),
    }),
  )
})
afterAll(async () => {
  for (const store of stores) await store.close()
  for (const door of doors) await door.close()
  await sandbox.stop()
})

/** Everybody is well again and has delivered what waited. */
async function settle(): Promise<void> {
  for (const door of doors) await door.open()
  for (const store of stores) {
    await until('up', async () => {
      await store.invalidate('poke')
      const { state, pendingInvalidations } = store.getStatus()
      return state === 'up' && pendingInvalidations === 0
    })
  }
}

test('nor in two processes on a real Redis: at once where it was taken back, elsewhere once all is delivered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRealStep, { minLength: 5, maxLength: 30 }), async (steps) => {
      const id = `n${runs++}`
      source.set(id, noteOf(id))
      /** Whether each process may still answer that it is shared. */
      const mayBeShared = [false, false]
      await settle()
      for (const step of steps) {
        const note = source.get(id)!
        switch (step.do) {
          case 'read': {
            const answer = await stores[step.by]!.get(id, VIEWERS[step.who])
            if (step.who === 'owner') expect(answer).toMatchObject({ id, tenantId: 'acme' })
            else if (step.who === 'foreigner') expect(answer).toBeNull()
            else if (answer !== null) expect([answer.isShared, mayBeShared[step.by]]).toEqual([true, true])
            break
          }
          case 'share':
            await stores[step.by]!.change(id, () =>
              Promise.resolve(source.set(id, { ...note, isShared: step.shared })),
            )
            if (step.shared) mayBeShared.fill(true)
            else mayBeShared[step.by] = false
            break
          case 'settle':
            await settle()
            mayBeShared.fill(note.isShared)
            break
          default:
            await doors[step.by]![step.do]()
        }
      }
      await settle()
      for (const store of stores) {
        const answers = await Promise.all(Object.values(VIEWERS).map((viewer) => store.get(id, viewer)))
        const now = source.get(id)!
        expect(answers).toEqual([now, now.isShared ? now : null, null])
      }
    }),
    { numRuns: 15, endOnFailure: false },
  )
})
