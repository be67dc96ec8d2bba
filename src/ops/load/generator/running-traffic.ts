import { setTimeout as sleep } from 'node:timers/promises'
import type { MetricWatch } from '../../experiment/host/metrics.js'
import { watchSignals } from '../../experiment/host/signals.js'
import { held } from '../../experiment/host/vitals.js'
import type { Alarm } from './alarm.js'
import { arrivals } from './arrivals.js'
import { startBeat } from './beat.js'
import { nowMs as absoluteMs } from './clock.js'
import type { FromWorker, LoadVitals } from './messages.js'
import type { Performer } from './performer.js'
import { createRecorder } from './recorder.js'
import { startSchedule } from './schedule.js'
import type { Traffic } from './traffic.js'

/** Traffic that has begun, and everything that is watched beside it. */
export interface RunningTraffic {
  /** What is printed from here on is worth keeping. */
  fault(): void
  /** See `finish` in messages.ts; resolves when everything has been handed in. */
  finish(endMs: number, graceMs: number): Promise<void>
}

const FLUSH_EVERY_MS = 100

export function startTraffic(
  {
    traffic,
    originMs,
    performer,
    alarm,
    metrics,
  }: {
    traffic: Traffic
    originMs: number
    performer: Performer
    alarm: Alarm
    metrics: MetricWatch
  },
  send: (message: FromWorker) => void,
): RunningTraffic {
  const nowMs = () => absoluteMs() - originMs
  const recorder = createRecorder(performer.mostInFlight)
  const signals = watchSignals(performer.status, metrics, nowMs)
  const beat = startBeat()
  let vitals: LoadVitals[] = []

  const begin = (dueMs: number, startMs: number) => {
    const call = performer.draw()
    if (!recorder.hasRoom()) return recorder.refuse(dueMs, call.outcome)
    const place = recorder.begin(dueMs, startMs, call.outcome)
    void call.start().then((outcome) => recorder.settle(place, nowMs(), outcome))
  }

  const flush = () => {
    const batch = recorder.take()
    if (batch.dueMs.length > 0) send({ type: 'settled', batch })
    const loads = performer.takeLoads?.() ?? new Float64Array()
    if (loads.length > 0) send({ type: 'loads', atMs: loads.map((atMs) => atMs - originMs) })
    const lateMs = beat.take()
    if (lateMs.length > 0) send({ type: 'beats', lateMs })
    if (vitals.length > 0) send({ type: 'vitals', records: vitals })
    vitals = []
    const taken = signals.take()
    if (taken.signals.length > 0 || taken.dropped > 0) send({ type: 'signals', ...taken })
  }
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage()
    vitals.push({
      atMs: nowMs(),
      ...held(),
      inFlight: recorder.inFlight(),
      printedBytes: signals.printedBytes(),
      cpuMs: (user + system) / 1000,
    })
    flush()
  }, FLUSH_EVERY_MS)
  // What the source was asked in the warm-up is no part of the load.
  performer.takeLoads?.()
  const schedule = startSchedule({ due: arrivals(traffic), nowMs, alarm, begin })

  return {
    fault: () => signals.renew(),
    finish: async (endMs, graceMs) => {
      await schedule.finish(endMs - originMs)
      const lastMs = absoluteMs() + graceMs
      while (recorder.inFlight() > 0 && absoluteMs() < lastMs) await sleep(5)
      clearInterval(timer)
      signals.stop()
      beat.stop()
      flush()
      send({ type: 'finished', batch: recorder.pending(), unstarted: schedule.unstarted() })
    },
  }
}
