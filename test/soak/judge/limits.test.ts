import { expect, test } from 'vitest'
import { Limits } from './limits.js'

const quotas = new Map([['login', { limit: 2, windowMs: 1000 }]])
const LATER_MS = 60_000

function judged(checks: [startMs: number, endMs: number][], lost?: [number, number]): string | null {
  const limits = new Limits(quotas)
  for (const [startMs, endMs] of checks) limits.allowed('login', 'u', { startMs, endMs })
  if (lost) limits.lost(...lost)
  return limits.judge(LATER_MS)
}

test('more than the limit within a window is found', () => {
  expect(
    judged([
      [10_000, 10_001],
      [10_500, 10_501],
      [10_999, 11_000],
    ]),
  ).toBe('login u: 3 allowed and counted within 1000 ms, limit 2')
})

test('what may have been counted in the next window is not held against it', () => {
  expect(
    judged([
      [10_000, 10_001],
      [10_500, 10_501],
      [10_999, 11_001],
    ]),
  ).toBeNull()
})

test('a server that lost its data in the window has counted anew', () => {
  const checks: [number, number][] = [
    [10_000, 10_001],
    [10_500, 10_501],
    [10_900, 10_901],
  ]
  expect(judged(checks, [10_600, 10_800])).toBeNull()
  expect(judged(checks, [11_100, 11_200])).not.toBeNull()
})

test('each window is judged once, when all that belongs to it has been told', () => {
  const limits = new Limits(quotas)
  for (const startMs of [10_000, 10_100]) limits.allowed('login', 'u', { startMs, endMs: startMs })
  expect(limits.judge(13_900)).toBeNull()
  expect(limits.windows).toBe(0)
  limits.allowed('login', 'u', { startMs: 10_200, endMs: 10_200 })
  expect(limits.judge(14_050)).toMatch(/^login u: 3/)
})
