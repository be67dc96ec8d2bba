import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BACKENDS, startBackend, type BackendUnderTest } from '../../support/backends.js'
import { openCache, type TestCache } from '../../support/clients.js'

/** What separates, matches or groups somewhere between a caller and Redis, and what does not fit into a byte. */
const hostile = fc.array(
  fc.constantFrom(...':*?[]{}%/\\"\'$ \n\r\u0000\u00e9\u20ac'.split(''), '💥', 'a', 'A', '%3A'),
  {
    minLength: 1,
    maxLength: 8,
  },
)
const anyKey = fc.oneof(
  hostile.map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  // 10 kB that differ in their last characters only.
  hostile.map((parts) => 'x'.repeat(10_240) + parts.join('')),
)

let runs = 0

describe.each(BACKENDS)('on %s', (kind) => {
  let server: BackendUnderTest
  let writer: TestCache
  let reader: TestCache
  beforeAll(async () => {
    server = await startBackend(kind)
    writer = openCache(server.backend, { deadlineMs: 5000, integrity: true })
    reader = openCache(server.backend, { deadlineMs: 5000, integrity: true })
  })
  afterAll(async () => {
    await writer.close()
    await reader.close()
    await server.stop()
  })

  test('each key is one entry of its own, whatever it is made of', async () => {
    const keys = fc.uniqueArray(anyKey, { minLength: 2, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(keys, fc.nat(), async (drawnKeys, drawn) => {
        // What an earlier run left under the same key would be in the way.
        const keys = drawnKeys.map((key) => `${key}#${runs}`)
        runs++
        const gone = drawn % keys.length
        for (const [index, key] of keys.entries()) await writer.cache.set(key, { index, key })
        const read = () => Promise.all(keys.map((key) => reader.cache.get(key)))
        const stored = keys.map((key, index) => ({ index, key }))
        expect(await read()).toEqual(stored)
        await writer.cache.del(keys[gone]!)
        expect(await read()).toEqual(stored.map((value, index) => (index === gone ? null : value)))
        for (const key of keys) await writer.cache.del(key)
        const loaded = await Promise.all(
          keys.map((key) => reader.cache.getOrLoad(key, () => Promise.resolve(key))),
        )
        expect(loaded).toEqual(keys)
      }),
      { numRuns: kind === 'redis' ? 40 : 10 },
    )
  })
})
