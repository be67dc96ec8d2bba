import { expect, test } from 'vitest'
import { systemClock } from '../../../src/library/kernel/clock.js'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'
import { DeadlineQueue, type ExpiryReason } from '../../../src/library/resilience/deadline.js'

test('each waiter is ended once, at its own time, in order', async () => {
  const clock = createVirtualClock()
  const queue = new DeadlineQueue(clock)
  const ended: string[] = []
  queue.add(100, (reason) => ended.push(`a ${reason} ${clock.now()}`))
  await clock.advance(30)
  queue.add(100, (reason) => ended.push(`b ${reason} ${clock.now()}`))
  queue.add(50, (reason) => ended.push(`c ${reason} ${clock.now()}`))
  await clock.advance(1000)
  expect(ended).toEqual(['c deadline 80', 'a deadline 100', 'b deadline 130'])
  expect(clock.pendingTimers).toBe(0)
})

test('a settled waiter is not ended, and only the first to settle wins', async () => {
  const clock = createVirtualClock()
  const queue = new DeadlineQueue(clock)
  let ended = 0
  const waiter = queue.add(100, () => ended++)
  expect(waiter.settle()).toBe(true)
  expect(waiter.settle()).toBe(false)
  await clock.advance(1000)
  expect(ended).toBe(0)
})

test('expireAll ends everything at once and leaves the queue usable', async () => {
  const clock = createVirtualClock()
  const queue = new DeadlineQueue(clock)
  const ended: string[] = []
  queue.add(100, (reason) => ended.push(`a ${reason}`))
  queue.add(200, (reason) => ended.push(`b ${reason}`))
  queue.expireAll()
  expect(ended).toEqual(['a tripped', 'b tripped'])
  queue.add(100, (reason) => ended.push(`c ${reason}`))
  await clock.advance(150)
  expect(ended).toEqual(['a tripped', 'b tripped', 'c deadline'])
})

test('thousands of settled waiters do not stay behind', async () => {
  const clock = createVirtualClock()
  const queue = new DeadlineQueue(clock)
  let ended = 0
  for (let round = 0; round < 50; round++) {
    for (let i = 0; i < 1000; i++) queue.add(100, () => ended++).settle()
    await clock.advance(10)
  }
  queue.add(100, () => ended++)
  await clock.advance(100)
  expect(ended).toBe(1)
  expect(clock.pendingTimers).toBe(0)
})

test('an event loop that stood still is told from a backend that did not answer', async () => {
  const queue = new DeadlineQueue(systemClock)
  const reason = new Promise((resolve) => queue.add(20, resolve))
  const end = performance.now() + 60
  while (performance.now() < end);
  expect(await reason).toBe('stalled')
})

test('an answer that already lies in the sockets wins over a deadline that passed meanwhile', async () => {
  const queue = new DeadlineQueue(systemClock)
  let expired = false
  const waiter = queue.add(20, () => (expired = true))
  // Stands for the answer: it becomes readable while the loop is blocked, behind the timer.
  const answered = new Promise<boolean>((resolve) =>
    setTimeout(() => setImmediate(() => resolve(waiter.settle())), 19),
  )
  const end = performance.now() + 60
  while (performance.now() < end);
  expect(await answered).toBe(true)
  expect(expired).toBe(false)
})

test('an answer that could only be asked for after a stall of our own has the whole time again', async () => {
  const queue = new DeadlineQueue(systemClock)
  let reason: ExpiryReason | null = null
  const waiter = queue.add(200, (why) => (reason = why))
  const end = performance.now() + 320
  while (performance.now() < end);
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect([waiter.settle(), reason]).toEqual([true, null])
})

test('an answer that does not come after a stall either is not waited for without end', async () => {
  const queue = new DeadlineQueue(systemClock)
  const startedAt = performance.now()
  const ended = new Promise<ExpiryReason>((resolve) => queue.add(50, resolve))
  while (performance.now() < startedAt + 100);
  expect(await ended).toBe('stalled')
  // Whoever asks afterwards is not charged for it.
  const next = new Promise<ExpiryReason>((resolve) => queue.add(50, resolve))
  expect(await next).toBe('deadline')
})

test.each([
  ['late', 120],
  ['stalled', 260],
])(
  'a second stall, in the time that a %s wait was given, is answered for as the first',
  async (_, firstMs) => {
    const queue = new DeadlineQueue(systemClock)
    const busyFor = (ms: number) => {
      const end = performance.now() + ms
      while (performance.now() < end);
    }
    const before = queue.add(100, () => undefined)
    busyFor(firstMs)
    for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve))
    before.settle()
    let reason: ExpiryReason | null = null
    const waiter = queue.add(100, (why) => (reason = why))
    busyFor(300)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([waiter.settle(), reason]).toEqual([true, null])
  },
)
