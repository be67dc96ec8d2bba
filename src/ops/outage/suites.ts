import { faults } from '../faults/index.js'
import type { Fault } from '../faults/fault.js'

/** Named sets of drills. A drill is called like its fault. */
export const suites: Readonly<Record<'smoke', readonly string[]>> = {
  /** Every drill there is. */
  smoke: faults.map(({ name }) => name),
}

export function findDrill(name: string): Fault | undefined {
  return faults.find((fault) => fault.name === name)
}
