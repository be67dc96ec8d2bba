import { monotonicMs } from '../../experiment/monotonic.js'

/** `performance.now` costs a tenth of reading the clock as a bigint, and runs on the same clock from another zero. */
const ZERO_MS = zeroMs()

/** As `monotonicMs`, for what is called several times for every operation. */
export function nowMs(): number {
  return ZERO_MS + performance.now()
}

/** Between two looks the process may have been paused: the closest pair counts. */
function zeroMs(): number {
  let closest = { gapMs: Infinity, zero: 0 }
  for (let look = 0; look < 20; look++) {
    const before = performance.now()
    const absolute = monotonicMs()
    const gapMs = performance.now() - before
    if (gapMs < closest.gapMs) closest = { gapMs, zero: absolute - before - gapMs / 2 }
  }
  return closest.zero
}
