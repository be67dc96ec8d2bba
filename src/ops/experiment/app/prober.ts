import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPacer } from '../host/pacer.js'
import type { CheckRecord } from '../limiting.js'
import type { OperationRecord } from '../measurement.js'
import { monotonicMs } from '../monotonic.js'
import { describeError } from '../plain-text.js'
import { hasStatus, problemOf, valueAt } from './answers.js'
import { TimeoutError, type Answer, type Exchange } from './exchange.js'
import { createContents } from './contents.js'
import { fill, type Values } from './fill.js'
import type { Asked, PlannedRequest } from './plan.js'
import { probeName, type Probe, type ProbeSet } from '../../config/probes/probe.js'
import type { Versions } from './versions.js'

/** What has not been answered by then never will be, and counts as pending. */
const ANSWER_WITHIN_MS = 10_000
/** Past this nothing more is sent, and what was due counts as pending. */
export const MAX_IN_FLIGHT = 500
const DENIED = 429
/** What says that something behind the app could not do its part, and not that the app is broken. */
const CLEAR = new Set([502, 503, 504])

/** Asks the app when requests are due, and notes what its callers would see. */
export interface Prober {
  play(plan: Iterable<PlannedRequest>): void
  inFlight(): number
  /** Starts nothing new, and waits up to `graceMs` for what is in flight. */
  finish(graceMs: number): Promise<void>
  /** Those that never settled are among them, without an end. */
  readonly operations: OperationRecord[]
  readonly checks: CheckRecord[]
  /** How late our own event loop was, p99. */
  loopDelayMs(): number
}

type Declared = Pick<ProbeSet, 'read' | 'stranger' | 'write' | 'revoke' | 'limit'>

/** @param originMs the absolute instant from which all times count · @param values what was captured */
export function startProber(
  originMs: number,
  {
    exchange,
    declared,
    versions,
    values,
  }: { exchange: Exchange; declared: Declared; versions: Versions; values: Values },
): Prober {
  const operations: OperationRecord[] = []
  const checks: CheckRecord[] = []
  const contents = createContents()
  const nowMs = () => monotonicMs() - originMs
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  let inFlight = 0
  let isOver = false

  const start = (planned: PlannedRequest) => {
    const work = planned.what === 'limit' ? check() : perform(planned)
    if (work === null) return
    inFlight += 1
    void work.finally(() => (inFlight -= 1))
  }

  const perform = (planned: PlannedRequest & Exclude<Asked, { what: 'limit' }>): Promise<void> | null => {
    const startMs = nowMs()
    const write =
      planned.what === 'write' || planned.what === 'revoke'
        ? versions.begin(planned.key, planned.what === 'revoke', startMs)
        : undefined
    if (write === null) return null
    const record = operationOf(planned, startMs)
    operations.push(record)
    if (inFlight >= MAX_IN_FLIGHT) return null
    return ask(planned, write?.version).then(
      ({ probe, answer }) => {
        if (isOver) return
        record.endMs = nowMs()
        record.status = answer.status
        if (planned.what === 'read' && declared.read) return noteRead(record, declared.read, answer)
        if (planned.what === 'stranger' && declared.stranger)
          return noteStranger(record, declared.stranger, answer)
        record.error = problemOf(probe, answer)
        if (record.error !== null && CLEAR.has(answer.status)) record.clear = true
        if (write) record.version = write.version
        if (write) versions.end(write, record.error === null ? record.endMs : null)
      },
      (error: unknown) => {
        if (write) versions.end(write, null)
        if (isOver || error instanceof TimeoutError) return
        record.endMs = nowMs()
        record.error = `${record.key}: ${describeError(error)}`
      },
    )
  }

  const ask = async (planned: Exclude<Asked, { what: 'limit' }>, version: number | undefined) => {
    const probe = planned.what === 'probe' ? planned.probe : declared[planned.what]
    if (!probe) throw new Error(`no ${planned.what} is declared`)
    const own: Record<string, string> = planned.what === 'probe' ? {} : { key: planned.key }
    if (version !== undefined) own['version'] = String(version)
    const filled = fill<Probe>(probe, { ...values, ...own })
    return { probe, answer: await exchange.send(filled, ANSWER_WITHIN_MS) }
  }

  const noteRead = (record: OperationRecord, read: NonNullable<Declared['read']>, answer: Answer) => {
    if (hasStatus(answer, read.denied)) {
      record.version = versions.revoked(record.key)
      return
    }
    record.error = problemOf(read, answer)
    if (record.error !== null && CLEAR.has(answer.status)) record.clear = true
    const version = Number(valueAt(read.version, answer) ?? Number.NaN)
    if (record.error === null && Number.isInteger(version)) record.version = version
    if (record.error === null && read.same && contents.isAltered(record, read.same, answer))
      record.altered = true
  }

  const noteStranger = (
    record: OperationRecord,
    stranger: NonNullable<Declared['stranger']>,
    answer: Answer,
  ) => {
    if (hasStatus(answer, stranger.denied)) record.denied = true
    else if (hasStatus(answer, stranger.expect.statuses)) record.forbidden = true
    else record.error = problemOf(stranger, answer)
    if (record.error !== null && CLEAR.has(answer.status)) record.clear = true
  }

  const check = (): Promise<void> | null => {
    const { limit } = declared
    if (!limit || inFlight >= MAX_IN_FLIGHT) return null
    const record: CheckRecord = {
      limiter: limit.name,
      startMs: nowMs(),
      endMs: null,
      error: null,
      allowed: null,
      counted: true,
    }
    checks.push(record)
    return exchange.send(fill(limit, values), ANSWER_WITHIN_MS).then(
      (answer) => {
        if (isOver) return
        record.endMs = nowMs()
        if (answer.status === DENIED) record.allowed = false
        else {
          record.error = problemOf(limit, answer)
          if (record.error === null) record.allowed = true
        }
      },
      (error: unknown) => {
        if (isOver || error instanceof TimeoutError) return
        record.endMs = nowMs()
        record.error = describeError(error)
      },
    )
  }

  const pacer = createPacer<PlannedRequest>(originMs, start)
  return {
    operations,
    checks,
    play: (plan) => pacer.play(plan),
    inFlight: () => inFlight,
    finish: async (graceMs) => {
      pacer.stop()
      const lastMs = monotonicMs() + graceMs
      while (inFlight > 0 && monotonicMs() < lastMs) await sleep(20)
      isOver = true
      delay.disable()
    },
    loopDelayMs: () => delay.percentile(99) / 1e6,
  }
}

function operationOf(
  planned: PlannedRequest & Exclude<Asked, { what: 'limit' }>,
  startMs: number,
): OperationRecord {
  const isProbe = planned.what === 'probe'
  return {
    kind: planned.what === 'write' ? 'put' : planned.what === 'revoke' ? 'invalidate' : 'read',
    key: isProbe ? probeName(planned.probe) : planned.key,
    group: isProbe ? 'workload' : planned.group,
    process: 'main',
    // The engine knows the phases' true limits and fills this in.
    phase: 'before',
    dueMs: planned.dueMs,
    startMs,
    endMs: null,
    error: null,
    version: null,
    source: null,
    ...(isProbe && { opaque: true as const }),
    ...(planned.what === 'stranger' && { viewer: 'stranger' as const }),
  }
}
