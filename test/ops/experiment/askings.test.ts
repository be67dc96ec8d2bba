import { expect, test } from 'vitest'
import { askingsOf, isModest } from '../../../src/ops/experiment/host/askings.js'
import { ALIKE, isBurst, burstOf, RARE } from '../../../src/ops/experiment/identifiers.js'

const limit = { limit: 20, windowMs: 1000 }
const perWindow = (everyMs: number) => limit.windowMs / everyMs

test('who is alike keeps within the limit in two windows, and all of them together do not in one', () => {
  const alike = askingsOf(limit, 4000).filter(({ identifier }) => ALIKE.includes(identifier))
  expect(new Set(alike.map(({ identifier }) => identifier)).size).toBe(4)
  for (const { everyMs } of alike) expect(2 * perWindow(everyMs)).toBeLessThan(limit.limit)
  expect(alike.reduce((sum, { everyMs }) => sum + perWindow(everyMs), 0)).toBeGreaterThan(limit.limit)
})

test('who is rare keeps within it with all that a fault of any length has held back', () => {
  for (const duringMs of [1000, 4000, 30_000]) {
    const rare = askingsOf(limit, duringMs).find(({ identifier }) => identifier === RARE)
    expect((duringMs / 1000 + 3) * perWindow(rare!.everyMs)).toBeLessThan(limit.limit)
  }
})

test('only a limit that is soon reached is asked about others', () => {
  const modest = (each: number, windowMs: number) => isModest({ limit: each, windowMs })
  expect([modest(20, 1000), modest(5, 500), modest(5, 60_000)]).toEqual([true, true, true])
  expect([modest(100, 60_000), modest(50, 500), modest(1, 100)]).toEqual([false, false, false])
})

test('a burst is told from everybody else', () => {
  expect([burstOf(3), RARE, ...ALIKE, undefined].map(isBurst)).toEqual([
    true,
    ...Array<boolean>(6).fill(false),
  ])
})
