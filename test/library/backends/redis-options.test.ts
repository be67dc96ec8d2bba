import { expect, test } from 'vitest'
import { safeRedisOptions } from '../../../src/library/backends/redis-options.js'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'

/** The pauses that ioredis is told to make when its attempts last as long as this. */
async function pauses(attemptMs: number): Promise<number[]> {
  const clock = createVirtualClock()
  // A connection that has stood for long is no attempt that hung.
  await clock.advance(60_000)
  const { retryStrategy } = safeRedisOptions(clock)
  const seen: number[] = []
  for (let attempt = 1; attempt <= 5; attempt++) {
    const pauseMs = Number(retryStrategy!(attempt))
    seen.push(pauseMs)
    await clock.advance(pauseMs + attemptMs)
  }
  return seen
}

const within = (ms: number) => [ms * 0.8, ms * 1.2] as const

test('attempts that are refused at once are spaced by growing pauses, 250 ms at most', async () => {
  const wanted = [50, 100, 250, 250, 250]
  for (const [index, pause] of (await pauses(0)).entries()) {
    const [least, most] = within(wanted[index]!)
    expect(pause).toBeGreaterThanOrEqual(least)
    expect(pause).toBeLessThanOrEqual(most)
  }
})

test('an attempt that hung is followed by the next without much of a pause', async () => {
  const [first, ...others] = await pauses(2000)
  expect(first).toBeGreaterThanOrEqual(within(50)[0])
  for (const pause of others) {
    expect(pause).toBeGreaterThanOrEqual(within(10)[0])
    expect(pause).toBeLessThanOrEqual(within(10)[1])
  }
})

test('an attempt that took a part of the pause leaves the rest of it', async () => {
  for (const pause of (await pauses(150)).slice(2)) {
    const [least, most] = within(100)
    expect(pause).toBeGreaterThanOrEqual(least)
    expect(pause).toBeLessThanOrEqual(most)
  }
})
