import type { PhaseName } from '../../experiment/measurement.js'
import type { LoadMoments } from '../../report/load-report.js'
import type { Window, WindowName } from '../window.js'
import type { Sight } from './metric.js'

/** What is known of a run, as SLOs look at it. */
export interface Observed {
  /** Null for what there is only with a fault. */
  window(name: WindowName): Window | null
  /** In order of time; the last one also holds what is left of the phase. `endMs` counts from the phase's start. */
  seconds(name: PhaseName): { endMs: number; window: Window }[]
  /** Null without a fault. */
  moments: LoadMoments | null
  /** Why that could not be seen, in half a sentence; absent: it could. */
  unseen: Partial<Record<Sight, string>>
}
