import type { Need } from '../../faults/fault.js'
import type { OpenFront } from './front.js'
import { clockFront } from './clock.js'
import { namedFront } from './named.js'
import { pauseFront } from './pause.js'
import { plainFront } from './plain.js'
import { tlsFront } from './tls.js'
import { servedFront, standbyFront } from './served.js'
import { unsetFront } from './unset.js'

/** By what a fault needs; for a need that is not here a door is enough. */
const fronts: Readonly<Partial<Record<Need, OpenFront>>> = {
  name: namedFront,
  tls: tlsFront,
  unset: unsetFront,
  server: servedFront,
  standby: standbyFront,
  clock: clockFront,
  pause: pauseFront,
}

export function frontFor(need: Need | undefined): OpenFront {
  return (need && fronts[need]) ?? plainFront
}
