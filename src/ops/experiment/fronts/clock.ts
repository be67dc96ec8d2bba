import { clockDoor, type FaultyClock } from '../../faults/doors/clock-door.js'
import { faketimeClock } from './faulty-clock.js'
import { findFaketime } from './find-faketime.js'
import type { OpenFront } from './front.js'
import { plainFront } from './plain.js'
import { throwAway, throwAwayDirectory } from './throw-away-directory.js'

/** A door, and a clock of its own for the process that comes through it. */
export const clockFront: OpenFront = (...behind) => clockFrontWith(findFaketime())(...behind)

/** @param library path of libfaketime; without it the clock is there, and cannot be moved */
export function clockFrontWith(library: string | null): OpenFront {
  return async (backend, watchdog, closing) => {
    const plain = await plainFront(backend, watchdog, closing)
    if (library === null) return { ...plain, door: clockDoor(plain.door, FIXED) }
    const directory = await throwAwayDirectory(watchdog, closing)
    const { host, port } = backend.server
    const clock = await throwAway(() => faketimeClock(library, directory, { host, port }))
    closing.push(() => clock.stop())
    return {
      ...plain,
      door: clockDoor(plain.door, clock),
      variables: { main: clock.variables },
      emulated: [...plain.emulated, 'the clock of the process that meets the fault'],
    }
  }
}

const FIXED: FaultyClock = {
  wrongBy: () => Promise.resolve(),
  follow: () => Promise.resolve(),
  counts: () => ({ jumpsAhead: 0, jumpsBehind: 0, clocksFixed: 1 }),
}
