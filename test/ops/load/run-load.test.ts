import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, type TestContext } from 'vitest'
import { monotonicMs } from '../../../src/ops/experiment/monotonic.js'
import { createLookout } from '../../../src/ops/experiment/stop-conditions/lookout.js'
import { parseStopCondition } from '../../../src/ops/experiment/stop-conditions/parse.js'
import { findSubject } from '../../../src/ops/experiment/subjects/index.js'
import { moduleSubject } from '../../../src/ops/experiment/subjects/module/module-subject.js'
import type { Fault } from '../../../src/ops/faults/fault.js'
import { refused } from '../../../src/ops/faults/refused.js'
import { stall } from '../../../src/ops/faults/stall.js'
import type { LoadRun } from '../../../src/ops/load/load-run.js'
import { runLoad, type LoadRunOptions } from '../../../src/ops/load/run-load.js'
import { openSubjectTarget } from '../../../src/ops/load/subject-target.js'
import type { LoadTarget } from '../../../src/ops/load/target.js'
import { traffic } from './traffic.js'

const LENGTH = { beforeMs: 500, duringMs: 800, afterMs: 800, transitionMs: 300 }
/** Ends only when somebody ends it. */
const ENDLESS = { ...LENGTH, duringMs: 600_000 }

async function open(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  subject: string,
  fault: Fault,
): Promise<LoadTarget> {
  const isFile = subject.endsWith('.mjs')
  const file = fileURLToPath(new URL(`fixtures/${subject}`, import.meta.url))
  const module = { name: subject, file, exportName: null, protocol: 'resp' as const }
  const target = await openSubjectTarget({
    subject: isFile ? moduleSubject(module) : findSubject(subject)!,
    fault,
  })
  onTestFinished(() => target.close())
  return target
}

const run = (target: LoadTarget, fault: Fault, more: Partial<LoadRunOptions> = {}): Promise<LoadRun> =>
  runLoad(target, { ...LENGTH, fault: fault.name, traffic: traffic(LENGTH), ...more })

/** Whether somebody who comes through the door is answered. */
function isOpen({ surface }: LoadTarget): Promise<boolean> {
  if (surface.type !== 'subject') throw new Error('no subject')
  const { hostname, port } = new URL(surface.environment.redisUrl ?? '')
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write('PING\r\n'))
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', () => settle(true))
    socket.once('error', () => settle(false))
    socket.once('close', () => settle(false))
  })
}

test('a library whose Redis refuses: every start is accounted for, and the source stands in', async (context) => {
  const { windows, ...rest } = await run(await open(context, 'library', refused), refused)
  const { before, during, after, onset, settled, recovery, recovered } = windows
  const due = before.sent + during.sent + after.sent + before.unstarted + during.unstarted + after.unstarted
  expect(due).toBe(Math.ceil((rest.endMs * 200) / 1000))
  expect([onset.sent + settled.sent, recovery.sent + recovered.sent]).toEqual([during.sent, after.sent])
  expect([during.errors, during.pending, after.pending]).toEqual([0, 0, 0])
  expect(settled.hits).toBe(0)
  expect(settled.fallbacks).toBeGreaterThan(0)
  expect(settled.loads).toBeGreaterThanOrEqual(settled.reads - settled.fallbacks)
  expect(before.hits).toBeGreaterThan(0)
  expect(recovered.hits).toBeGreaterThan(0)
  expect(rest.witness.witnessed).toBe(true)
  expect(rest.firstFallback?.endMs).toBeGreaterThan(rest.faultAtMs)
  expect(rest.firstSign?.atMs).toBeGreaterThanOrEqual(rest.faultAtMs)
  expect(rest.beats.count).toBeGreaterThan(0)
  expect(before.cpuMs).toBeGreaterThan(0)
  expect(before.rssMaxBytes).toBeGreaterThan(0)
  expect([rest.died, rest.lost, rest.unprepared, rest.interruptedIn]).toEqual([null, null, null, null])
})

const SCHEDSTAT = '/proc/thread-self/schedstat'

/** For how long, since it began, this thread was ready to run and another had its core. Linux tells. */
function waitedForCoreMs(): number {
  return existsSync(SCHEDSTAT) ? Number(readFileSync(SCHEDSTAT, 'utf8').split(' ')[1]) / 1e6 : 0
}

test('the phases are those of the door: refused from the fault on and let through from the heal on', async (context) => {
  const opened = await open(context, 'library', refused)
  // Absolute: one may be under way when the run gets its origin.
  const looks: { fromMs: number; toMs: number; through: boolean }[] = []
  let originMs = 0
  let over = false
  const looking = (async () => {
    while (!over) {
      const fromMs = monotonicMs()
      const through = await isOpen(opened)
      looks.push({ fromMs, toMs: monotonicMs(), through })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  // What other processes took from us between the two ends of a boundary is no width of it.
  const waited: Partial<Record<'atFault' | 'inForce' | 'lifting' | 'healed', number>> = {}
  const { disturbance } = opened
  const target: LoadTarget = {
    ...opened,
    begin: (atMs) => {
      originMs = atMs
      opened.begin(atMs)
    },
    disturbance: {
      ...disturbance,
      begin: () => disturbance.begin().finally(() => (waited.inForce = waitedForCoreMs())),
      // It is lifted once more at the end, whatever became of it.
      end: () => disturbance.end().finally(() => (waited.healed ??= waitedForCoreMs())),
    },
  }
  const { faultAtMs, inForceMs, liftingMs, healAtMs } = await run(target, refused, {
    onPhase: (phase) => {
      if (phase === 'during') waited.atFault = waitedForCoreMs()
      if (phase === 'after') waited.lifting = waitedForCoreMs()
    },
  }).finally(() => (over = true))
  await looking
  const within = (fromMs: number, toMs: number) => {
    const own = looks.filter((look) => look.fromMs - originMs > fromMs && look.toMs - originMs < toMs)
    expect(own.length).toBeGreaterThan(0)
    return new Set(own.map(({ through }) => through))
  }
  expect(within(0, faultAtMs)).toEqual(new Set([true]))
  expect(within(inForceMs, liftingMs)).toEqual(new Set([false]))
  expect(within(healAtMs, Infinity)).toEqual(new Set([true]))
  // What is between is all that can be wrong with the boundaries.
  expect(inForceMs - faultAtMs - (waited.inForce! - waited.atFault!)).toBeLessThan(50)
  expect(healAtMs - liftingMs - (waited.healed! - waited.lifting!)).toBeLessThan(50)
})

// These wait, most of their time, for something to be told.
describe.concurrent('cut short', () => {
  test('a worker that is killed is lost, and nothing is concluded from what it had not handed in', async (context) => {
    const opened = await open(context, 'library', stall)
    let pid = 0
    const { watchdog } = opened
    const watch = (each: number) => {
      pid ||= each
      watchdog.watch(each)
    }
    const target = { ...opened, watchdog: { ...watchdog, watch } }
    const told = await run(target, stall, {
      ...ENDLESS,
      onPhase: (phase) => phase === 'during' && process.kill(pid, 'SIGKILL'),
    })
    expect(told.lost).toMatch(
      /^the subject's process \(pid \d+\) was ended by SIGKILL; it last handed something in .* into the run$/,
    )
    expect([told.died, told.healAtMs]).toEqual([null, told.endMs])
    expect(told.windows.before.sent).toBeGreaterThan(0)
    expect(await isOpen(opened)).toBe(true)
  })

  test('a worker that is stopped is waited for once, and lost', async (context) => {
    const opened = await open(context, 'library', stall)
    let pid = 0
    const watch = (each: number) => void (pid ||= each)
    const target = { ...opened, watchdog: { watch, forget: () => undefined } }
    let stoppedAt = 0
    const told = await run(target, stall, {
      afterMs: 200,
      onPhase: (phase) => {
        if (phase !== 'after') return
        process.kill(pid, 'SIGSTOP')
        stoppedAt = performance.now()
      },
    })
    expect(told.lost).toMatch(/did not hand in what it had recorded: it was stopped, or too busy; it last/)
    // The rest of `after`, the time of grace and that for handing in, and not twice.
    expect(performance.now() - stoppedAt).toBeLessThan(10_000)
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  test('a subject that ends its process has died', async (context) => {
    const told = await run(await open(context, 'exits.mjs', refused), refused, ENDLESS)
    expect(told.died).toMatch(/^the subject's process \(pid \d+\) ended with exit code 7$/)
    expect([told.lost, told.faultAtMs < told.endMs]).toEqual([null, true])
  })

  test('an interrupt ends the fault at once, and what was seen until then comes back', async (context) => {
    const interrupt = new AbortController()
    const target = await open(context, 'library', stall)
    const told = await run(target, stall, {
      ...ENDLESS,
      signal: interrupt.signal,
      onPhase: (phase) => phase === 'during' && setImmediate(() => interrupt.abort()),
    })
    expect([told.interruptedIn, told.healAtMs]).toEqual(['during', told.endMs])
    expect(told.windows.before.sent).toBeGreaterThan(0)
    expect(await isOpen(target)).toBe(true)
  })

  test('an interrupt in the warm-up shows nothing: no time of it is one of `before`', async (context) => {
    const interrupt = new AbortController()
    const told = await run(await open(context, 'library', stall), stall, {
      signal: interrupt.signal,
      onPhase: (phase) => phase === 'warm-up' && setTimeout(() => interrupt.abort(), 30),
    })
    expect([told.interruptedIn, told.endMs, told.seconds]).toEqual(['before', 0, []])
    expect(told.windows.before.durationMs).toBe(0)
  })

  test('a stop condition ends it, and is told', async (context) => {
    const told = await run(await open(context, 'naive-ioredis6', stall), stall, {
      ...ENDLESS,
      lookout: createLookout([parseStopCondition('pending > 20'), parseStopCondition('errors > 50%')]),
    })
    expect(told.stoppedBy).toMatch(/^the stop condition pending > 20 was met: \d+$/)
    expect([told.healAtMs, told.interruptedIn]).toEqual([told.endMs, null])
  })

  test('a fault that nobody meets is not witnessed', async (context) => {
    const target = await open(context, 'library-unconfigured', stall)
    const { witness, windows } = await run(target, stall, { duringMs: 400, afterMs: 200 })
    expect(witness.witnessed).toBe(false)
    expect(windows.during.loads).toBeGreaterThan(0)
  })

  test('a module that never asks for Redis cannot lose it', async (context) => {
    const told = await run(await open(context, 'elsewhere.mjs', stall), stall)
    expect(told.unprepared).toMatch(/^elsewhere\.mjs never connected to Redis/)
    expect(told.faultAtMs).toBe(told.endMs)
  })
})
