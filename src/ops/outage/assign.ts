import { fits } from '../experiment/fit.js'
import { moduleSubject } from '../experiment/subjects/module/module-subject.js'
import type { Subject } from '../experiment/subjects/subject.js'
import type { Compound } from '../faults/compound.js'
import type { Fault } from '../faults/fault.js'
import { canHappenToApp, subjectOfApp } from '../experiment/app/as-subject.js'
import { chooseDrills, chooseSubject, chooseSuite } from './choose.js'
import { compoundFrom } from './scenario.js'
import type { OutageOptions } from './options.js'
import { suites, usualSuite, type Suite } from './suites.js'

/** One drill to come. */
export interface Assignment {
  fault: Fault | Compound
  subject: Subject
}

/**
 * Who is drilled with what: a suite has subjects of its own; one that is named gets what of it fits.
 *
 * @param narrowings of the faults of a scenario, in their order
 */
export function assign(
  options: Pick<OutageOptions, 'drills' | 'suite' | 'subject' | 'module' | 'scenario' | 'app'>,
  narrowings?: Parameters<typeof compoundFrom>[1],
): {
  suite: Suite
  assignments: Assignment[]
} {
  const named = chooseSuite(options.suite)
  const subject = subjectIn(options)
  const suite = named ?? (subject ? usualSuite(subject) : suites.smoke)
  if (options.scenario) {
    const fault = compoundFrom(options.scenario, narrowings)
    return { suite, assignments: [{ fault, subject: subject ?? chooseSubject('library') }] }
  }
  const parts = options.drills ? [{ ...suite.parts[0], drills: options.drills }] : suite.parts
  return {
    suite,
    assignments: parts.flatMap(({ drills, subject: usual = 'library' }) =>
      chooseDrills(drills)
        .filter((fault) => !named || !subject || canHappen(fault, subject, options))
        .map((fault) => ({ fault, subject: subject ?? chooseSubject(usual) })),
    ),
  }
}

function subjectIn({
  app,
  module,
  subject,
}: Pick<OutageOptions, 'subject' | 'module' | 'app'>): Subject | undefined {
  if (app) return subjectOfApp(app)
  if (module) return moduleSubject(module)
  return subject === undefined ? undefined : chooseSubject(subject)
}

function canHappen(fault: Fault, subject: Subject, { app }: Pick<OutageOptions, 'app'>): boolean {
  return fits(fault, subject) && (app === undefined || canHappenToApp(fault, app))
}
