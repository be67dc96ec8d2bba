import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isUsed, watchBackendUse } from '../../../src/ops/experiment/app/backend-use.js'
import { noCounts } from '../../../src/ops/faults/doors/counts.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A door whose counts the test moves on, looked at from the heal on. */
function watched(commandsAboutData: number) {
  const counts = { ...noCounts(), commandsAboutData }
  const healedMs = Date.now()
  const use = watchBackendUse({ counts: () => ({ ...counts }) }, () => Date.now() - healedMs)
  const pass = (ms: number, more: Partial<typeof counts> = {}) => {
    for (const [name, by] of Object.entries(more)) counts[name as keyof typeof counts] += by
    vi.advanceTimersByTime(ms)
  }
  return { use, pass }
}
const connected = { bytesToServer: 100, bytesToClient: 5000, commandsSeen: 3 }
const asked = { bytesToServer: 30, bytesToClient: 10, commandsSeen: 1, commandsAboutData: 1 }

test('who has only connected again does not use its backend', () => {
  const { use, pass } = watched(7)
  pass(1000, connected)
  expect(use.usedAgainMs()).toBeNull()
  pass(1000, asked)
  expect(use.usedAgainMs()).toBe(1020)
})

test('what the fault had held back is delivered at the heal, and shows nothing', () => {
  const { use, pass } = watched(7)
  pass(50, asked)
  pass(1000)
  expect(use.usedAgainMs()).toBeNull()
  pass(20, asked)
  expect(use.usedAgainMs()).toBe(1060)
})

test('where commands are not understood, as through TLS, bytes both ways are use', () => {
  const { use, pass } = watched(0)
  pass(20, { bytesToServer: 1 })
  expect(use.usedAgainMs()).toBeNull()
  pass(20, { bytesToClient: 1 })
  expect(use.usedAgainMs()).toBe(40)
})

test('of an older proxy, which does not tell them, too', () => {
  const first = { bytesToClient: 1, bytesToServer: 1 }
  expect(isUsed(first, { bytesToClient: 2, bytesToServer: 2 })).toBe(true)
  expect(isUsed(first, { bytesToClient: 2, bytesToServer: 1 })).toBe(false)
})
