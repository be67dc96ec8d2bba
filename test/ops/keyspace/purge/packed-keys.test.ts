import { expect, test } from 'vitest'
import { PackedKeys } from '../../../../src/ops/keyspace/purge/packed-keys.js'

const unpack = (packed: PackedKeys, size: number) => [...packed.pages(size)]

test('names come back as they were, in order, in pages; the empty one and one larger than a chunk, too', () => {
  const keys = [
    ...Array.from({ length: 50_000 }, (_, index) => Buffer.from(`copilot:conv:${index}`)),
    Buffer.alloc(0),
    Buffer.from([0, 255, 0]),
    Buffer.alloc(3_000_000, 1),
    Buffer.from('last'),
  ]
  const packed = new PackedKeys()
  for (const key of keys) packed.add(key)
  expect(packed.overflowed).toBe(false)
  const pages = unpack(packed, 1000)
  expect(pages.length).toBe(51)
  expect(Buffer.concat(pages.flat()).equals(Buffer.concat(keys))).toBe(true)
  expect(pages.flat().map(({ length }) => length)).toEqual(keys.map(({ length }) => length))
  expect(unpack(new PackedKeys(), 10)).toEqual([])
})

test('of too many nothing is kept, and it says so', () => {
  const packed = new PackedKeys()
  for (let count = 0; count < 40; count++) packed.add(Buffer.alloc(1024 * 1024))
  expect(packed.overflowed).toBe(true)
  expect(unpack(packed, 10)).toEqual([])
})
