import type { Protocol } from '../faults/doors/door.js'
import type { Compound } from '../faults/compound.js'
import type { Fault } from '../faults/fault.js'
import { UsageError } from '../report/errors.js'
import type { Subject } from './subjects/subject.js'

const SPOKEN: Readonly<Record<Protocol, string>> = {
  resp: 'the protocol of Redis',
  rest: 'the REST API of Upstash',
  postgrest: 'the REST API of Supabase',
}

type Spoken = Pick<Subject, 'protocol' | 'source'>

/** What can be taken away from a subject: its backend, and its source of truth where that is not the drill's. */
function spokenBy({ protocol, source }: Spoken): Protocol[] {
  return source === undefined ? [protocol] : [protocol, 'postgrest']
}

export function fits(fault: Pick<Fault, 'protocols'> | Compound, subject: Spoken): boolean {
  if ('steps' in fault) return fault.steps.every((step) => fits(step.fault, subject))
  return spokenBy(subject).some((protocol) => fault.protocols.includes(protocol))
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
  const inWords = (protocols: readonly Protocol[], or: string) =>
    protocols.map((protocol) => SPOKEN[protocol]).join(` ${or} `)
  const fitting = known.faults.filter((each) => fits(each, subject)).map(({ name }) => name)
  const other = known.subjects.find((each) => fits(fault, each))
  throw new UsageError(
    'DOES_NOT_FIT',
    `The ${flag} ${fault.name} happens in ${inWords(fault.protocols, 'or')}, but ${subject.name} speaks ${inWords(spokenBy(subject), 'and')}; what fits it is ${fitting.join(', ')}.`,
    [...(other ? [`--subject ${other.name}`] : []), ...(fitting[0] ? [`--${flag} ${fitting[0]}`] : [])],
  )
}
