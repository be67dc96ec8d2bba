import { describe, expect, test } from 'vitest'
import { arrivals } from '../../../../src/ops/load/generator/arrivals.js'
import { outcomeOf } from '../../../../src/ops/load/generator/outcome.js'
import { createRecorder } from '../../../../src/ops/load/generator/recorder.js'
import { startSchedule } from '../../../../src/ops/load/generator/schedule.js'
import { createTally } from '../../../../src/ops/load/tally.js'
import { quantileOf, type Window } from '../../../../src/ops/load/window.js'

// The worker's own schedule, recorder and tally on a clock that only we move: what they say of delays that are known is a
// matter of arithmetic. `npm run bench:load` has the same on real clocks.
const RATE = 200
const END_MS = 12_000
const EVERY_MS = 1000 / RATE
const SHARES = [0.5, 0.9, 0.99, 1]
const OUTCOME = outcomeOf('request', 0)

/** What a request that is sent at some time waits, the how many-th it is. */
type Delay = (sentMs: number, index: number) => number

const STALL = { fromMs: 3000, toMs: 8000 }
const inStall = (atMs: number) => atMs >= STALL.fromMs && atMs < STALL.toMs
const fixed: Delay = () => 20
const bimodal: Delay = (_, index) => (index % 10 === 0 ? 50 : 5)
const stalled: Delay = (sentMs) => (inStall(sentMs) ? STALL.toMs - sentMs : 5)

/** @param blocksMs for how long the thread is kept by the operation that is the how many-th */
function underLoad(delay: Delay, blocksMs: (index: number) => number = () => 0): Window {
  let nowMs = 0
  let index = 0
  let alarm: { atMs: number; ring: () => void } | undefined
  const recorder = createRecorder(20_000)
  const schedule = startSchedule({
    due: arrivals({ arrivals: 'constant', ratePerSecond: RATE, seed: 1, beforeMs: 0 }),
    nowMs: () => nowMs,
    alarm: {
      set: (inMs, ring) => (alarm = { atMs: nowMs + Math.max(0, inMs), ring }),
      stop: () => (alarm = undefined),
    },
    begin: (dueMs, startMs) => {
      const place = recorder.begin(dueMs, startMs, OUTCOME)
      nowMs += blocksMs(index)
      recorder.settle(place, nowMs + delay(nowMs, index++), OUTCOME)
    },
  })
  void schedule.finish(END_MS)
  while (alarm) {
    const { atMs, ring } = alarm
    alarm = undefined
    nowMs = atMs
    ring()
  }
  const tally = createTally({ duringMs: 1000, afterMs: 1000, transitionMs: 100 })
  tally.end(END_MS)
  tally.add(recorder.take(), END_MS)
  return tally.result().windows.before
}

/** One request after the other, each timed from when it was sent. */
function closedLoop(delay: Delay): number[] {
  const waits: number[] = []
  for (let sentMs = 0; sentMs < END_MS; sentMs = Math.max(sentMs + EVERY_MS, sentMs + waits.at(-1)!))
    waits.push(delay(sentMs, waits.length))
  return waits
}

/** Of what is due every 5 ms, by nearest rank. */
function exactly(waits: readonly number[], share: number): number {
  return waits.toSorted((left, right) => left - right)[Math.ceil(share * waits.length) - 1]!
}
const dues = Array.from({ length: (END_MS * RATE) / 1000 }, (_, index) => index * EVERY_MS)

describe('percentiles of a delay that is known are within 2 %', () => {
  test.each<[string, Delay]>([
    ['20 ms', fixed],
    ['5 ms, and 50 for one in ten', bimodal],
    ['5 ms, and once nobody for 5 s', stalled],
  ])('%s', (_, delay) => {
    const window = underLoad(delay)
    expect([window.sent, window.unstarted, window.pending]).toEqual([dues.length, 0, 0])
    for (const share of SHARES) {
      const known = exactly(dues.map(delay), share)
      expect(Math.abs(quantileOf(window, share)! / known - 1)).toBeLessThan(0.02)
    }
  })
})

test('what is due while the thread is kept has waited since then', () => {
  const KEPT_MS = 5000
  const at = 600
  const window = underLoad(fixed, (index) => (index === at ? KEPT_MS : 0))
  const releasedMs = at * EVERY_MS + KEPT_MS
  const known = dues.map((dueMs, index) => (index < at ? 20 : Math.max(0, releasedMs - dueMs) + 20))
  expect([window.sent, window.unstarted]).toEqual([dues.length, 0])
  for (const share of SHARES)
    expect(Math.abs(quantileOf(window, share)! / exactly(known, share) - 1)).toBeLessThan(0.02)
  // All of that is the lateness of the schedule, save the one that kept it.
  expect(window.lateness.maxMs).toBeCloseTo(KEPT_MS - EVERY_MS, 0)
})

test('a closed loop at the same rate hides the stall in which four in ten wait', () => {
  const closed = closedLoop(stalled)
  expect(exactly(closed, 0.99)).toBe(5)
  expect(closed.filter((ms) => ms > 5)).toHaveLength(1)
  const open = underLoad(stalled)
  expect(quantileOf(open, 0.99)).toBeGreaterThan(4800)
  expect(quantileOf(open, 0.6)).toBeGreaterThan(100)
})
