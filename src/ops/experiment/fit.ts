import type { Protocol } from '../faults/doors/door.js'
import type { Fault } from '../faults/fault.js'
import { UsageError } from '../report/errors.js'
import type { Subject } from './subjects/subject.js'

const SPOKEN: Readonly<Record<Protocol, string>> = {
  resp: 'the protocol of Redis',
  rest: 'the REST API of Upstash',
}

export function fits({ protocols }: Pick<Fault, 'protocols'>, { protocol }: Pick<Subject, 'protocol'>) {
  return protocols.includes(protocol)
}

/**
 * Throws UsageError `DOES_NOT_FIT` when nothing of the fault could ever reach the subject.
 *
 * @param flag that named the fault · @param known what can be named there, and drilled
 */
export function checkFit(
  fault: Fault,
  subject: Subject,
  flag: 'drill' | 'fault',
  known: { faults: readonly Fault[]; subjects: readonly Subject[] },
): void {
  if (fits(fault, subject)) return
  const spoken = fault.protocols.map((protocol) => SPOKEN[protocol]).join(' or ')
  const fitting = known.faults.filter((each) => fits(each, subject)).map(({ name }) => name)
  const other = known.subjects.find((each) => fits(fault, each))
  throw new UsageError(
    'DOES_NOT_FIT',
    `The ${flag} ${fault.name} happens in ${spoken}, but ${subject.name} speaks ${SPOKEN[subject.protocol]}; what fits it is ${fitting.join(', ')}.`,
    [...(other ? [`--subject ${other.name}`] : []), ...(fitting[0] ? [`--${flag} ${fitting[0]}`] : [])],
  )
}
