import { findSubject, subjects } from '../experiment/subjects/index.js'
import type { Subject } from '../experiment/subjects/subject.js'
import type { Fault } from '../faults/fault.js'
import { faults } from '../faults/index.js'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import { findDrill, suites, type Suite } from './suites.js'

export function chooseDrills(names: readonly string[]): Fault[] {
  return [...new Set(names)].map((name) => {
    const drill = findDrill(name)
    if (drill) return drill
    throw unknown('UNKNOWN_DRILL', 'drill', name, faults)
  })
}

export function chooseSuite(name: string | undefined): Suite | undefined {
  if (name === undefined) return undefined
  const suite = Object.entries(suites).find(([known]) => known === name)
  if (suite) return suite[1]
  throw unknown(
    'UNKNOWN_SUITE',
    'suite',
    name,
    Object.keys(suites).map((known) => ({ name: known })),
  )
}

export function chooseSubject(name: string): Subject {
  const subject = findSubject(name)
  if (subject) return subject
  throw unknown('UNKNOWN_SUBJECT', 'subject', name, subjects)
}

function unknown(
  code: string,
  what: 'drill' | 'suite' | 'subject',
  name: string,
  known: readonly { name: string }[],
): UsageError {
  const names = known.map((each) => each.name)
  const meant = nearest(name, names)
  return new UsageError(
    code,
    `There is no ${what} ${JSON.stringify(name)}; there are ${names.join(', ')}.`,
    meant === undefined ? [] : [`--${what} ${meant}`],
  )
}
