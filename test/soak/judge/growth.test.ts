import { expect, test } from 'vitest'
import type { Vitals } from '../messages.js'
import { grewTooMuch, growthOf } from './growth.js'

const MIB = 1024 * 1024

/** One look a second for 100 s. */
function looks(change: (second: number) => Partial<Vitals>): Vitals[] {
  return Array.from({ length: 100 }, (_, second) => ({
    atMs: second * 1000,
    rssBytes: 80 * MIB,
    heapBytes: 8 * MIB,
    sockets: 2,
    timers: 5,
    logLines: 0,
    ...change(second),
  }))
}
const judged = (change: (second: number) => Partial<Vitals>) =>
  grewTooMuch(growthOf('a', looks(change), 0, 100_000)!, 100, 10)

test('what grows is found, what comes and goes is not', () => {
  expect(judged(() => ({}))).toBeNull()
  expect(judged((second) => ({ heapBytes: (8 + second / 10) * MIB }))).toBe(
    'heapMiB of process a: 9 in the second tenth, 17 in the last; bound +4',
  )
  expect(judged((second) => ({ rssBytes: (80 + second) * MIB }))).toMatch(/^rssMiB of process a: 90/)
  expect(judged((second) => ({ sockets: 2 + Math.floor(second / 20) }))).toMatch(/^sockets/)
  expect(judged((second) => ({ timers: second }))).toMatch(/^timers/)
  expect(judged((second) => ({ sockets: second % 2 ? 40 : 2, timers: second % 3 ? 400 : 5 }))).toBeNull()
})

test('log lines are bounded by the time that passed', () => {
  expect(judged((second) => ({ logLines: second }))).toBeNull()
  expect(judged((second) => ({ logLines: 2 * second }))).toBe('process a wrote 198 log lines; bound 110')
})

test('a process that did not live through both tenths is not judged', () => {
  const late = looks(() => ({})).filter(({ atMs }) => atMs > 50_000)
  expect(growthOf('a', late, 0, 100_000)).toBeNull()
})
