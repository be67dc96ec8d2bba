import { expect, test } from 'vitest'
import { ServerClock } from '../../../src/library/backends/server-clock.js'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'

const START = 1_700_000_000_000

async function observe(serverClock: ServerClock, clock: ReturnType<typeof createVirtualClock>, roundTripMs: number) {
  const askedAt = clock.now()
  await clock.advance(roundTripMs / 2)
  const serverMs = START + clock.now()
  await clock.advance(roundTripMs / 2)
  serverClock.observe(serverMs, askedAt)
}

test('unknown until told, and again when forgotten', async () => {
  const clock = createVirtualClock()
  const serverClock = new ServerClock(clock)
  expect(serverClock.now()).toBeNull()
  await observe(serverClock, clock, 4)
  expect(serverClock.now()).toBe(START + clock.now())
  serverClock.forget()
  expect(serverClock.now()).toBeNull()
})

test('our own wall clock may jump by a minute either way', async () => {
  for (const shift of [60_000, -60_000]) {
    const clock = createVirtualClock(START)
    const serverClock = new ServerClock(clock)
    await observe(serverClock, clock, 4)
    clock.shiftWall(shift)
    await clock.advance(1000)
    expect(serverClock.now()).toBe(START + clock.now())
  }
})

test('a slower answer does not spoil a better estimate', async () => {
  const clock = createVirtualClock()
  const serverClock = new ServerClock(clock)
  await observe(serverClock, clock, 2)
  const askedAt = clock.now()
  const serverMs = START + clock.now()
  await clock.advance(80)
  serverClock.observe(serverMs, askedAt)
  expect(serverClock.now()).toBe(START + clock.now())
})

test('a server whose clock was set is believed at once', async () => {
  const clock = createVirtualClock()
  const serverClock = new ServerClock(clock)
  await observe(serverClock, clock, 2)
  const askedAt = clock.now()
  await clock.advance(10)
  serverClock.observe(START + clock.now() - 5 + 30_000, askedAt)
  expect(serverClock.now()! - START - clock.now()).toBeCloseTo(30_000, -1)
})

test('nonsense is ignored', () => {
  const serverClock = new ServerClock(createVirtualClock())
  serverClock.observe(Number.NaN, 0)
  expect(serverClock.now()).toBeNull()
})
