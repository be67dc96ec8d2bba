import { beforeEach, expect, test, vi } from 'vitest'
import { askedIn, OUTCOME, partIn } from '../../../../src/ops/load/generator/outcome.js'
import type { Performer } from '../../../../src/ops/load/generator/performer.js'
import { createSubjectPerformer } from '../../../../src/ops/load/generator/subject-performer.js'
import type { Traffic } from '../../../../src/ops/load/generator/traffic.js'
import { traffic } from './traffic.js'

// Each instance says at its start that it has no backend.
beforeEach(() => void vi.spyOn(console, 'warn').mockReturnValue(undefined))

const quick: Traffic = { ...traffic, source: { latencyMs: 0, connections: 100 } }
const withLimiter: Traffic = { ...quick, limiter: { share: 0.2, identifiers: 3, skew: 0 } }

async function withPerformer<T>(given: Traffic, use: (performer: Performer) => T | Promise<T>): Promise<T> {
  const surface = {
    type: 'subject',
    subject: 'library-unconfigured',
    environment: { redisUrl: null },
  } as const
  const performer = await createSubjectPerformer(surface, given)
  try {
    return await use(performer)
  } finally {
    await performer.close()
  }
}

const draws = (given: Traffic, count: number) =>
  withPerformer(given, (performer) => Array.from({ length: count }, () => performer.draw().outcome))

test('draws the same for the same seed, and asks for what the weights say', async () => {
  const drawn = await draws(withLimiter, 20_000)
  expect(await draws(withLimiter, 500)).toEqual(drawn.slice(0, 500))
  expect(await draws({ ...withLimiter, seed: 8 }, 500)).not.toEqual(drawn.slice(0, 500))
  const share = (asked: string, part: number) =>
    drawn.filter((each) => askedIn(each) === asked && partIn(each) === part).length / drawn.length
  // Of the limiters, which are asked in turn, each has half of a fifth; of the rest the families have three and one quarters.
  expect(share('check', 0)).toBeCloseTo(0.1, 1)
  expect(share('check', 1)).toBeCloseTo(0.1, 1)
  expect(share('read', 0)).toBeCloseTo(0.8 * 0.75 * 0.9, 1)
  expect(share('invalidate', 0)).toBeCloseTo(0.8 * 0.75 * 0.1, 1)
  expect(share('put', 0)).toBe(0)
  expect(share('put', 1)).toBeCloseTo(0.8 * 0.25 * 0.15, 2)
})

test('a cache without a backend loads everything, and nothing of that is a fallback; no limiter can count', async () => {
  await withPerformer(withLimiter, async (performer) => {
    expect(performer.limiters.map(({ onUnavailable }) => onUnavailable)).toEqual(['allow', 'deny'])
    let loaded = 0
    for (let count = 0; count < 400; count++) {
      const outcome = await performer.draw().start()
      expect(outcome).not.toBeNull()
      const has = (bit: keyof typeof OUTCOME) => (outcome! & OUTCOME[bit]) !== 0
      expect([has('error'), has('hit'), has('fallback')]).toEqual([false, false, false])
      expect(has('loaded')).toBe(askedIn(outcome!) === 'read')
      if (has('loaded')) loaded += 1
      if (askedIn(outcome!) === 'check') {
        expect(has('uncounted')).toBe(true)
        // Where no backend is configured nothing is limited, whatever is declared.
        expect(has('denied')).toBe(false)
      }
    }
    expect(performer.takeLoads?.()).toHaveLength(loaded)
  })
})
