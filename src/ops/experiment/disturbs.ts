import type { Witness } from '../report/drill-report.js'

/** What goes wrong in `during`, whatever it is made of: begun once, ended once, and witnessed. */
export interface Disturbance {
  begin(): Promise<void>
  /** Safe to call twice, and without `begin`. */
  end(): Promise<void>
  /** By what the doors had counted when it ended; by now, as long as it has not. */
  witness(): Witness
  /** Monotonic time at which a fault that was narrowed first did something; undefined: not yet. Absent: it began at once. */
  metFirstMs?(): number | undefined
}
