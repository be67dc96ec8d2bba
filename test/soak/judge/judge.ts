import { BUDGETS } from '../../../src/ops/outage/budgets.js'
import type { Health } from '../health.js'
import type { History } from '../history.js'
import { kindOf } from '../keys.js'
import { LIMITERS } from '../limiters.js'
import type { FromProcess, SoakRecord } from '../messages.js'
import { LONGEST_LOAD_MS, type Source } from '../source.js'
import { isNothing } from '../value.js'
import type { Floors } from './floors.js'
import type { Limits } from './limits.js'
import type { Violation } from './violation.js'

interface JudgeParts {
  source: Source
  floors: Floors
  limits: Limits
  health: Health
  history: History
  onViolation(violation: Violation): void
}

/** Longest that one operation may keep its caller waiting, a load of its own left out. */
const LONGEST_WAIT_MS = BUDGETS.worstMs
/** Standing still for less than this is a busy machine's daily bread. */
const STANDSTILL_MS = 150

const failOpen = new Set<string>(
  LIMITERS.filter(({ onUnavailable }) => onUnavailable === 'allow').map(({ name }) => name),
)

/** Judges each answer as it comes. */
export class Judge {
  readonly #parts: JudgeParts
  readonly counts = { reads: 0, hits: 0, sets: 0, dels: 0, checks: 0, counted: 0, shed: 0 }
  longestWaitMs = 0
  readonly #stoodStillUntil = new Map<string, number>()
  readonly #heardAt = new Map<string, number>()
  readonly #notUpSince = new Map<string, number>()

  constructor(parts: JudgeParts) {
    this.#parts = parts
  }

  batch(process: string, batch: Extract<FromProcess, { type: 'batch' }>, nowMs: number): void {
    const { onViolation } = this.#parts
    this.#heardAt.set(process, nowMs)
    if (batch.standstillMs > STANDSTILL_MS) this.stoodStill(process, batch.standstillMs, nowMs)
    this.counts.shed += batch.shed
    for (const record of batch.records) this.#record(process, record)
    if (
      batch.oldestMs > LONGEST_LOAD_MS + 2 * LONGEST_WAIT_MS &&
      this.#wasAwake(process, nowMs - batch.oldestMs)
    )
      onViolation({
        rule: 'pending',
        what: `process ${process}: ${batch.oldestMs} ms`,
        key: null,
        atMs: nowMs,
      })
    this.#recovery(process, batch.notUp, nowMs)
  }

  heardAt(process: string): number {
    return this.#heardAt.get(process) ?? -Infinity
  }

  stoodStill(process: string, forMs: number, nowMs: number): void {
    this.#parts.health.stoodStill(process, nowMs - forMs, nowMs)
    this.#stoodStillUntil.set(process, nowMs)
  }

  /** A hiccup may put anybody down for a moment, so it must have lasted. */
  #recovery(process: string, notUp: string[], nowMs: number): void {
    if (notUp.length === 0) return void this.#notUpSince.delete(process)
    const notUpSince = this.#notUpSince.get(process) ?? nowMs
    this.#notUpSince.set(process, notUpSince)
    const { health, onViolation } = this.#parts
    const forMs = Math.round(nowMs - Math.max(notUpSince, health.repairedAt(process)))
    if (forMs <= BUDGETS.recoverMs) return
    const what = `process ${process}, ${forMs} ms after the heal: ${notUp.join('; ')}`
    onViolation({ rule: 'not recovered', what, key: null, atMs: nowMs })
  }

  #record(process: string, record: SoakRecord): void {
    const { onViolation } = this.#parts
    const { op, endMs, startMs, error } = record
    const key = op === 'check' ? null : record.key
    if (error !== undefined)
      return onViolation({
        rule: 'rejection',
        what: `${op} in process ${process}: ${error}`,
        key,
        atMs: endMs,
      })
    this.#wait(process, record, endMs - startMs)
    switch (op) {
      case 'read':
        return this.#read(process, record)
      case 'set':
        this.counts.sets++
        return this.#note(record, `${process} set version ${record.version}`)
      case 'del':
        this.counts.dels++
        this.#note(record, `${process} invalidated, version ${record.version}`)
        return this.#parts.floors.acknowledged({ process, ...record, atMs: endMs })
      case 'check':
        return this.#check(process, record)
    }
  }

  #read(process: string, record: Extract<SoakRecord, { op: 'read' }>): void {
    const { source, floors, onViolation } = this.#parts
    const { key, found, loaded, startMs, endMs } = record
    this.counts.reads++
    if (!loaded && (found !== null || kindOf(key).how === 'getOrLoad')) this.counts.hits++
    const how = `${process} read ${loaded ? 'and loaded' : 'without loading'}: ${String(found)}`
    this.#note(record, how)
    const violated = (rule: Violation['rule'], why: string) =>
      onViolation({ rule, what: `${how}; ${why}`, key, atMs: endMs })
    const latest = source.latest(key)
    if (typeof found === 'string' || (found ?? 0) > latest)
      return violated('wrong answer', `no version of ${key}, of which ${latest} is the latest`)
    const floor = floors.floor(process, key, startMs)
    const least = floor?.version ?? 1
    if (found === null) {
      // A bare `get` that finds nothing is no answer.
      if (kindOf(key).how === 'bare' || isNothingSince(key, least, latest)) return
      const once = isNothingSince(key, 1, latest)
      return violated(once ? 'stale answer' : 'wrong answer', `there was something since version ${least}`)
    }
    if (found >= least || !floor) return
    const { by, atMs } = floor
    const before = Math.round(startMs - by.atMs)
    violated(
      'stale answer',
      `version ${least} was invalidated by ${by.process} ${before} ms before, and everybody concerned had to know ${Math.round(startMs - atMs)} ms before`,
    )
  }

  #check(process: string, record: Extract<SoakRecord, { op: 'check' }>): void {
    const { limiter, id, allowed, counted, startMs, endMs } = record
    this.counts.checks++
    if (counted) this.counts.counted++
    if (allowed && counted) this.#parts.limits.allowed(limiter, id, { startMs, endMs })
    if (counted || allowed === failOpen.has(limiter)) return
    const what = `process ${process}: ${limiter} ${allowed ? 'allowed' : 'denied'} what it could not count`
    this.#parts.onViolation({ rule: 'fail-open', what, key: null, atMs: endMs })
  }

  #wait(process: string, record: SoakRecord, ms: number): void {
    const loads = record.op === 'read' ? LONGEST_LOAD_MS : 0
    const waitMs = ms - loads
    if (!this.#wasAwake(process, record.startMs)) return
    this.longestWaitMs = Math.max(this.longestWaitMs, waitMs)
    if (waitMs <= LONGEST_WAIT_MS) return
    const what = `${record.op} in process ${process} took ${Math.round(ms)} ms; bound ${LONGEST_WAIT_MS + loads}`
    this.#parts.onViolation({
      rule: 'too slow',
      what,
      key: record.op === 'check' ? null : record.key,
      atMs: record.endMs,
    })
  }

  #wasAwake(process: string, startMs: number): boolean {
    return startMs > (this.#stoodStillUntil.get(process) ?? -Infinity)
  }

  #note({ startMs, endMs, ...record }: SoakRecord, text: string): void {
    if (record.op === 'check') return
    this.#parts.history.note(record.key, endMs, `${text} (${Math.round(endMs - startMs)} ms)`)
  }
}

function isNothingSince(key: string, from: number, to: number): boolean {
  for (let version = Math.max(from, to - 6); version <= to; version++)
    if (isNothing(key, version)) return true
  return false
}
