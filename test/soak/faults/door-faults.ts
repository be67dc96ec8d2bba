import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import type { Fault } from '../../../src/ops/faults/fault.js'
import { faults } from '../../../src/ops/faults/index.js'

/** Of the network in front of one process, each as in a drill. */
const NAMES = ['refused', 'stall', 'reset', 'latency', 'cut', 'flap']

export const doorFaults = faults.filter(({ name }) => NAMES.includes(name)) as Fault<TcpDoor>[]
