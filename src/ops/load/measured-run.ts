import { keysOf } from '../experiment/keys.js'
import type { Measurement, OperationRecord } from '../experiment/measurement.js'
import { latencyMs, limitsOf, PHASES } from '../experiment/traffic.js'
import { createHistogram } from './histogram.js'
import { SLOT_MS, type LoadRun } from './load-run.js'
import { createWindow, type Window } from './window.js'

/** A drill's measurement as a run under load; goes when the generator of its own is there. */
export function measuredRun(measurement: Measurement): LoadRun {
  const { fault, faultAtMs, healAtMs, endMs, witness, unprepared, died, incomplete } = measurement
  const keys = new Set(keysOf('workload'))
  const operations = measurement.operations.filter(
    (each) => each.process === 'main' && each.group === 'workload',
  )
  const loads = measurement.loads.filter((each) => each.process === 'main' && keys.has(each.key))
  const between = (fromMs: number, toMs: number) => windowOf(operations, loads, fromMs, toMs)
  const phase = (name: (typeof PHASES)[number]) => between(...limitsOf(measurement, name))
  return {
    fault,
    subject: measurement.subject,
    seed: measurement.seed,
    ratePerSecond: measurement.ratePerSecond,
    faultAtMs,
    healAtMs,
    endMs,
    witness,
    unprepared,
    died,
    inForceMs: faultAtMs,
    liftingMs: healAtMs,
    windows: {
      before: phase('before'),
      during: phase('during'),
      after: phase('after'),
      onset: between(faultAtMs, faultAtMs),
      settled: phase('during'),
      recovery: between(healAtMs, healAtMs),
      recovered: phase('after'),
    },
    seconds: PHASES.flatMap((name) => {
      const [startMs, stopMs] = limitsOf(measurement, name)
      const count = Math.max(1, Math.floor((stopMs - startMs + 50) / 1000))
      return Array.from({ length: stopMs > startMs ? count : 0 }, (_, index) => ({
        phase: name,
        window: between(startMs + index * 1000, index === count - 1 ? stopMs : startMs + (index + 1) * 1000),
      }))
    }),
    slots: Array.from({ length: Math.ceil(endMs / SLOT_MS) }, (_, index) => {
      const window = between(index * SLOT_MS, (index + 1) * SLOT_MS)
      return { ...window, atMs: index * SLOT_MS, slow: 0 }
    }),
    slowMs: null,
    firstSlow: null,
    firstFallback: null,
    firstSign: measurement.signals[0] ?? null,
    beats: createHistogram(),
    apart: false,
    limiters: [],
    ...(measurement.metAtMs === undefined ? {} : { metAtMs: measurement.metAtMs }),
    hitsUnseen: false,
    loadsUnseen: false,
    lost: incomplete,
    stoppedBy: measurement.stoppedBy ?? null,
    interruptedIn: measurement.interruptedIn,
    environment: { server: '', emulated: [] },
  }
}

function windowOf(
  all: readonly OperationRecord[],
  loads: readonly { atMs: number }[],
  fromMs: number,
  toMs: number,
): Window {
  const within = (atMs: number) => atMs >= fromMs && atMs < toMs
  const window = { ...createWindow(fromMs), durationMs: toMs - fromMs }
  for (const operation of all) {
    if (!within(operation.dueMs)) continue
    window.sent += 1
    window.lateness.record(operation.startMs - operation.dueMs)
    const ms = latencyMs(operation)
    if (ms === null) window.pending += 1
    else window.latency.record(ms)
    if (operation.error !== null) window.errors += 1
    else if (ms !== null) window.ok += 1
    if (operation.kind !== 'read' || operation.source === null) continue
    window.reads += 1
    if (operation.source === 'hit') window.hits += 1
  }
  window.loads = loads.filter(({ atMs }) => within(atMs)).length
  return window
}
