import { appName } from '../experiment/app/app.js'
import { checkFit } from '../experiment/fit.js'
import type { Drilled } from '../experiment/stop-conditions/stopped-report.js'
import { subjects } from '../experiment/subjects/index.js'
import { moduleSubject } from '../experiment/subjects/module/module-subject.js'
import type { Fault } from '../faults/fault.js'
import type { Narrowing } from '../faults/narrowing.js'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import { checkAppTarget, openAppTarget } from './app-target.js'
import { loadFaults } from './faults.js'
import type { LoadOptions } from './options.js'
import { checkRunningTarget, openRunningTarget } from './running-target.js'
import { openSubjectTarget } from './subject-target.js'
import type { LoadTarget } from './target.js'

/** What is asked for, checked, and nothing of it started. */
export interface Planned {
  /** Of the target, for the report. */
  name: string
  fault: Fault
  what: Drilled
  /** A fresh one each time, the fault narrowed to this. Errors: those of the targets. */
  open(narrowing?: Narrowing): Promise<LoadTarget>
}

/** Throws UsageError for names that nobody knows, and for a fault that could never reach the target. */
export function planTarget(
  options: Pick<LoadOptions, 'fault' | 'subject' | 'module' | 'app' | 'running' | 'narrowing' | 'signal'>,
): Planned {
  const fault = find('fault', options.fault, loadFaults)
  const { app, running, signal } = options
  if (app) {
    checkAppTarget(app, fault)
    const open = (narrowing?: Narrowing) => openAppTarget({ app, fault, narrowing, signal })
    return { name: appName(app), fault, what: 'app', open }
  }
  if (running) {
    checkRunningTarget(running, fault, options.narrowing)
    const open = () => openRunningTarget({ running, fault, signal })
    return { name: running.url.host, fault, what: 'running app', open }
  }
  const subject = options.module ? moduleSubject(options.module) : find('subject', options.subject, subjects)
  checkFit(fault, subject, 'fault', { faults: loadFaults, subjects })
  return {
    name: subject.name,
    fault,
    what: 'subject',
    open: (narrowing) => openSubjectTarget({ subject, fault, narrowing, signal }),
  }
}

function find<T extends { name: string }>(what: 'fault' | 'subject', name: string, known: readonly T[]): T {
  const found = known.find((each) => each.name === name)
  if (found) return found
  const names = known.map((each) => each.name)
  const meant = nearest(name, names)
  throw new UsageError(
    `UNKNOWN_${what.toUpperCase()}`,
    `There is no ${what} ${JSON.stringify(name)}; there are ${names.join(', ')}.`,
    meant === undefined ? [] : [`--${what} ${meant}`],
  )
}
