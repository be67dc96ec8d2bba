import { expect, test } from 'vitest'
import type { SubjectCache } from '../../../../src/ops/experiment/subjects/subject.js'
import { cacheTraffic } from '../../../../src/ops/load/generator/cache-traffic.js'
import { OUTCOME } from '../../../../src/ops/load/generator/outcome.js'
import { createSource } from '../../../../src/ops/load/generator/source.js'
import { familyKeys } from '../../../../src/ops/load/generator/traffic-keys.js'
import { traffic } from './traffic.js'

const over = (cache: Partial<SubjectCache>) =>
  cacheTraffic({
    cache: cache as SubjectCache,
    keys: familyKeys(traffic.families[0]!, { seed: 1, random: () => 0 }),
    source: createSource({ latencyMs: 0, connections: 1 }, 1),
    part: 0,
    ttlSeconds: undefined,
    ttlMs: 60_000,
  })

const none = () => Promise.resolve(null)
const refused = () => Promise.reject(new Error('refused'))

test.each<[string, Partial<SubjectCache>]>([
  ['a read that rejects', { get: refused }],
  [
    'a read that throws',
    {
      get: () => {
        throw new Error('at once')
      },
    },
  ],
  ['a write that rejects', { get: none, set: refused }],
])('%s leaves a key cold in the warm-up, and is an error of its caller under load', async (_, cache) => {
  const under = over(cache)
  expect(await under.warm(0)).toBe(false)
  expect((await under.call('read', 0).start())! & OUTCOME.error).toBeTruthy()
})

test('what threw in the warm-up was not given to the cache', async () => {
  let isBroken = true
  const set = () => (isBroken ? refused() : Promise.resolve())
  const under = over({ get: none, set })
  await under.warm(0)
  isBroken = false
  expect((await under.call('read', 0).start())! & OUTCOME.fallback).toBe(0)
})
