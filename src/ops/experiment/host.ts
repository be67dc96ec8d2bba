// A process of its own that runs one instance of the subject: `main`, which meets the fault, or its sibling `second`,
// which does not. It does what the engine's messages say and tells what came of it; see messages.ts.
import { setTimeout as sleep } from 'node:timers/promises'
import { startChecks, type Checks } from './host/checks.js'
import { watchConditions, type Conditions } from './host/conditions.js'
import { describeModule, endQuietly } from './host/instance.js'
import { makeSubject } from './host/make-subject.js'
import { createOperations, type Operations } from './host/operations.js'
import { createPacer, type Pacer } from './host/pacer.js'
import { watchMetrics, type MetricWatch } from './host/metrics.js'
import { connectToParent } from './host/parent.js'
import { problemIn } from './host/problem.js'
import { watchSignals, type SignalWatch } from './host/signals.js'
import { watchVitals, type VitalsWatch } from './host/vitals.js'
import { warmUp } from './host/warm-up.js'
import type { ProcessName } from './measurement.js'
import type { ToHost } from './messages.js'
import { monotonicMs } from './monotonic.js'
import { plannedFor, type Moment, type Plan } from './plan.js'
import { traitsOf } from './host/traits.js'
import type { SubjectCache } from './subjects/subject.js'

const FLUSH_EVERY_MS = 200
/** Into the fault: late enough that it is in force, early enough for the shortest one. */
const INSTANCE_DURING_FAULT_MS = 100

interface Prepared {
  process: ProcessName
  cache: SubjectCache
  conditions: Conditions
  metrics: MetricWatch
}

interface Running {
  originMs: number
  plan: Plan
  operations: Operations
  pacer: Pacer
  signals: SignalWatch
  vitals: VitalsWatch | undefined
  checks: Checks | undefined
}

let prepared: Prepared | undefined
let running: Running | undefined

const parent = connectToParent((message) => void handle(message))

async function handle(message: ToHost): Promise<void> {
  switch (message.type) {
    case 'prepare':
      return prepare(message)
    case 'describe': {
      const { subject, condition, environment, relied } = message
      const instance = await describeModule(subject, condition, environment, relied)
      return parent.send({ type: 'instance', instance })
    }
    case 'warm': {
      if (!prepared) return
      const nothing = { settled: false, hitRatio: 0 }
      const outcome = await warmUp(prepared.cache, parent, message).catch(() => nothing)
      return parent.send({ type: 'warmed', ...outcome })
    }
    case 'begin':
      return begin(message.originMs, message.plan)
    case 'fault':
      running?.signals.renew()
      play('fault', message.atMs)
      if (prepared?.process === 'main')
        setTimeout(() => void prepared?.conditions.tellInFault(), INSTANCE_DURING_FAULT_MS)
      return
    case 'heal':
      prepared?.conditions.heal()
      return play('heal', message.atMs)
    case 'stop':
      running?.checks?.stop()
      return running?.pacer.stop()
    case 'finish':
      return finish(message.graceMs)
    case 'version':
      return
  }
}

async function prepare(message: Extract<ToHost, { type: 'prepare' }>): Promise<void> {
  const { process: name, environment, subject: reference } = message
  try {
    const metrics = watchMetrics()
    const { subject, cache } = await makeSubject(reference, environment)
    const conditions = watchConditions({ reference, subject, environment, cache }, parent)
    if (name === 'main') await conditions.tellBefore()
    prepared = { process: name, cache, conditions, metrics }
    parent.send({ type: 'prepared', problem: null, traits: traitsOf(cache, subject) })
  } catch (error) {
    parent.send({ type: 'prepared', ...problemIn(error) })
  }
}

function begin(originMs: number, plan: Plan): void {
  if (!prepared) return
  const nowMs = () => monotonicMs() - originMs
  const { cache } = prepared
  const operations = createOperations(prepared.process, cache, parent, nowMs)
  const status = cache.status ? () => cache.status?.() ?? '' : undefined
  const signals = watchSignals(status, prepared.metrics, nowMs)
  running = {
    originMs,
    plan,
    operations,
    pacer: createPacer(originMs, (operation) => operations.start(operation)),
    signals,
    vitals:
      prepared.process === 'main' ? watchVitals(nowMs, operations.inFlight, signals.printedBytes) : undefined,
    checks: prepared.process === 'main' ? startChecks(cache, parent, nowMs, plan.duringMs) : undefined,
  }
  setInterval(flush, FLUSH_EVERY_MS)
  play('begin', originMs)
}

function play(moment: Moment, atMs: number): void {
  if (!prepared || !running) return
  const plan = { ...running.plan, joins: prepared.cache.readThrough !== undefined }
  running.pacer.play(plannedFor(prepared.process, moment, atMs - running.originMs, plan))
}

function flush(): void {
  if (!running) return
  const records = running.operations.takeSettled()
  if (records.length > 0) parent.send({ type: 'operations', records })
  const vitals = running.vitals?.take() ?? []
  if (vitals.length > 0) parent.send({ type: 'vitals', records: vitals })
  const checks = running.checks?.takeSettled() ?? []
  if (checks.length > 0) parent.send({ type: 'checks', records: checks })
  const taken = running.signals.take()
  if (taken.signals.length > 0 || taken.dropped > 0) parent.send({ type: 'signals', ...taken })
}

async function finish(graceMs: number): Promise<void> {
  running?.pacer.stop()
  running?.checks?.stop()
  const lastMs = monotonicMs() + graceMs
  const inFlight = () => (running?.operations.inFlight() ?? 0) + (running?.checks?.inFlight() ?? 0)
  while (inFlight() > 0 && monotonicMs() < lastMs) await sleep(20)
  flush()
  if (running) {
    running.signals.stop()
    running.vitals?.stop()
    parent.send({ type: 'operations', records: running.operations.pending() })
    parent.send({ type: 'checks', records: running.checks?.pending() ?? [] })
  }
  parent.send({ type: 'finished' })
  if (prepared) await endQuietly(prepared.cache)
}
