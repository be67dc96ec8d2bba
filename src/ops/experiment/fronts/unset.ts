import type { OpenFront } from './front.js'
import { plainFront } from './plain.js'

const NO_BACKEND = { redisUrl: null, upstash: null }

/** Nobody is told of the door, so that whoever comes through it has not been told either. */
export const unsetFront: OpenFront = async (...behind) => ({
  ...(await plainFront(...behind)),
  environments: { main: NO_BACKEND, second: NO_BACKEND },
})
