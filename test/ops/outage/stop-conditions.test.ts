import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { monotonicMs } from '../../../src/ops/experiment/monotonic.js'
import { openRig } from '../../../src/ops/experiment/rig.js'
import { runExperiment } from '../../../src/ops/experiment/run.js'
import { stall } from '../../../src/ops/faults/stall.js'
import { judge } from '../../../src/ops/outage/judge.js'
import { createLookout } from '../../../src/ops/experiment/stop-conditions/lookout.js'
import { parseStopCondition } from '../../../src/ops/experiment/stop-conditions/parse.js'
import type { OutageReport } from '../../../src/ops/report/drill-report.js'
import { ask } from '../../../src/ops/sandbox/ask.js'

test('a condition that is met ends the drill, and the fault is lifted at once', async () => {
  const rig = await openRig()
  try {
    const begun = monotonicMs()
    const measurement = await runExperiment({
      fault: stall,
      rig,
      subject: 'naive-ioredis6',
      seed: 1,
      ratePerSecond: 200,
      arrivals: 'constant',
      beforeMs: 500,
      duringMs: 600_000,
      afterMs: 5000,
      graceMs: 0,
      lookout: createLookout([parseStopCondition('errors > 50%'), parseStopCondition('pending > 30')]),
    })
    expect(measurement.stoppedBy).toMatch(/^the stop condition pending > 30 was met: \d+$/)
    expect(measurement.faultAtMs).toBeLessThan(measurement.endMs)
    expect(monotonicMs() - begun).toBeLessThan(30_000)
    // The door is open again, although the drill was in the middle of it.
    const { host, port } = rig.door
    expect(await ask({ host, port, deadlineMs: 2000 }, ['PING'])).toEqual(['PONG'])
    const report = judge(measurement, stall)
    expect(report.verdict).toBe('inconclusive')
    expect(report.reason).toContain('pending > 30 was met')
  } finally {
    await rig.close()
  }
})

function cache(args: string[]): Promise<{ code: number | null; report: OutageReport }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['bin/run.js', 'simulate-outage', '--json', ...args])
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.on('close', (code) => resolve({ code, report: JSON.parse(stdout) as OutageReport }))
  })
}

test('the command ends with 4, and runs no further drill', async () => {
  const args = [
    '--drill',
    'stall',
    '--drill',
    'refused',
    '--before',
    '500ms',
    '--during',
    '10m',
    '--rate',
    '100',
  ]
  const { code, report } = await cache([...args, '--subject', 'naive-ioredis6', '--abort-if', 'pending > 20'])
  expect(code).toBe(4)
  expect(report.error).toMatchObject({ kind: 'safety', code: 'STOP_CONDITION' })
  expect(report.stoppedBy).toContain('pending > 20')
  expect(report.drills.map(({ name, verdict }) => [name, verdict])).toEqual([['stall', 'inconclusive']])
})

test.each([
  ['eror > 5', 'there is no'],
  ['5xx > 2%', 'answers no 5xx'],
])('%s cannot be used on a cache', async (condition, words) => {
  const { code, report } = await cache(['--drill', 'stall', '--abort-if', condition])
  expect([code, report.error?.code]).toEqual([2, 'BAD_STOP_CONDITION'])
  expect(report.error?.message).toContain(words)
})
