import type { Fault } from './fault.js'
import { refused } from './refused.js'
import { stall } from './stall.js'

/** Every fault there is, in the order in which drills run. */
export const faults: readonly Fault[] = [refused, stall]
