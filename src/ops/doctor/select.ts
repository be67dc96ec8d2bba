import type { Threshold } from '../report/doctor-report.js'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import { CHECK_GROUPS, type Check, type CheckGroup } from './check.js'
import { checks } from './checks/index.js'

export interface Selection {
  /** Ids of the checks to run. @default all, unless there are groups */
  only?: readonly string[] | undefined
  /** Groups whose checks to run, beside those of `only`. */
  groups?: readonly string[] | undefined
  /** Ids of checks to leave out. */
  skip?: readonly string[] | undefined
}

/** @throws UsageError for an id or a group that does not exist, and when nothing is left */
export function selectChecks({ only = [], groups = [], skip = [] }: Selection): Check[] {
  const ids = new Set(only.map((id) => checkNamed(id, '--only').id))
  const inGroups = new Set(groups.map(groupNamed))
  const unwanted = new Set(skip.map((id) => checkNamed(id, '--skip').id))
  const isWanted = ({ id, group }: Check) =>
    (ids.size === 0 && inGroups.size === 0) || ids.has(id) || inGroups.has(group)
  const selected = checks.filter((check) => isWanted(check) && !unwanted.has(check.id))
  if (selected.length > 0) return selected
  throw new UsageError('NO_CHECKS', '--skip leaves no check to run.', ['leave out one --skip'])
}

function checkNamed(id: string, flag: string): Check {
  const wanted = id.toUpperCase()
  const found = checks.find((check) => check.id === wanted)
  if (found) return found
  const meant = nearest(wanted, checks.map((check) => check.id)) // prettier-ignore
  const where = flag.startsWith('--') ? 'There' : `${flag} there`
  throw new UsageError('UNKNOWN_CHECK', `${where} is no check ${quoted(id)}.`, [
    meant === undefined ? 'cache doctor --list' : `${flag} ${meant}`,
  ])
}

function groupNamed(name: string): CheckGroup {
  const found = CHECK_GROUPS.find((group) => group === name.toLowerCase())
  if (found) return found
  const meant = nearest(name, CHECK_GROUPS)
  throw new UsageError('UNKNOWN_GROUP', `There is no group ${quoted(name)}.`, [
    meant === undefined ? `groups are ${CHECK_GROUPS.join(', ')}` : `--group ${meant}`,
  ])
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100))
}

export type ThresholdOverrides = Readonly<
  Record<string, { warn?: number | undefined; fail?: number | undefined }>
>

/**
 * The numbers of a check, as the project overrides them.
 *
 * @throws UsageError for an id that does not exist, for what is never measured, and for a warning beyond the failure
 */
export function thresholdsOf(overrides: ThresholdOverrides): (check: Check) => Threshold {
  const declared = new Map(
    Object.entries(overrides).map(([id, numbers]) => {
      const check = checkNamed(id, 'doctor.thresholds:')
      requireUsable(check, numbers)
      return [check.id, numbers]
    }),
  )
  return ({ id, threshold }) => {
    const override = declared.get(id)
    if (!override) return threshold
    return {
      warn: override.warn ?? threshold.warn,
      fail: override.fail ?? threshold.fail,
      source: `the project file; otherwise ${threshold.source}`,
    }
  }
}

function requireUsable({ id, unit, worse }: Check, { warn, fail }: ThresholdOverrides[string]): void {
  const negative = [warn, fail].find((number) => number !== undefined && number < 0)
  // Days go on below 0, from when something has ended.
  if (negative !== undefined && !unit?.startsWith('days')) {
    const message = `doctor.thresholds: ${id} is never measured as ${negative}${unit === undefined ? '' : ` (${unit})`}.`
    throw new UsageError('CONFIG_INVALID', message, ['give a number from 0 on, or leave it out'])
  }
  if (warn === undefined || fail === undefined) return
  if (worse === 'below' ? fail <= warn : warn <= fail) return
  throw new UsageError(
    'CONFIG_INVALID',
    `doctor.thresholds: ${id} would fail from ${fail} on and warn only from ${warn} on.`,
    [`exchange the two: warn is the ${worse === 'below' ? 'higher' : 'lower'} one`],
  )
}
