import type { Rule } from '../resp/rule.js'
import type { DripPace } from './door.js'
import type { Fate, Passage } from './fate.js'
import type { PortState } from './port.js'

/** What a door does, to connections from before and to those that come. */
export interface State {
  name: string
  port: PortState
  established: Fate
  arriving: Fate | Farewell
}

/** The last line that a client hears, CRLF included. */
export interface Farewell {
  says: string
}

const alike = (name: string, fate: Fate): State => ({
  name,
  port: 'open',
  established: fate,
  arriving: fate,
})

const PASSES: Passage = { holding: 'pass', rule: null }
const HELD: Passage = { holding: 'hold', rule: null }

export const OPEN = alike('open', PASSES)
export const STALLED = alike('stalled', HELD)
export const RESETTING = alike('resetting', 'reset')
export const FORGETTING: State = { ...OPEN, name: 'forgetting', established: { endsAfterMs: null } }
export const BLACK_HOLE: State = { ...STALLED, name: 'black hole', port: 'full' }
// A connection may still come out of the queue of a port that has just been closed.
export const REFUSING: State = { name: 'refusing', port: 'closed', established: 'cut', arriving: 'reset' }
export const CLOSED: State = { ...REFUSING, name: 'closed' }

export const interfering = (rule: Rule, { endsOpen = false } = {}): State => ({
  ...alike('interfering', { holding: 'pass', rule }),
  ...(endsOpen && { established: 'cut' }),
})
export const turningAway = (line: string): State => ({
  name: 'turning away',
  port: 'open',
  established: 'cut',
  arriving: { says: line },
})
export const delaying = (delayMs: () => number) => alike('slow', { holding: { delayMs }, rule: null })
export const dripping = (pace: DripPace) => alike('dripping', { holding: pace, rule: null })
export const endingLate = (endsAfterMs: number) => alike('ending late', { endsAfterMs })
