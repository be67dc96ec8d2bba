import { keysOf } from './keys.js'
import type { KeyGroup, ProcessName } from './measurement.js'
import { joins, races, together } from './races.js'
import { seededRandom } from './random.js'
import { workload, type PlannedOperation, type WorkloadOptions } from './workload.js'

export interface Plan extends WorkloadOptions {
  beforeMs: number
  duringMs: number
  afterMs: number
  /** How often each process reads the keys of the two stories after the heal. @default every 50 and every 250 ms */
  lookEveryMs?: Readonly<Record<ProcessName, number>> | undefined
  /** Whether the third story is acted as well: the source must be the drill's own. @default false */
  races?: boolean | undefined
  /** And a fourth one, for which the subject must read through. @default false */
  joins?: boolean | undefined
  /** The writes that begin with the fault do so within this. @default 20 ms */
  burstMs?: number | undefined
}

/** The instants at which a process begins something new. */
export type Moment = 'begin' | 'fault' | 'heal'

/** Of the revoked keys this many go at once, while nothing can have noticed the fault yet. */
const REVOKED_AT_ONCE = 8
const LOOK_EVERY_MS: Readonly<Record<ProcessName, number>> = { second: 50, main: 250 }

/**
 * What `process` does from `moment` on, which came at `atMs`: a pure function, ordered by `dueMs`, possibly endless.
 *
 * The two processes act the two stories that lose data in an outage. *Revoked*: `main` invalidates while its path is
 * broken; `second`, whose path is not, must not answer the old value after the heal. *Contested*: `main` writes as the
 * fault begins, so that the write is on its way; `second` overwrites; the first write must not land after the heal. A third one,
 * *raced*, needs no outage, and is acted when Redis is back; so is a fourth, *joined*, by `main` alone.
 */
export function plannedFor(
  process: ProcessName,
  moment: Moment,
  atMs: number,
  plan: Plan,
): Iterable<PlannedOperation> {
  if (moment === 'begin') return process === 'main' ? workload(plan) : []
  if (moment === 'heal') {
    const all = looks(atMs, (plan.lookEveryMs ?? LOOK_EVERY_MS)[process])
    if (!plan.races) return all
    const raced = races(process, atMs, plan.afterMs)
    const isJoined = plan.joins === true && process === 'main'
    return together(isJoined ? [...raced, ...joins(atMs, plan.afterMs)].sort(byDue) : raced, all)
  }
  return process === 'main' ? brokenWrites(atMs, plan) : overwrites(atMs, plan)
}

function brokenWrites(atMs: number, plan: Plan): PlannedOperation[] {
  const { burstMs = 20 } = plan
  const random = seededRandom(plan.seed + 1)
  const puts = keysOf('contested').map((key): PlannedOperation => ({
    dueMs: atMs + random() * burstMs,
    kind: 'put',
    key,
    group: 'contested',
  }))
  const revoked = keysOf('revoked')
  const rest = revoked.length - REVOKED_AT_ONCE
  const revocations = revoked.map((key, index): PlannedOperation => {
    // The last one leaves a tenth of the fault for its own answer.
    const share = index < REVOKED_AT_ONCE ? 0 : ((index - REVOKED_AT_ONCE + 1) / rest) * 0.9
    return {
      dueMs: atMs + share * plan.duringMs + random() * burstMs,
      kind: 'invalidate',
      key,
      group: 'revoked',
    }
  })
  return [...puts, ...revocations].sort(byDue)
}

/** 300 to 1000 ms into the fault, sooner in a short one: `main` has long written, the heal is still ahead. */
function overwrites(atMs: number, plan: Plan): PlannedOperation[] {
  const keys = keysOf('contested')
  const firstMs = Math.min(300, plan.duringMs * 0.3)
  const lastMs = Math.min(1000, plan.duringMs * 0.6)
  return keys.map((key, index) => ({
    dueMs: atMs + firstMs + ((lastMs - firstMs) * index) / keys.length,
    kind: 'invalidate',
    key,
    group: 'contested',
  }))
}

/** Reads every revoked and contested key over and over, each at its own offset. */
function* looks(fromMs: number, everyMs: number): Generator<PlannedOperation, never, void> {
  const groups = (['revoked', 'contested'] as const).flatMap((group) =>
    keysOf(group).map((key) => ({ key, group })),
  )
  const gapMs = everyMs / groups.length
  for (let count = 0; ; count++) {
    const look = groups[count % groups.length]
    if (look) yield { dueMs: fromMs + count * gapMs, kind: 'read', ...look }
  }
}

/** The groups whose keys a process reads before the drill, so that they are there. */
export const WARM_GROUPS: Readonly<Record<ProcessName, readonly KeyGroup[]>> = {
  main: ['workload', 'revoked', 'contested'],
  second: ['revoked', 'contested'],
}

function byDue(left: PlannedOperation, right: PlannedOperation): number {
  return left.dueMs - right.dueMs
}
