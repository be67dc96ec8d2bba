import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { slidingWindowScriptAt } from '../../../src/library/rate-limit/sliding-window-script.js'
import {
  decide,
  lifetimeMs,
  slotUs,
  type Quota,
  type WindowState,
} from '../../../src/library/rate-limit/sliding-window.js'
import { decodeWindow, encodeWindow } from '../../../src/library/rate-limit/window-text.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'

/** The same script, told what time it is. */
const script = slidingWindowScriptAt('tonumber(ARGV[7])')
const START_US = 1_795_000_000_123_456
/** Not-after of a request that is never late. */
const FOREVER_US = 9e15
const KEY = 'copilot:ratelimit:login:203.0.113.77'

let sandbox: Sandbox
let raw: Redis
beforeAll(async () => {
  sandbox = await startSandbox()
  raw = new Redis(sandbox.redis.url)
})
afterAll(async () => {
  raw.disconnect()
  await sandbox.stop()
})
beforeEach(() => raw.flushall())

interface Step {
  nowUs: number
  cost: number
  peek: boolean
}

/** Steps mostly within a slot or a few, sometimes far, sometimes with a clock set back. */
function schedule(windowMs: number, setBack: boolean): fc.Arbitrary<Step[]> {
  const length = slotUs(windowMs)
  const forward = fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: length }),
    fc.integer({ min: 0, max: 3 * length }),
    fc.constantFrom(length, 10 * length, 11 * length - 1, 11 * length),
  )
  const back = fc.oneof(fc.integer({ min: -2 * length, max: 0 }), fc.constantFrom(-10 * length, -13 * length))
  const step = fc.record({
    advance: setBack ? fc.oneof({ weight: 8, arbitrary: forward }, { weight: 1, arbitrary: back }) : forward,
    cost: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 9 })),
    peek: fc.boolean(),
  })
  return fc.array(step, { minLength: 1, maxLength: 60 }).map((steps) => {
    let nowUs = START_US
    return steps.map(({ advance, cost, peek }) => ({ nowUs: (nowUs += advance), cost, peek }))
  })
}

const quotas = fc.record({
  limit: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(100, 10_000_000)),
  windowMs: fc.constantFrom(60_000, 61_337, 2_678_400_000),
})

function play(quota: Quota, steps: Step[]) {
  let state: WindowState | null = null
  return steps.map(({ nowUs, cost, peek }) => {
    const result = decide(state, nowUs, cost, quota, peek ? 'peek' : 'take')
    state = result.state
    return { nowUs, cost, peek, answer: result.answer, state }
  })
}

test('the script decides, answers and stores what the function does, on a real Redis', async () => {
  const cases = quotas.chain((quota) => fc.tuple(fc.constant(quota), schedule(quota.windowMs, true)))
  await fc.assert(
    fc.asyncProperty(cases, async ([quota, steps]) => {
      await raw.del(KEY)
      const pipeline = raw.pipeline()
      for (const { nowUs, cost, peek } of steps) {
        const args = [
          quota.limit,
          slotUs(quota.windowMs),
          FOREVER_US,
          lifetimeMs(quota.windowMs),
          cost,
          peek ? 'peek' : 'take',
          nowUs,
        ]
        pipeline.eval(script.lua, 1, KEY, ...args).get(KEY)
      }
      const replies = ((await pipeline.exec()) ?? []).map(([error, reply]) => error ?? reply)
      const expected = play(quota, steps).flatMap(({ nowUs, answer, state }) => {
        const { allowed, used, retryAfterUs, resetAfterUs } = answer
        const reply = [nowUs, used, resetAfterUs, ...(allowed ? [] : [retryAfterUs])]
        return [reply, state && encodeWindow(state)]
      })
      expect(replies).toEqual(expected)
    }),
    { numRuns: 200 },
  )
})

describe('the function', () => {
  const cases = quotas.chain((quota) => fc.tuple(fc.constant(quota), schedule(quota.windowMs, false)))

  test('never allows more than the limit in any window, its ends included', () => {
    fc.assert(
      fc.property(cases, ([quota, steps]) => {
        const allowed = play(quota, steps).filter(({ peek, answer }) => !peek && answer.allowed)
        for (const first of allowed) {
          const end = first.nowUs + quota.windowMs * 1000
          const within = allowed.filter(({ nowUs }) => nowUs >= first.nowUs && nowUs <= end)
          expect(within.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThanOrEqual(quota.limit)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('says to the microsecond when the same request would be allowed, and when nothing is used', () => {
    fc.assert(
      fc.property(cases, ([quota, steps]) => {
        for (const { nowUs, cost, answer, state } of play(quota, steps)) {
          const at = (afterUs: number) => decide(state, nowUs + afterUs, cost, quota).answer
          const usedAt = (afterUs: number) => decide(state, nowUs + afterUs, 1, quota, 'peek').answer.used
          if (!answer.allowed && cost <= quota.limit) {
            expect(at(answer.retryAfterUs).allowed).toBe(true)
            expect(at(answer.retryAfterUs - 1).allowed).toBe(false)
            expect(answer.retryAfterUs).toBeLessThanOrEqual(quota.windowMs * 1100)
          }
          expect(usedAt(answer.resetAfterUs)).toBe(0)
          if (answer.resetAfterUs > 0) expect(usedAt(answer.resetAfterUs - 1)).toBeGreaterThan(0)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('a clock set back by less than a window stands still, by more it starts anew', () => {
    const quota = { limit: 2, windowMs: 1000 }
    const full = decide(null, START_US, 2, quota).state
    expect(decide(full, START_US - 900_000, 1, quota).answer.allowed).toBe(false)
    expect(decide(full, START_US - 3_600_000_000, 1, quota).answer.allowed).toBe(true)
  })
})

describe('what is stored', () => {
  test('is read back as it was', () => {
    // All counts together are never above a limit, whose greatest is 10 million.
    const counts = fc
      .array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 11, maxLength: 11 })
      .map((parts) => parts.map((part, index) => (part % 3 === 0 ? 0 : Math.floor(part / (11 + index)))))
    const states = fc.record({ slot: fc.integer({ min: 0, max: 2 ** 40 }), counts })
    fc.assert(
      fc.property(states, (state) => {
        expect(decodeWindow(encodeWindow(state).slice(0, 80))).toEqual(state)
      }),
    )
  })

  const slot = Math.floor(START_US / 100_000) - 1
  const two = encodeWindow({ slot, counts: [2, ...Array<number>(10).fill(0)] })
  const damaged = [
    `${two}0`,
    `${two.slice(0, -1)}1`,
    `${two.slice(0, -4)}00 2`,
    `${two}000/0001`,
    `${encodeWindow({ slot: slot + 3, counts: [2, ...Array<number>(10).fill(0)] }).slice(0, -1)}1`,
    `${two}${'0000'.repeat(11)}`,
  ]
  test.each(['', 'hello', '{"a":1}', '7', '-1', 'é', '0'.repeat(81), ...damaged])(
    'is replaced where it is no state: %s',
    async (text) => {
      expect(decodeWindow(text)).toBeNull()
      await raw.set(KEY, text)
      const reply = await raw.eval(script.lua, 1, KEY, 2, 100_000, FOREVER_US, 1100, 1, 'take', START_US)
      expect((reply as unknown[]).slice(0, 2)).toEqual([START_US, 1])
      expect(reply).toHaveLength(3)
      const counts = [1, ...Array<number>(10).fill(0)]
      expect(decodeWindow((await raw.get(KEY))!)).toEqual({ slot: slot + 1, counts })
    },
  )

  test('replaces the list of another limiter', async () => {
    await raw.zadd(KEY, 1, 'a')
    const reply = await raw.eval(script.lua, 1, KEY, 2, 100_000, FOREVER_US, 1100, 1, 'take', START_US)
    expect((reply as unknown[]).slice(0, 2)).toEqual([START_US, 1])
    expect(reply).toHaveLength(3)
    expect(await raw.type(KEY)).toBe('string')
  })

  test.each([1, 10, 100, 1000, 1_000_000, 10_000_000])(
    'takes at most 160 bytes at a limit of %i, however it is used',
    async (limit) => {
      const windowMs = 1000
      for (const share of [1, 11]) {
        await raw.del(KEY)
        for (let slot = 0; slot < 11; slot++) {
          const cost = Math.max(1, Math.floor(limit / share))
          const nowUs = START_US + slot * slotUs(windowMs)
          await raw.eval(script.lua, 1, KEY, limit, slotUs(windowMs), FOREVER_US, 1100, cost, 'take', nowUs)
        }
        expect(await raw.memory('USAGE', KEY)).toBeLessThanOrEqual(160)
      }
      expect(await raw.pttl(KEY)).toBeLessThanOrEqual(1100)
      expect(await raw.keys('*')).toEqual([KEY])
    },
  )

  test('lives for 1.1 windows', () => {
    expect([lifetimeMs(60_000), lifetimeMs(101)]).toEqual([66_000, 112])
  })
})
