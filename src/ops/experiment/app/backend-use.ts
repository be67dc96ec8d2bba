import type { Door } from '../../faults/doors/door.js'

const LOOK_EVERY_MS = 20

export interface BackendUse {
  /** When an answer of the backend went through the door again; null while none has. */
  usedAgainMs(): number | null
  stop(): void
}

/** Watches, from the heal on, whether the subject uses its backend again. What had been held counts, as it was delivered. */
export function watchBackendUse(door: Pick<Door, 'counts'>, nowMs: () => number): BackendUse {
  const { bytesToClient, bytesToServer } = door.counts()
  let usedAgainMs: number | null = null
  const timer = setInterval(() => {
    const counts = door.counts()
    if (counts.bytesToClient <= bytesToClient || counts.bytesToServer <= bytesToServer) return
    usedAgainMs = nowMs()
    clearInterval(timer)
  }, LOOK_EVERY_MS)
  return { usedAgainMs: () => usedAgainMs, stop: () => clearInterval(timer) }
}
