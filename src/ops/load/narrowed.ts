import { narrowingFor, type NarrowingContext } from '../experiment/narrow.js'
import { faults } from '../faults/index.js'
import type { Fault } from '../faults/fault.js'
import type { Narrowing } from '../faults/narrowing.js'
import type { LoadOptions } from './options.js'

/** As flags of the command line; what a drill is there, is a fault here. */
const spell: NarrowingContext['spell'] = (setting, value) => {
  const flag = `--${setting === 'drill' ? 'fault' : setting}`
  return value === undefined ? flag : `${flag} ${value}`
}

/** Undefined when the fault touches all that it would. Errors: those of `narrowingFor`. */
export async function narrowed(
  fault: Fault,
  { narrowing = {}, familyOf, seed }: Pick<LoadOptions, 'narrowing' | 'familyOf' | 'seed'>,
): Promise<Narrowing | undefined> {
  const found = await narrowingFor(narrowing, { seed, familyOf, drills: [fault], known: faults, spell })
  return found ?? undefined
}
