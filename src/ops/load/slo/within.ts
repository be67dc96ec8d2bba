import type { PhaseName } from '../../experiment/measurement.js'
import { PHASES } from '../../experiment/traffic.js'
import type { WindowName } from '../window.js'
import { METRICS } from './metrics.js'
import { metricsIn, type Expression } from './slo.js'

const PARTS: Record<WindowName, PhaseName> = {
  before: 'before',
  during: 'during',
  onset: 'during',
  settled: 'during',
  after: 'after',
  recovery: 'after',
  recovered: 'after',
}

export function isPhase(name: WindowName): name is PhaseName {
  return (PHASES as readonly WindowName[]).includes(name)
}

/** The phase of which it is a part, or which it is. */
export function phaseOf(name: WindowName): PhaseName {
  return PARTS[name]
}

/** Why that cannot be judged second by second; null: it can. */
export function secondsMayTell(left: Expression, right: Expression): string | null {
  if (left.type !== 'metric' || METRICS[left.metric].kind === 'moment') {
    return 'the left side must be a single metric, which is judged second by second'
  }
  const { phase } = left
  if (!isPhase(phase)) return `it looks at whole phases, so here belongs ${PARTS[phase]}.${left.metric}`
  return metricsIn(right).some((each) => PARTS[each.phase] === phase)
    ? `the right side must not speak of ${phase}, which is judged second by second`
    : null
}
