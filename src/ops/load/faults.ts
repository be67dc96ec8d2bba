import type { Fault } from '../faults/fault.js'
import { faults } from '../faults/index.js'
import { none } from './none.js'

/** What `--fault` takes. */
export const loadFaults: readonly Fault[] = [none, ...faults]
