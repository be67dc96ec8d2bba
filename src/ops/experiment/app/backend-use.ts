import type { Door } from '../../faults/doors/door.js'

const LOOK_EVERY_MS = 20
/** What a fault had held back is delivered within this. */
const HELD_MS = 100

export interface BackendUse {
  /** When the backend was used again through the door; null while it has not been. */
  usedAgainMs(): number | null
  stop(): void
}

/**
 * Watches, from the heal on, whether the subject uses its backend again: whether it asks for data, and something is answered.
 * A client that has connected has not been used yet, nor does it show that what the fault had held back is delivered.
 */
export function watchBackendUse(door: Pick<Door, 'counts'>, nowMs: () => number): BackendUse {
  const healedMs = nowMs()
  let first = door.counts()
  let usedAgainMs: number | null = null
  let isHeld = true
  const timer = setInterval(() => {
    const counts = door.counts()
    if (isHeld && understoodUse(first)) {
      first = counts
      isHeld = nowMs() - healedMs < HELD_MS
      return
    }
    if (!isUsed(first, counts)) return
    usedAgainMs = nowMs()
    clearInterval(timer)
  }, LOOK_EVERY_MS)
  return { usedAgainMs: () => usedAgainMs, stop: () => clearInterval(timer) }
}

/** Counts of a door, by name; of one in another process some may be missing. */
type Counts = Partial<Record<'bytesToClient' | 'bytesToServer' | 'commandsAboutData', number>>

/** Whether something was asked for and something answered between the two. Bytes decide where commands are not understood. */
export function isUsed(first: Counts, now: Counts): boolean {
  const grew = (name: keyof Counts) => (now[name] ?? 0) > (first[name] ?? 0)
  const isAsked = understoodUse(first) ? grew('commandsAboutData') : grew('bytesToServer')
  return isAsked && grew('bytesToClient')
}

function understoodUse({ commandsAboutData = 0 }: Counts): boolean {
  return commandsAboutData > 0
}
