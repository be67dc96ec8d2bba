import { expect, test } from 'vitest'
import { Journal } from '../../../src/library/cache/journal.js'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'

const make = (max = 3) => {
  const clock = createVirtualClock()
  return { clock, journal: new Journal(clock, max) }
}

test('holds a key until it is delivered', () => {
  const { journal } = make()
  journal.add('k', 1000)
  expect(journal.has('k')).toBe(true)
  for (const [key, receipt] of journal.pending()) journal.delivered(key, receipt)
  expect([journal.has('k'), journal.size]).toEqual([false, 0])
})

test('a key that failed again while its delivery was under way stays', async () => {
  const { clock, journal } = make()
  journal.add('k', 1000)
  const [key, receipt] = journal.pending()[0]!
  await clock.advance(1)
  journal.add('k', 1000)
  journal.delivered(key, receipt)
  expect(journal.has('k')).toBe(true)
})

test('lets go when whatever the backend held has expired', async () => {
  const { clock, journal } = make()
  journal.add('k', 1000)
  await clock.advance(999)
  expect(journal.has('k')).toBe(true)
  await clock.advance(1)
  expect([journal.has('k'), journal.pending()]).toEqual([false, []])
})

test('full: the oldest is lost and counted, expired ones first', async () => {
  const { clock, journal } = make()
  journal.add('short', 10)
  for (const key of ['a', 'b']) journal.add(key, 1000)
  await clock.advance(10)
  expect(journal.add('c', 1000)).toBe(0)
  expect(journal.add('a', 1000)).toBe(0)
  expect(journal.add('d', 1000)).toBe(1)
  expect(journal.pending().map(([key]) => key)).toEqual(['c', 'a', 'd'])
  expect(journal.lost).toBe(1)
})

test('switched off: every failed invalidation is lost, and says so', () => {
  const { journal } = make(0)
  expect([journal.add('k', 1000), journal.has('k'), journal.lost]).toEqual([1, false, 1])
})

test('a text may stay only while it is the one text that was to stand there', () => {
  const { journal } = make()
  const allowed = () => journal.pending().map(([, entry]) => entry.allowed)
  journal.add('k', 1000, 'sha-1')
  journal.add('k', 1000, 'sha-1')
  expect(allowed()).toEqual(['sha-1'])
  journal.add('k', 1000, 'sha-2')
  expect(allowed()).toEqual([null])
  journal.add('k', 1000, 'sha-2')
  expect(allowed()).toEqual([null])
})
