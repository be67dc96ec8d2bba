import { afterEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../../src/library/kernel/clock.js'

afterEach(() => vi.restoreAllMocks())

test('what is overdue is due now, and no version of Node warns of a negative time', async () => {
  const setTimer = vi.spyOn(globalThis, 'setTimeout')
  await new Promise<void>((resolve) => void systemClock.setTimer(resolve, -5))
  expect(setTimer.mock.calls.map(([, ms]) => ms)).toEqual([0])
})
