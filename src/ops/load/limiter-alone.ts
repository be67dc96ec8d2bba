import type { Window } from './window.js'

type Counts = Pick<Window, 'checks' | 'reads' | 'ok' | 'denied'>

/** Whether nothing but limiters was asked: there is no source then that could be spared. */
export function isLimiterAlone(phases: readonly Counts[]): boolean {
  return (
    phases.some(({ checks }) => checks > 0) &&
    phases.every(({ checks, reads, ok, denied }) => reads === 0 && ok + denied === checks)
  )
}
