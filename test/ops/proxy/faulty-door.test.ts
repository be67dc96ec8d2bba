import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { oom } from '../../../src/ops/faults/oom.js'
import { refused } from '../../../src/ops/faults/refused.js'
import { stall } from '../../../src/ops/faults/stall.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { isRefused } from '../../../src/ops/faults/doors/listener.js'
import { FaultyDoor, type DoorEvent } from '../../../src/ops/proxy/faulty-door.js'
import { until } from '../sandbox/until.js'

let behind: TcpDoor
let door: FaultyDoor
let events: DoorEvent[]
const told = () => events.map((event) => `${event.type} ${'fault' in event ? event.fault.name : ''}`)
const isClosed = () => isRefused(behind.host, behind.port)

beforeEach(async () => {
  events = []
  // Nobody needs to be behind it.
  behind = await createTcpDoor({ upstream: { host: '127.0.0.1', port: 1 } })
  door = new FaultyDoor('redis', behind, (event) => events.push(event))
})
afterEach(() => door.close())

test('is open, then fails, then is open again; the status says so each time', async () => {
  expect(door.status()).toMatchObject({ to: 'redis', fault: null, last: null, openConnections: 0 })
  await door.apply(refused)
  expect(await isClosed()).toBe(true)
  expect(door.status()).toMatchObject({
    fault: { name: 'refused', number: 1, until: null, witness: { witnessed: false } },
  })
  await door.open()
  expect(await isClosed()).toBe(false)
  const { fault, last } = door.status()
  expect(fault).toBeNull()
  expect(last).toMatchObject({ name: 'refused', ending: 'asked', witness: { evidence: expect.any(String) } })
  await door.open()
  expect(told()).toEqual(['fault refused', 'lifted refused'])
})

test('no fault of a server that is not ours takes away what it keeps', () => {
  const { faults } = door.status()
  expect(faults).toContain('cold')
  expect(faults).not.toContain('short-ttl')
})

test('a fault that is narrowed says so, and the next one is whole', async () => {
  await door.apply(oom, { narrowing: { seed: 1, only: ['set'], probability: 0.5 } })
  expect(door.status().fault).toMatchObject({ name: 'oom', narrowing: { only: ['SET'], probability: 0.5 } })
  await door.apply(oom)
  const { fault, last } = door.status()
  expect(last).toMatchObject({ ending: 'replaced', narrowing: { only: ['SET'] } })
  expect(fault).not.toHaveProperty('narrowing')
})

test('one fault at a time: the second ends the first', async () => {
  await Promise.all([door.apply(refused), door.apply(stall)])
  expect(door.status()).toMatchObject({
    fault: { name: 'stall', number: 2 },
    last: { name: 'refused', number: 1, ending: 'replaced' },
  })
  expect(await isClosed()).toBe(false)
})

test('of two that come at the same instant, the second yields to a lease', async () => {
  const both = [
    door.apply(refused, { leaseMs: 60_000, yields: true }),
    door.apply(stall, { leaseMs: 60_000, yields: true }),
  ]
  expect(await Promise.allSettled(both)).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { name: 'LeasedError' } },
  ])
  expect(door.status()).toMatchObject({ fault: { name: 'refused', number: 1 } })
})

describe('ends by itself', () => {
  test('after its time', async () => {
    await door.apply(refused, { forMs: 60 })
    await until('the end', () => door.status().fault === null)
    expect(door.status().last).toMatchObject({ ending: 'time' })
    expect(await isClosed()).toBe(false)
  })

  test('when its driver is not heard of; a renewed lease puts it off', async () => {
    await door.apply(refused, { leaseMs: 200 })
    const first = door.status().fault!
    await until('a later clock', () => Date.now() > Date.parse(first.since) + 20)
    expect(door.renew(1)).toBe(true)
    expect(door.status().fault!.until! > first.until!).toBe(true)
    expect(door.renew(2)).toBe(false)
    await until('the end', () => door.status().fault === null)
    expect(door.status().last).toMatchObject({ ending: 'lease' })
    expect(door.renew(1)).toBe(false)
  })

  test('at its time, however often the lease is renewed', async () => {
    await door.apply(refused, { forMs: 60, leaseMs: 60_000 })
    await until('the end', () => door.status().fault === null || !door.renew(1))
    expect(door.status().last).toMatchObject({ ending: 'time' })
  })

  test('the time of a fault that was replaced does not end its successor', async () => {
    await door.apply(refused, { forMs: 40 })
    await door.apply(stall, { forMs: 60_000 })
    await new Promise((done) => setTimeout(done, 80))
    expect(door.status().fault?.name).toBe('stall')
  })
})

test('closing lifts what is on, and frees the port', async () => {
  await door.apply(stall)
  await door.close()
  expect(told()).toEqual(['fault stall', 'lifted stall'])
  expect(await isClosed()).toBe(true)
  await door.close()
})
