import { expect, test } from 'vitest'
import { Floors } from './floors.js'

const KEY = 'soak:hot:1'

/** A judge of process `a`, whose way is sound since the given instant, and of keys that live for 60 s. */
function floors(since: { ms: number; heardMs?: number }) {
  return new Floors({
    soundSince: () => since.ms,
    heardAt: () => since.heardMs ?? Infinity,
    longestTtlMs: () => 60_000,
  })
}
const del = { process: 'a', key: KEY, version: 2, atMs: 1000 }

test('the process that invalidated is bound at once, others one sound second later', () => {
  const judge = floors({ ms: 0 })
  judge.acknowledged(del)
  judge.settle(2500)
  expect(judge.floor('a', KEY, 999)).toBeNull()
  expect(judge.floor('a', KEY, 1000)).toMatchObject({ version: 2, atMs: 1000 })
  expect(judge.floor('b', KEY, 1999)).toBeNull()
  expect(judge.floor('b', KEY, 2000)).toMatchObject({ version: 2, atMs: 2000 })
  expect(judge.settled).toEqual({ withinASecond: 1, byTtl: 0 })
})

test('a fault puts it off until a second after the heal', () => {
  const since = { ms: 0 }
  const judge = floors(since)
  judge.acknowledged(del)
  judge.settle(1500)
  since.ms = Infinity
  judge.settle(9000)
  expect(judge.floor('b', KEY, 9000)).toBeNull()
  since.ms = 9500
  judge.settle(10_500)
  expect(judge.floor('b', KEY, 10_499)).toBeNull()
  expect(judge.floor('b', KEY, 10_500)).toMatchObject({ version: 2 })
})

test('a process that has not been heard of since then may have stood still', () => {
  const since = { ms: 0, heardMs: 1900 }
  const judge = floors(since)
  judge.acknowledged(del)
  judge.settle(5000)
  expect(judge.floor('b', KEY, 5000)).toBeNull()
  since.ms = since.heardMs = 5000
  judge.settle(6000)
  expect(judge.floor('b', KEY, 5999)).toBeNull()
})

test('what a process took with it when it was killed is bound by the TTL', () => {
  const judge = floors({ ms: Infinity })
  judge.acknowledged(del)
  judge.settle(200_000)
  expect(judge.floor('b', KEY, 63_999)).toBeNull()
  expect(judge.floor('b', KEY, 64_000)).toMatchObject({ version: 2 })
  expect(judge.settled).toEqual({ withinASecond: 0, byTtl: 1 })
})

test('it never falls, in whatever order invalidations return, and stays when old steps are dropped', () => {
  const judge = floors({ ms: 0 })
  for (let at = 0; at < 300; at++)
    judge.acknowledged({ ...del, version: at === 0 ? 900 : at, atMs: 1000 * at })
  judge.settle(400_000)
  expect(judge.floor('b', KEY, 400_000)).toMatchObject({ version: 900 })
  expect(judge.floor('a', KEY, 400_000)).toMatchObject({ version: 900 })
})
