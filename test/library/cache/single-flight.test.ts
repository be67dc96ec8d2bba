import { expect, test } from 'vitest'
import { SingleFlight } from '../../../src/library/cache/single-flight.js'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'

const never = () => new Promise<string>(() => undefined)

test('a caller without an answer of the backend joins any load of the last second, and no older one', async () => {
  const clock = createVirtualClock()
  const flights = new SingleFlight<string>(clock, 4000)
  const first = flights.run('k', 'tombstone', never)
  await clock.advance(999)
  expect(flights.run('k', null, never)).toBe(first)
  await clock.advance(1)
  expect(flights.run('k', 'tombstone', never)).toBe(first)
  const own = flights.run('k', null, never)
  expect(own).not.toBe(first)
  expect(flights.run('k', null, never)).toBe(own)
  // Whoever knows what stands there now does not know what stood there then.
  expect(flights.run('k', 'tombstone', never)).not.toBe(own)
})
