import type { Disturbance } from '../disturbance.js'
import type { PhaseName } from '../measurement.js'
import { monotonicMs } from '../monotonic.js'
import type { Plan } from '../plan.js'
import { Stopped, type StopWatch } from '../stopping.js'
import { nowIn, type Marks } from './marks.js'
import type { AppPlan } from './plan.js'
import type { Prober } from './prober.js'
import { unsteady } from './steady.js'

/** How long the phases last, and who wants to know which it is. */
export interface Phasing extends Pick<Plan, 'beforeMs' | 'duringMs' | 'afterMs'> {
  onPhase?: ((phase: PhaseName | 'warm-up') => void) | undefined
}

export interface Course {
  marks: Marks
  plan: AppPlan
  prober: Prober
  watch: StopWatch
  disturbance: Disturbance
  /** Throws `Stopped` when the app has not used what is to be taken away from it. */
  requireUse(): void | Promise<void>
  /** Just before the fault begins. */
  onFault?(): void
  /** The fault is lifted. */
  onHeal(): void | Promise<void>
}

/**
 * Asks the app what is planned, and has the fault begin and end in its time: before → during → after. What has happened by
 * then is in `marks`.
 *
 * Rejects with `Stopped`, the fault maybe still on, when the steady state does not hold or there is nothing to wait for.
 */
export async function playPhases(course: Course, phases: Phasing): Promise<void> {
  const { marks, plan, prober, watch, disturbance } = course
  phases.onPhase?.('before')
  prober.play(plan.traffic())
  prober.play(plan.checks())
  await watch.until(marks.originMs + phases.beforeMs)
  const wrong = unsteady(prober.operations, nowIn(marks))
  if (wrong !== null) throw new Stopped('unprepared', wrong)
  await course.requireUse()

  phases.onPhase?.('during')
  course.onFault?.()
  marks.faultAtMs = monotonicMs()
  await disturbance.begin()
  prober.play(plan.revocations(marks.faultAtMs - marks.originMs))
  await watch.until(marks.faultAtMs + phases.duringMs)

  phases.onPhase?.('after')
  await disturbance.end()
  marks.healAtMs = monotonicMs()
  await course.onHeal()
  prober.play(plan.looks(marks.healAtMs - marks.originMs))
  await watch.until(marks.healAtMs + phases.afterMs)
}
