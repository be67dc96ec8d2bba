import { expect, test } from 'vitest'
import { ServerClock } from '../../../src/library/backends/server-clock.js'
import { createVirtualClock, type VirtualClock } from '../../../src/library/kernel/virtual-clock.js'

const START = 1_700_000_000_000

/** The server answers half a round trip after it was asked. */
async function observe(serverClock: ServerClock, clock: VirtualClock, roundTripMs: number, setMs = 0) {
  const askedAt = clock.now()
  await clock.advance(roundTripMs / 2)
  const serverMs = START + setMs + clock.now()
  await clock.advance(roundTripMs / 2)
  serverClock.observe(serverMs, askedAt)
}
const behind = (serverClock: ServerClock, clock: VirtualClock) => START + clock.now() - serverClock.now()!

test('unknown until told, and again when forgotten', async () => {
  const clock = createVirtualClock()
  const serverClock = new ServerClock(clock)
  expect(serverClock.now()).toBeNull()
  await observe(serverClock, clock, 4)
  expect(behind(serverClock, clock)).toBe(2)
  serverClock.forget()
  expect(serverClock.now()).toBeNull()
})

test('never later than the server’s own clock, and as close as its fastest answer', async () => {
  const clock = createVirtualClock()
  const serverClock = new ServerClock(clock)
  for (const roundTripMs of [10, 2, 80, 6]) await observe(serverClock, clock, roundTripMs)
  expect(behind(serverClock, clock)).toBe(1)
})

test('an answer cut to whole milliseconds, and read late, takes nothing back', async () => {
  const clock = createVirtualClock()
  const serverClock = new ServerClock(clock)
  await clock.advance(0.7)
  serverClock.observe(START + clock.now(), clock.now())
  const askedAt = clock.now()
  await clock.advance(200)
  serverClock.observe(Math.floor(START + askedAt + 0.1), askedAt)
  expect(behind(serverClock, clock)).toBeLessThanOrEqual(1)
})

test('our own wall clock may jump by a minute either way', async () => {
  for (const shift of [60_000, -60_000]) {
    const clock = createVirtualClock(START)
    const serverClock = new ServerClock(clock)
    await observe(serverClock, clock, 4)
    clock.shiftWall(shift)
    await clock.advance(1000)
    expect(behind(serverClock, clock)).toBe(2)
  }
})

test('a server whose clock was set is believed at once', async () => {
  for (const setMs of [30_000, -30_000]) {
    const clock = createVirtualClock()
    const serverClock = new ServerClock(clock)
    await observe(serverClock, clock, 2)
    await observe(serverClock, clock, 10, setMs)
    expect(behind(serverClock, clock)).toBe(5 - setMs)
  }
})

test('nonsense is ignored', () => {
  const serverClock = new ServerClock(createVirtualClock())
  serverClock.observe(Number.NaN, 0)
  expect(serverClock.now()).toBeNull()
})
