import { randomBytes } from 'node:crypto'
import type { KeyGroup } from '../measurement.js'
import type { Plan } from '../plan.js'
import type { Probe, ProbeSet } from '../../config/probes/probe.js'

/** A request and the moment at which it is sent, whether or not earlier ones have been answered. */
export type PlannedRequest = { dueMs: number } & Asked

export type Asked =
  | { what: 'probe'; probe: Probe }
  | { what: 'read' | 'stranger' | 'write' | 'revoke'; key: string; group: KeyGroup }
  | { what: 'limit' }

/** What an app is asked, as pure functions of time: endless, each ordered by `dueMs`. */
export interface AppPlan {
  /** What all keys begin with; null: there are none. */
  keyPrefix: string | null
  workload: readonly string[]
  revoked: readonly string[]
  traffic(): Iterable<PlannedRequest>
  checks(): Iterable<PlannedRequest>
  revocations(atMs: number): Iterable<PlannedRequest>
  looks(atMs: number): Iterable<PlannedRequest>
}

/** C9 needs 20; a few more, so that a lost read does not undo the drill. */
const REVOKED = 24
const WORKLOAD = 24
/** Of ten requests about keys one is a write. */
const WRITE_EVERY = 10
/** Of five one is a stranger's, and each key's turn comes. */
const STRANGER_EVERY = 5
/** Twice what the limiter allows, so that there is always something to deny, but no flood. */
const CHECKS_FACTOR = 2
const MAX_CHECKS_PER_SECOND = 100

type Declared = Pick<ProbeSet, 'probes' | 'read' | 'stranger' | 'write' | 'revoke' | 'limit'>

/** The keys are of this drill alone: an app may keep what an earlier one has left. */
export function appPlan(declared: Declared, plan: Pick<Plan, 'ratePerSecond' | 'duringMs'>): AppPlan {
  const { probes, read, stranger, write, revoke, limit } = declared
  const prefix = `cache-drill-${randomBytes(4).toString('hex')}`
  const keys = (letter: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}-${letter}${index}`)
  const workload = read ? keys('w', WORKLOAD) : []
  const revoked = read && revoke ? keys('r', REVOKED) : []
  const gapMs = 1000 / plan.ratePerSecond

  function* traffic(): Generator<PlannedRequest, void, void> {
    // The keys' turn comes once a round, as that of each probe does.
    const turns = probes.length + (read ? 1 : 0)
    let asked = 0
    for (let count = 0; turns > 0; count++) {
      const dueMs = count * gapMs
      const probe = probes[count % turns]
      if (probe) {
        yield { dueMs, what: 'probe', probe }
        continue
      }
      asked += 1
      const key = workload[asked % workload.length] ?? ''
      const isWrite = write && asked % WRITE_EVERY === 0
      const isStranger = stranger && asked % STRANGER_EVERY === 1
      yield { dueMs, what: isWrite ? 'write' : isStranger ? 'stranger' : 'read', key, group: 'workload' }
    }
  }

  function* checks(): Generator<PlannedRequest, void, void> {
    if (!limit) return
    const perSecond = Math.min(MAX_CHECKS_PER_SECOND, (CHECKS_FACTOR * limit.limit * 1000) / limit.windowMs)
    for (let count = 0; ; count++) yield { dueMs: (count * 1000) / perSecond, what: 'limit' }
  }

  function* revocations(atMs: number): Generator<PlannedRequest, void, void> {
    // The last one leaves a tenth of the fault for its own answer.
    const stepMs = (plan.duringMs * 0.9) / revoked.length
    for (const [index, key] of revoked.entries())
      yield { dueMs: atMs + index * stepMs, what: 'revoke', key, group: 'revoked' }
  }

  function* looks(atMs: number): Generator<PlannedRequest, void, void> {
    for (let count = 0; revoked.length > 0; count++) {
      const key = revoked[count % revoked.length] ?? ''
      yield { dueMs: atMs + count * gapMs, what: 'read', key, group: 'revoked' }
    }
  }

  return { keyPrefix: read ? prefix : null, workload, revoked, traffic, checks, revocations, looks }
}
