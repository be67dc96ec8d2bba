import type { Report } from './report.js'

/**
 * `ok`, `warn`, `FAIL`: judged. `skip`: there is nothing to judge, or the server does not let us. `unknown`: what it takes
 * to judge was not there, such as a write that was not asked for, a number that nobody declared, or a quiet machine.
 * `broken`: the check itself did not come to an end; never a pass.
 */
export const CHECK_STATUSES = ['ok', 'warn', 'FAIL', 'skip', 'unknown', 'broken'] as const
export type CheckStatus = (typeof CHECK_STATUSES)[number]

/** What `--fail-on` takes. */
export const FAIL_ON = ['fail', 'warn', 'never'] as const
export type FailOn = (typeof FAIL_ON)[number]

export interface Threshold {
  /** From here on it is a warning, in the check's unit; null when numbers do not decide. */
  warn: number | null
  fail: number | null
  /** Who backs the numbers, or what is a failure where there are none. */
  source: string
}

export interface Remediation {
  /** What to do, in one sentence; empty when there is nothing to do. */
  text: string
  /** To copy and paste, one each. */
  commands: string[]
}

export interface CheckReport {
  /** Stable, such as `CON-001`; also what `cache explain` takes. */
  id: string
  group: string
  title: string
  status: CheckStatus
  /** What was found, in one sentence. */
  message: string
  /** What was measured; null when nothing was, or when it is infinite. */
  value: number | null
  unit: string | null
  /** Further numbers that were measured, by their names with the unit in it, such as `p50Ms`; null: there are none, or could not be seen. */
  detail: Record<string, number | null> | null
  threshold: Threshold
  remediation: Remediation
  /** What the user that doctor ran as may not do and this check needs, as an ACL string; null when nothing was refused. */
  missing: string | null
  /** The page that explains the check. */
  docs: string
  durationMs: number
}

/** What the user that doctor ran as lacks, told once for all checks. */
export interface MissingPrivileges {
  /** As the URL names it; null when it does not, or not clearly. */
  user: string | null
  /** The checks that were skipped for it. */
  checks: string[]
  /** For an operator to run on the server: allows them to look, and nothing else. */
  command: string
}

/** What losing Redis does right now, for whoever was woken by it. */
export interface Impact {
  /** `half`: it answers, but refuses what the application needs. */
  redis: 'up' | 'half' | 'away' | 'not configured' | 'not looked at'
  /** Which kind of away, such as `refused` or `stalled`; null when it is not. */
  kind: string | null
  headline: string
  /** What users, the limiters and the source of truth feel, one sentence each. */
  effects: string[]
}

/**
 * `worse`: a finding that was not there, or a graver one. `other`: as grave, and says something else. `lost`: judged then,
 * not judged now. `better`: less grave, or judged now and ok.
 */
export const CHANGE_KINDS = ['worse', 'other', 'lost', 'better'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/** How one check differs from the report that this run is compared with. */
export interface Change {
  id: string
  kind: ChangeKind
  /** Null: that report does not have the check. */
  was: { status: CheckStatus; message: string } | null
  /** Whether it makes the exit code 1. */
  counts: boolean
}

export interface BaselineReport {
  /** Where it was read, as given. */
  file: string
  changes: Change[]
  /** Its checks that this run did not look at; nothing is known about them. */
  leftOut: string[]
}

export interface DoctorReport extends Report {
  command: 'doctor'
  target: {
    /** `host:port`, or the host of the REST endpoint; null when none is configured. */
    redis: string | null
    /** The variable that named it. */
    decidedBy: string
    /** Host; null when SUPABASE_URL is missing or no URL. */
    supabase: string | null
  }
  impact: Impact
  checks: CheckReport[]
  /** Null when nobody was refused a look. */
  privileges: MissingPrivileges | null
  summary: Record<CheckStatus, number>
  failOn: FailOn
  /** Present when the run was compared: the verdict is then about what changed. */
  baseline?: BaselineReport
  /** Whether SET, EVAL and the limiter were tried on scratch keys. */
  probedWrites: boolean
  durationMs: number
}

/** A check that would run. */
export interface ListedCheck extends Pick<
  CheckReport,
  'id' | 'group' | 'title' | 'threshold' | 'unit' | 'docs'
> {
  /** Only with `--probe-writes`, since it writes scratch keys. */
  writes: boolean
}

/** What `cache doctor --list` says. */
export interface CheckListReport extends Report {
  command: 'doctor'
  checks: ListedCheck[]
}
