import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createGiven, type Given } from '../../../../src/ops/load/generator/given.js'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

const KEY = 3
const TTL_MS = 10_000

/** One key that the cache has had for long, and that it has answered. */
function warm(): Given {
  const given = createGiven(8, TTL_MS)
  given.stored(KEY)
  vi.advanceTimersByTime(200)
  given.read(KEY).hit()
  return given
}

const isFallback = (given: Given) => {
  const reading = given.read(KEY)
  given.load(KEY)()
  return reading.loaded()
}

test('the source answers for a key that the cache was given', () => {
  expect(isFallback(warm())).toBe(true)
  expect(isFallback(createGiven(8, TTL_MS))).toBe(false)
})

test('over and over, also while another such load is under way', () => {
  const given = warm()
  const first = given.read(KEY)
  const ended = given.load(KEY)
  expect(isFallback(given)).toBe(true)
  ended()
  expect(first.loaded()).toBe(true)
})

test('not once its time may be over, which begins anew with each load', () => {
  const given = warm()
  vi.advanceTimersByTime(8000)
  expect(isFallback(given)).toBe(true)
  vi.advanceTimersByTime(8000)
  expect(isFallback(given)).toBe(true)
  vi.advanceTimersByTime(TTL_MS * 0.95)
  expect(isFallback(given)).toBe(false)
})

test('not after an invalidation, until it has been loaded for long enough to be stored', () => {
  const given = warm()
  given.write(KEY)(false)
  expect(isFallback(given)).toBe(false)
  expect(isFallback(given)).toBe(false)
  vi.advanceTimersByTime(200)
  expect(isFallback(given)).toBe(true)
})

test('a put gives, unless it failed or something came between', () => {
  const failed = warm()
  failed.write(KEY)(false)
  vi.advanceTimersByTime(200)
  expect(isFallback(failed)).toBe(false)

  const put = warm()
  put.write(KEY)(true)
  vi.advanceTimersByTime(200)
  expect(isFallback(put)).toBe(true)

  const twice = warm()
  const [first, second] = [twice.write(KEY), twice.write(KEY)]
  first(true)
  second(true)
  vi.advanceTimersByTime(200)
  expect(isFallback(twice)).toBe(false)
})

test('a load that an invalidation overtakes neither is one nor gives anything', () => {
  const given = warm()
  const reading = given.read(KEY)
  given.write(KEY)(false)
  expect(reading.loaded()).toBe(false)
  vi.advanceTimersByTime(200)
  expect(isFallback(given)).toBe(false)
})

test('never where the cache has not answered anything yet', () => {
  const given = createGiven(8, TTL_MS)
  given.stored(KEY)
  vi.advanceTimersByTime(200)
  expect(isFallback(given)).toBe(false)
})
