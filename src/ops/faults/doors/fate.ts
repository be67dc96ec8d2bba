import type { Rule } from '../resp/rule.js'
import type { Holding } from './lane.js'

/** What a door in its present state does to a connection that it lets live. */
export interface Passage {
  holding: Holding
  rule: Rule | null
}

/** Nothing of a connection's ever arrives any more; its client hears of the end so much later, or when the state ends. */
export interface Loss {
  endsAfterMs: number | null
}

/** What becomes of a connection. */
export type Fate = Passage | Loss | 'reset' | 'cut'
