import { expect, test } from 'vitest'
import { keysOf } from '../../../../src/ops/experiment/keys.js'
import { seededRandom } from '../../../../src/ops/experiment/random.js'
import { drillKeys, familyKeys } from '../../../../src/ops/load/generator/traffic-keys.js'

const family = {
  id: 'conv',
  pattern: 'copilot:conv:{tenantId}:{id}',
  weight: 1,
  keys: 50,
  skew: 0.99,
  mix: { read: 1, put: 0, invalidate: 0 },
  bytes: [256, 4096, 10],
  ttlSeconds: null,
}
const options = { seed: 1, random: seededRandom(1) }

test('every parameter is the number of the key, and all of a run begin alike on a server of others', () => {
  expect(familyKeys(family, options).name(12)).toBe('copilot:conv:12:12')
  expect(familyKeys(family, { ...options, prefix: 'r4nd' }).name(0)).toBe('r4nd:copilot:conv:0:0')
})

test('a value has its size as JSON, whatever its version; one that is too small stays as it is', () => {
  const keys = familyKeys({ ...family, pattern: 'a"ü:{n}' }, options)
  const sizes = Array.from({ length: 50 }, (_, number) => size(keys.value(number, 1)))
  expect(new Set(sizes.filter((bytes) => bytes > 100))).toEqual(new Set([256, 4096]))
  expect(sizes.some((bytes) => bytes < 100)).toBe(true)
  expect(Array.from({ length: 50 }, (_, number) => size(keys.value(number, 123_456)) > 100)).toEqual(
    sizes.map((bytes) => bytes > 100),
  )
  const again = familyKeys({ ...family, pattern: 'a"ü:{n}' }, { ...options, random: seededRandom(9) })
  expect(Array.from({ length: 50 }, (_, number) => size(again.value(number, 1)))).toEqual(sizes)
})

test('of a subject with records of its own, only those that exist', () => {
  const keys = drillKeys(family, seededRandom(1))
  const drawn = Array.from({ length: 2000 }, () => keys.name(keys.draw()))
  expect(drawn.every((key) => keysOf('workload').includes(key))).toBe(true)
})

function size(value: object): number {
  return Buffer.byteLength(JSON.stringify(value))
}
