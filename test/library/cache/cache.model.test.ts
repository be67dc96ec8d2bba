import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NOT_FOUND } from '../../../src/library/cache/not-found.js'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until, type TestCache } from '../../support/clients.js'

/**
 * Any sequence of reads, writes and invalidations of two processes and of outages, beside a map that knows what the source
 * holds. Counterexamples shrink. What happens at the same time is for model.test.ts and `npm run soak`.
 */
type Step =
  | { do: 'read' | 'get' | 'set' | 'change'; by: number; key: number }
  | { do: 'refuse' | 'stall' | 'reset' | 'open'; door: number }
  | { do: 'oom' | 'readonly' | 'sound' | 'kill connections' | 'settle' }

const PROCESSES = 2
const KEYS = ['a', 'b:*', 'c {é}']
const index = (of: number) => fc.nat({ max: of - 1 })
const call = (name: 'read' | 'get' | 'set' | 'change') =>
  fc.record({ do: fc.constant(name), by: index(PROCESSES), key: index(KEYS.length) })
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: call('read') },
  { weight: 3, arbitrary: call('get') },
  { weight: 2, arbitrary: call('set') },
  { weight: 5, arbitrary: call('change') },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('refuse', 'stall', 'reset', 'open', 'open'),
      door: index(PROCESSES),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('oom', 'readonly', 'sound', 'sound', 'kill connections', 'settle', 'settle'),
    }),
  },
)

let sandbox: Sandbox
let raw: Redis
let doors: TcpDoor[]
let caches: TestCache[]
let runs = 0
beforeAll(async () => {
  sandbox = await startSandbox()
  raw = new Redis(sandbox.redis.url)
  const { host, port } = sandbox.redis
  doors = await Promise.all(
    Array.from({ length: PROCESSES }, () => createTcpDoor({ upstream: { host, port } })),
  )
  caches = doors.map((door) => openCache(`redis://${door.host}:${door.port}`))
})
afterAll(async () => {
  await Promise.all(caches.map((each) => each.close()))
  await Promise.all(doors.map((door) => door.close()))
  raw.disconnect()
  await sandbox.stop()
})

async function mend(): Promise<void> {
  for (const door of doors) await door.open()
  await raw.config('SET', 'maxmemory', '0')
  await raw.replicaof('NO', 'ONE')
}

/** Everybody is well again and has delivered what waited, within the second that others may be told something old. */
async function settle(): Promise<void> {
  await mend()
  for (const { cache } of caches) {
    await until('up', async () => {
      await cache.set('other', 1)
      const { state, pendingInvalidations } = cache.getStatus()
      return state === 'up' && pendingInvalidations === 0
    })
  }
}

test('a cache and a map agree, whatever is taken away in between', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 40 }), async (steps) => {
      const run = runs++
      const names = KEYS.map((key) => `${run}:${key}`)
      /** What the source holds; every third version of it is that there is nothing. */
      const versions = KEYS.map(() => 1)
      /** The oldest that each process may answer: its own changes at once, everybody's once all is settled. */
      const floors = caches.map(() => KEYS.map(() => 1))
      const valueOf = (key: number, version: number) => ({ key: names[key]!, version, at: new Date(version) })
      const isNothing = (version: number) => version % 3 === 0
      const source = (key: number) => () => {
        const version = versions[key]!
        return Promise.resolve(isNothing(version) ? NOT_FOUND : valueOf(key, version))
      }
      const judge = (by: number, key: number, answer: unknown, mayMiss: boolean) => {
        const possible = Array.from({ length: versions[key]! + 1 }, (_, version) => version)
          .filter((version) => version >= floors[by]![key]!)
          .map((version) => (isNothing(version) ? null : valueOf(key, version)))
        expect(mayMiss ? [...possible, null] : possible).toContainEqual(answer)
      }

      await settle()
      for (const step of steps) {
        switch (step.do) {
          case 'read': {
            const { by, key } = step
            judge(by, key, await caches[by]!.cache.getOrLoad(names[key]!, source(key)), false)
            break
          }
          case 'get':
            judge(step.by, step.key, await caches[step.by]!.cache.get(names[step.key]!), true)
            break
          case 'set': {
            const version = versions[step.key]!
            if (!isNothing(version))
              await caches[step.by]!.cache.set(names[step.key]!, valueOf(step.key, version))
            break
          }
          case 'change':
            versions[step.key]!++
            await caches[step.by]!.cache.del(names[step.key]!)
            floors[step.by]![step.key] = versions[step.key]!
            break
          case 'refuse':
          case 'stall':
          case 'reset':
          case 'open':
            await doors[step.door]![step.do]()
            break
          case 'oom':
            await raw.config('SET', 'maxmemory', '1')
            break
          case 'readonly':
            await raw.replicaof('127.0.0.1', '1')
            break
          case 'sound':
            await raw.config('SET', 'maxmemory', '0')
            await raw.replicaof('NO', 'ONE')
            break
          case 'kill connections':
            await raw.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
            break
          case 'settle':
            await settle()
            for (const floor of floors) versions.forEach((version, key) => (floor[key] = version))
        }
      }
      await settle()
      for (const [by] of caches.entries()) {
        for (const [key, version] of versions.entries()) {
          const answer = await caches[by]!.cache.getOrLoad(names[key]!, source(key))
          expect(answer).toEqual(isNothing(version) ? null : valueOf(key, version))
        }
      }
    }),
    { numRuns: 25, endOnFailure: false },
  )
})
