import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { usageIn, watchProcessTree } from '../../../src/ops/experiment/app/process-tree.js'

/** Uses a processor for so long, by its own account, after a child of its has done the same. */
const BUSY = `
const busy = 'while (process.cpuUsage().user < 200_000);'
require('child_process').execFileSync(process.execPath, ['-e', busy])
eval(busy)
console.log('done')
setInterval(() => {}, 1000)`

test('what a group has used counts, a child that has ended included, and never becomes less', async () => {
  const child = spawn(process.execPath, ['-e', BUSY], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const usage = watchProcessTree(child.pid ?? 0)
  await once(child.stdout, 'data')
  const { cpuMs, rssBytes } = usage()
  expect(cpuMs).toBeGreaterThanOrEqual(380)
  expect(rssBytes).toBeGreaterThan(1e7)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(usage()).toMatchObject({ cpuMs, rssBytes: 0 })
})

test('of what ps prints the group is added up', () => {
  const rows = '  7  100   0:01.50\n  7   20   1:02.00\n  8  999   9:00.00\n  7    0 1-02:03:04\n'
  expect(usageIn(rows, 7)).toEqual({ rssBytes: 120 * 1024, cpuMs: 1500 + 62_000 + 93_784_000 })
})
