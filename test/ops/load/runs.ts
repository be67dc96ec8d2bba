import type { LoadRun, Slot } from '../../../src/ops/load/load-run.js'
import { SLOT_MS } from '../../../src/ops/load/load-run.js'
import { createHistogram } from '../../../src/ops/load/histogram.js'
import { createWindow, type Window, type WindowName } from '../../../src/ops/load/window.js'

export const TIMES = { faultAtMs: 5000, healAtMs: 10_000, endMs: 15_000 }
export const TRANSITION_MS = 1000
export const RATE = 200

/** One operation of a run made by hand; a read unless it is a check. */
export interface Op {
  dueMs: number
  startMs: number
  /** Null: never answered. */
  endMs: number | null
  from: 'hit' | 'load' | 'fallback' | 'none'
  error?: true
  serverError?: true
  denied?: true
  check?: 'counted' | 'uncounted' | 'over-admitted'
  unstarted?: true
}

/**
 * Five seconds each at 200 reads a second: hits of 1 ms, but fallbacks of 4 ms under the fault. Before and after every
 * tenth is a miss. `change` is given every read; null leaves it out.
 */
export function runOf(
  change: (op: Op, index: number) => Partial<Op> | null = () => ({}),
  overrides: Partial<LoadRun> = {},
): LoadRun {
  const { faultAtMs, healAtMs, endMs } = { ...TIMES, ...overrides }
  const ops = Array.from({ length: Math.ceil((endMs * RATE) / 1000) }, (_, index) => {
    const dueMs = (index * 1000) / RATE
    const during = dueMs >= faultAtMs && dueMs < healAtMs
    const usual: Op = {
      dueMs,
      startMs: dueMs,
      endMs: dueMs + (during ? 4 : 1),
      from: during ? 'fallback' : index % 10 === 0 ? 'load' : 'hit',
    }
    const changed = change(usual, index)
    return changed === null ? null : { ...usual, ...changed }
  }).filter((op) => op !== null)
  const between = (fromMs: number, toMs: number) => windowOf(ops, fromMs, toMs)
  const onsetMs = faultAtMs + Math.min(TRANSITION_MS, (healAtMs - faultAtMs) / 2)
  const recoveryMs = healAtMs + Math.min(TRANSITION_MS, (endMs - healAtMs) / 2)
  const windows: Record<WindowName, Window> = {
    before: between(0, faultAtMs),
    during: between(faultAtMs, healAtMs),
    after: between(healAtMs, endMs),
    onset: between(faultAtMs, onsetMs),
    settled: between(onsetMs, healAtMs),
    recovery: between(healAtMs, recoveryMs),
    recovered: between(recoveryMs, endMs),
  }
  const slowMs = 6
  const since = ops.filter(({ dueMs, unstarted }) => dueMs >= faultAtMs && !unstarted)
  const slow = since.find((op) => isSlow(op, slowMs))
  const fallback = since.find(({ from }) => from === 'fallback')
  return {
    fault: 'refused',
    subject: 'hand-made',
    seed: 1,
    ratePerSecond: RATE,
    faultAtMs,
    healAtMs,
    endMs,
    inForceMs: faultAtMs,
    liftingMs: healAtMs,
    windows,
    seconds: (['before', 'during', 'after'] as const).flatMap((phase) => {
      const { fromMs, durationMs } = windows[phase]
      const count = Math.floor(durationMs / 1000)
      return Array.from({ length: count }, (_, second) => {
        const startMs = fromMs + second * 1000
        const toMs = second === count - 1 ? fromMs + durationMs : startMs + 1000
        return { phase, window: between(startMs, toMs) }
      })
    }),
    slots: Array.from({ length: Math.ceil(endMs / SLOT_MS) }, (_, slot) =>
      slotOf(ops, slot * SLOT_MS, slowMs),
    ),
    slowMs,
    firstSlow: slow ? { dueMs: slow.dueMs, endMs: slow.endMs ?? endMs } : null,
    firstFallback: fallback ? { dueMs: fallback.dueMs, endMs: fallback.endMs ?? endMs } : null,
    firstSign: { kind: 'status', atMs: faultAtMs + 120, text: 'status: down' },
    beats: createHistogram(),
    apart: false,
    limiters: [],
    witness: { witnessed: true, evidence: '1 connection cut', counts: {} },
    hitsUnseen: false,
    loadsUnseen: false,
    unprepared: null,
    died: null,
    lost: null,
    stoppedBy: null,
    interruptedIn: null,
    environment: { server: 'none', emulated: [] },
    ...overrides,
  }
}

function isSlow({ dueMs, endMs }: Op, slowMs: number): boolean {
  return endMs === null || endMs - dueMs > slowMs
}

function windowOf(all: readonly Op[], fromMs: number, toMs: number): Window {
  const due = all.filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs)
  const ops = due.filter(({ unstarted }) => !unstarted)
  const count = (which: (op: Op) => boolean | undefined) => ops.filter(which).length
  const errors = count(({ error }) => error)
  const pending = count(({ endMs }) => endMs === null)
  const denied = count((op) => op.denied)
  const window: Window = {
    ...createWindow(fromMs),
    durationMs: toMs - fromMs,
    sent: ops.length,
    unstarted: due.length - ops.length,
    ok: ops.length - errors - pending - denied,
    errors,
    pending,
    denied,
    serverErrors: count((op) => op.serverError),
    reads: count((op) => !op.check && op.from !== 'none'),
    hits: count(({ from }) => from === 'hit'),
    fallbacks: count(({ from }) => from === 'fallback'),
    loads: count(({ from }) => from === 'load' || from === 'fallback'),
    checks: count(({ check }) => check !== undefined),
    uncounted: count(({ check }) => check === 'uncounted'),
    overAdmitted: count(({ check }) => check === 'over-admitted'),
    rssMaxBytes: 100e6,
    cpuMs: ops.length * 0.25,
    printedBytes: ops.length * 40,
  }
  for (const { dueMs, startMs, endMs } of ops) {
    if (endMs !== null) window.latency.record(endMs - dueMs)
    window.lateness.record(startMs - dueMs)
  }
  return window
}

function slotOf(all: readonly Op[], atMs: number, slowMs: number): Slot {
  const ops = all.filter(({ dueMs, unstarted }) => dueMs >= atMs && dueMs < atMs + SLOT_MS && !unstarted)
  const count = (which: (op: Op) => boolean | undefined) => ops.filter(which).length
  return {
    atMs,
    sent: ops.length,
    errors: count(({ error }) => error),
    pending: count(({ endMs }) => endMs === null),
    slow: count((op) => isSlow(op, slowMs)),
    reads: count((op) => !op.check && op.from !== 'none'),
    hits: count(({ from }) => from === 'hit'),
    fallbacks: count(({ from }) => from === 'fallback'),
    loads: count(({ from }) => from === 'load' || from === 'fallback'),
  }
}
