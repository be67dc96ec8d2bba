import type { LoadMoments } from '../../report/load-report.js'
import type { Window, WindowName } from '../window.js'
import type { Dimension } from './units.js'

/** What not every run can see; see `Observed`. */
export type Sight = 'hits' | 'loads' | 'processes' | 'signs' | 'recovery'

interface Told {
  summary: string
  dimension: Dimension
  /** Printed in per cent. */
  share?: true
  /** What it is computed from, and how many of those it takes: fewer say nothing, and then nothing is judged. */
  of: 'operations' | 'reads' | 'checks'
  needs: number
  sees?: Sight
}

export interface WindowMetric extends Told {
  kind: 'window'
  /** Infinity for a percentile that lies among the operations that were never answered; null: nobody saw it. */
  value(window: Window): number | null
}

export interface MomentMetric extends Told {
  kind: 'moment'
  /** Where it belongs; what it needs is counted in `before`. */
  phase: WindowName & ('during' | 'after')
  /** Infinity for what never happened. */
  value(moments: LoadMoments): number
  /** What it means that there is no such number, for those that are no times. */
  absent: string
}

export type Metric = WindowMetric | MomentMetric
