import type { Scenario } from '../config/scenario-schema.js'
import { compoundOf, type Compound, type Step } from '../faults/compound.js'
import type { Fault } from '../faults/fault.js'
import { faults } from '../faults/index.js'
import type { Narrowing } from '../faults/narrowing.js'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import { narrowingFor, type NarrowingContext } from '../experiment/narrow.js'
import { findDrill } from './suites.js'

/**
 * What a scenario does, made of the faults that it names.
 *
 * @throws UsageError for a name that does not exist, for two faults at one door at once, of which a door can only show one, and
 * for faults whose needs exclude each other
 * @param narrowings of each of its faults, in their order; absent: none is narrowed
 */
export function compoundFrom(
  { name, summary, faults: listed }: Scenario,
  narrowings: readonly (Narrowing | null)[] = [],
): Compound {
  const firstMs = Math.min(...listed.map(({ at }) => at))
  if (firstMs > 0)
    throw wrong(
      name,
      `none of its faults begins at 0s, which is when \`before\` ends`,
      'begin the first one at 0s',
    )
  const steps = listed.map(({ fault, at, for: forMs }, index): Step => {
    const narrowing = narrowings[index]
    return { fault: faultNamed(fault, name), atMs: at, forMs, ...(narrowing && { narrowing }) }
  })
  const needs = [...new Set(steps.flatMap(({ fault }) => fault.needs ?? []))]
  if (needs.length > 1) {
    const needy = steps.filter(({ fault }) => fault.needs !== undefined).map(({ fault }) => fault.name)
    throw wrong(
      name,
      `${needy.join(' and ')} need different services`,
      'put them into scenarios of their own',
    )
  }
  steps.forEach((step, index) => {
    const other = steps.find((each, at) => at < index && sameDoor(each, step) && overlap(each, step))
    if (other) {
      throw wrong(
        name,
        `${other.fault.name} and ${step.fault.name} happen at the same door at once, of which it could show only one`,
        'let one begin when the other ends',
      )
    }
  })
  return compoundOf(name, summary, steps)
}

/**
 * What each of its faults is narrowed to, in their order; null: nothing.
 *
 * @throws UsageError as for flags, for a command, family or fault that does not go with it
 */
export function narrowingsIn(
  { faults: listed }: Scenario,
  context: Pick<NarrowingContext, 'seed' | 'familyOf'>,
): Promise<(Narrowing | null)[]> {
  const spell: NarrowingContext['spell'] = (setting, value) => {
    const name = setting === 'drill' ? 'fault' : setting
    if (value === undefined) return name
    return `${name}: ${setting === 'only' ? `[${value.replaceAll(',', ', ')}]` : value}`
  }
  return Promise.all(
    listed.map(({ fault, only, family, probability }) => {
      const found = findDrill(fault)
      const drills = found ? [found] : []
      return narrowingFor({ only, family, probability }, { ...context, drills, known: faults, spell })
    }),
  )
}

function faultNamed(fault: string, scenario: string): Fault {
  const found = findDrill(fault)
  if (found) return found
  const names = faults.map((each) => each.name)
  const meant = nearest(fault, names)
  throw wrong(
    scenario,
    `there is no fault ${JSON.stringify(fault)}`,
    meant ? `did you mean ${meant}?` : `there are ${names.join(', ')}`,
  )
}

/** How long it takes, from the first fault to the end of the last. */
export function lengthOf({ steps }: Pick<Compound, 'steps'>): number {
  return Math.max(...steps.map(({ atMs, forMs }) => atMs + forMs))
}

/** The source of truth has a door of its own. */
function sameDoor(left: Step, right: Step): boolean {
  return (left.fault.takesSource ?? false) === (right.fault.takesSource ?? false)
}

function overlap(left: Step, right: Step): boolean {
  return left.atMs < right.atMs + right.forMs && right.atMs < left.atMs + left.forMs
}

function wrong(name: string, what: string, wayOut: string): UsageError {
  return new UsageError('SCENARIO_INVALID', `The scenario ${name} cannot be played: ${what}.`, [wayOut])
}
