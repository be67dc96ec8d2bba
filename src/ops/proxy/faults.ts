import type { Protocol } from '../faults/doors/door.js'
import type { Fault } from '../faults/fault.js'
import { faults } from '../faults/index.js'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import type { Proxied } from '../report/proxy-report.js'

export const PROTOCOL_OF: Readonly<Record<Proxied, Protocol>> = {
  redis: 'resp',
  upstash: 'rest',
  supabase: 'postgrest',
}

/** What can be done at a door alone, and leaves the server behind it as it is: that is not ours. */
export function faultsAt(protocol: Protocol): Fault[] {
  return faults.filter(
    ({ protocols, needs, altersData }) => needs === undefined && !altersData && protocols.includes(protocol),
  )
}

/**
 * @param wayTo how a name is given there
 * @throws UsageError for a name that is not among those of such a door
 */
export function faultNamed(name: string, protocol: Protocol, wayTo: (name: string) => string): Fault {
  const known = faultsAt(protocol)
  const fault = known.find((each) => each.name === name)
  if (fault) return fault
  const names = known.map((each) => each.name)
  const meant = nearest(name.slice(0, 100), names)
  throw new UsageError(
    'UNKNOWN_FAULT',
    `This door has no fault ${JSON.stringify(name.slice(0, 100))}; it has ${names.join(', ')}.`,
    meant === undefined ? [] : [wayTo(meant)],
  )
}
