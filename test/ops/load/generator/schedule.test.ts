import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startSchedule } from '../../../../src/ops/load/generator/schedule.js'

/** A world in which time passes only by waiting and by beginning. */
function world(due: readonly number[], costMs: (dueMs: number) => number = () => 0) {
  let now = 0
  let ring: (() => void) | undefined
  let ringsAtMs = Infinity
  let turns = 0
  const begun: { dueMs: number; startMs: number }[] = []
  const beginsPerTurn: number[] = []
  const schedule = startSchedule({
    due: [...due, Infinity][Symbol.iterator](),
    nowMs: () => now,
    alarm: {
      set: (inMs, callback) => {
        ringsAtMs = now + Math.max(0, inMs)
        ring = callback
      },
      stop: () => {
        ring = undefined
      },
    },
    begin: (dueMs, startMs) => {
      begun.push({ dueMs, startMs })
      now += costMs(dueMs)
    },
  })
  const playUntil = (untilMs: number) => {
    while (ring && ringsAtMs <= untilMs) {
      const callback = ring
      ring = undefined
      now = Math.max(now, ringsAtMs)
      turns += 1
      const before = begun.length
      callback()
      beginsPerTurn.push(begun.length - before)
    }
    now = Math.max(now, untilMs)
  }
  return { schedule, begun, beginsPerTurn, playUntil, turns: () => turns }
}

describe('schedule', () => {
  test('begins each when it is due, and those that are due together in one turn', () => {
    const { begun, playUntil, beginsPerTurn } = world([0, 0, 5, 5, 5, 9])
    playUntil(20)
    expect(begun).toEqual([0, 0, 5, 5, 5, 9].map((dueMs) => ({ dueMs, startMs: dueMs })))
    expect(beginsPerTurn).toEqual([2, 3, 1])
  })

  test('after a stall everything is begun, late, in turns between which answers are read', () => {
    const due = Array.from({ length: 100 }, (_, index) => index)
    const { begun, playUntil, beginsPerTurn } = world(due, (dueMs) => (dueMs === 0 ? 90 : 0.4))
    playUntil(200)
    expect(begun.map(({ dueMs }) => dueMs)).toEqual(due)
    expect(begun[1]).toEqual({ dueMs: 1, startMs: 90 })
    expect(Math.max(...beginsPerTurn)).toBeLessThanOrEqual(4)
  })

  test('whatever due times and delays: what is begun and what is not is all that was due before the end, in order', async () => {
    const gaps = fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { maxLength: 60 })
    const cost = fc.double({ min: 0, max: 60, noNaN: true })
    await fc.assert(
      fc.asyncProperty(gaps, cost, fc.nat(600), fc.nat(600), async (between, costMs, endMs, toldAtMs) => {
        let sum = 0
        const due = between.map((gap) => (sum += gap))
        const { schedule, begun, playUntil } = world(due, () => costMs)
        // Told in time, or too late.
        playUntil(toldAtMs)
        const ended = schedule.finish(endMs)
        playUntil(1e6)
        await ended
        const all = [...begun.map(({ dueMs }) => dueMs), ...schedule.unstarted()]
        const last = Math.max(-1, ...begun.map(({ dueMs }) => dueMs))
        // Of several that are due at one moment, some may have been begun before the end was told.
        const before = due.filter((dueMs) => dueMs < endMs).length
        expect(all).toEqual(due.slice(0, Math.max(before, begun.length)))
        expect(begun.every(({ dueMs, startMs }) => startMs >= dueMs)).toBe(true)
        if (toldAtMs < endMs) expect(last).toBeLessThan(Math.max(endMs, 1e-9))
      }),
    )
  })

  test('what became due just before the end is still begun; what there is no time for is told', async () => {
    const inTime = world([10, 11])
    const first = inTime.schedule.finish(11.5)
    inTime.playUntil(100)
    await first
    expect(inTime.begun).toHaveLength(2)

    const busy = world([0, 10, 20, 30], () => 80)
    const second = busy.schedule.finish(25)
    busy.playUntil(1000)
    await second
    expect(busy.begun.map(({ dueMs }) => dueMs)).toEqual([0])
    expect([...busy.schedule.unstarted()]).toEqual([10, 20])
  })
})
