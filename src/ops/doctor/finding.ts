import type { CheckStatus, Remediation } from '../report/doctor-report.js'

/** What a check found. */
export interface Finding {
  status: Exclude<CheckStatus, 'broken'>
  /** One sentence with the numbers that decided. Holds no key, value or credential. */
  message: string
  /** What was measured, in the check's unit. */
  value?: number | null
  /** Further numbers behind it, by their names with the unit in it, such as `p50Ms`; null: could not be seen. */
  detail?: Record<string, number | null>
  /** Of a skip for want of a right: what the ACL must allow. */
  missing?: string
  remediation?: Partial<Remediation>
}
