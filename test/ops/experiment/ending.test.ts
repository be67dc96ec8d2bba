import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRig, type Rig } from '../../../src/ops/experiment/rig.js'
import { runExperiment } from '../../../src/ops/experiment/run.js'
import { judge } from '../../../src/ops/outage/judge.js'
import { stall } from '../../../src/ops/faults/stall.js'
import { simulateOutage } from '../../../src/ops/outage/simulate-outage.js'

let rig: Rig
let pids: number[]
beforeEach(async () => {
  rig = await openRig()
  pids = []
})
afterEach(() => rig.close())

/** A drill on the rig, whose hosts' pids are noted. */
function run(options: Partial<Parameters<typeof runExperiment>[0]>) {
  const { watchdog } = rig
  const watch = (pid: number) => {
    pids.push(pid)
    watchdog.watch(pid)
  }
  const noting = { ...watchdog, watch }
  return runExperiment({
    fault: stall,
    subject: 'naive-ioredis6',
    rig: { ...rig, watchdog: noting },
    seed: 1,
    ratePerSecond: 100,
    arrivals: 'constant',
    beforeMs: 300,
    duringMs: 600,
    afterMs: 300,
    graceMs: 300,
    ...options,
  })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Whether Redis answers through the door. */
function isOpen(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(rig.door.port, rig.door.host, () => socket.write('PING\r\n'))
    const done = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.setTimeout(1000, () => done(false))
    socket.once('error', () => done(false))
    socket.once('data', (data) => done(data.toString() === '+PONG\r\n'))
  })
}

async function expectNothingLeft(): Promise<void> {
  expect(pids).toHaveLength(2)
  expect(pids.filter(isAlive)).toEqual([])
  expect(await isOpen()).toBe(true)
}

test('a drill that runs to its end leaves nothing behind', async () => {
  const measurement = await run({})
  expect(measurement).toMatchObject({ died: null, unprepared: null, interruptedIn: null })
  await expectNothingLeft()
})

describe.each(['warm-up', 'before', 'during', 'after'] as const)('interrupted in %s', (phase) => {
  test('it lifts the fault, ends its processes and hands in what it has', async () => {
    const controller = new AbortController()
    const measurement = await run({
      signal: controller.signal,
      onPhase: (now) => now === phase && setTimeout(() => controller.abort(), 150),
    })
    const interruptedIn = phase === 'warm-up' ? 'before' : phase
    expect(measurement).toMatchObject({ died: null, interruptedIn })
    expect(judge(measurement, stall).verdict).toBe('inconclusive')
    await expectNothingLeft()
  })
})

test('a subject whose process dies is a result, not a failure of ours', async () => {
  const measurement = await run({
    onPhase: (now) => now === 'during' && setTimeout(() => process.kill(pids[0] as number, 'SIGKILL'), 200),
  })
  expect(measurement.died).toMatch(/the subject's main process \(pid \d+\) was ended by SIGKILL/)
  expect(measurement.operations.length).toBeGreaterThan(0)
  const report = judge(measurement, stall)
  expect(report.verdict).toBe('fail')
  expect(report.clauses[0]).toMatchObject({ id: 'C1', result: 'fail' })
  await expectNothingLeft()
})

test('a server that dies by itself is our failure, and says so', async () => {
  const drill = run({
    onPhase: (now) => now === 'before' && setTimeout(() => process.kill(rig.server.pid, 'SIGKILL'), 100),
  })
  await expect(drill).rejects.toMatchObject({ kind: 'environment', code: 'SERVER_DIED' })
  expect(pids.filter(isAlive)).toEqual([])
})

test('an interrupted run reports the drills it has and that it is partial', async () => {
  const controller = new AbortController()
  const report = await simulateOutage({
    subject: 'naive-ioredis6',
    seed: 1,
    ratePerSecond: 200,
    beforeMs: 600,
    duringMs: 1500,
    afterMs: 2000,
    signal: controller.signal,
    onEvent: (event) => event.type === 'phase' && event.phase === 'before' && controller.abort(),
  })
  expect(report).toMatchObject({ verdict: 'inconclusive', interrupted: true, summary: { inconclusive: 1 } })
  expect(report.drills.map(({ name, verdict }) => [name, verdict])).toEqual([['refused', 'inconclusive']])
})
