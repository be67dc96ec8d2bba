import type { RestDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { refused } from './refused.js'
import { SPARED_BY_THE_SOURCE } from './spared-by-the-source.js'

export const supabaseDown: Fault<RestDoor> = {
  name: 'supabase-down',
  summary: 'Every connection to Supabase is cut and every new one is refused; Redis is well.',
  protocols: ['postgrest'],
  breaks: ['C1', 'C2', 'C3', 'C5', 'C6', 'C8', 'C11'],
  spares: {
    ...SPARED_BY_THE_SOURCE,
    C7: 'who is refused by a closed port cannot be counted',
  },
  takesSource: true,
  apply: (door) => door.refuse(),
  lift: (door) => door.open(),
  witness: refused.witness,
}
