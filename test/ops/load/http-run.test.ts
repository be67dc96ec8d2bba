import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parseProbe } from '../../../src/ops/config/probes/parse-probe.js'
import type { Fault } from '../../../src/ops/faults/fault.js'
import { refused } from '../../../src/ops/faults/refused.js'
import { openAppTarget } from '../../../src/ops/load/app-target.js'
import type { LoadRun } from '../../../src/ops/load/load-run.js'
import { none } from '../../../src/ops/load/none.js'
import { runLoad } from '../../../src/ops/load/run-load.js'
import { openRunningTarget } from '../../../src/ops/load/running-target.js'
import type { LoadTarget } from '../../../src/ops/load/target.js'
import { freePort } from '../../../src/ops/sandbox/free-port.js'
import { httpApp } from './http-app.js'
import { traffic } from './traffic.js'

const LENGTH = { beforeMs: 500, duringMs: 500, afterMs: 500, transitionMs: 200 }

const run = (target: LoadTarget, fault: Fault, more: Partial<typeof LENGTH> = {}): Promise<LoadRun> =>
  runLoad(target, { ...LENGTH, ...more, fault: fault.name, traffic: traffic({ ...LENGTH, ...more }) })

async function runningAt(origin: string, ...probes: [text: string, weight: number][]): Promise<LoadTarget> {
  const declared = {
    setup: [],
    probes: probes.map(([text, weight]) => ({ ...parseProbe(text), weight })),
  }
  const target = await openRunningTarget({
    running: { url: new URL(origin), declared, proxy: null },
    fault: none,
  })
  onTestFinished(() => target.close())
  return target
}

test('what an app has answered is what is counted, one for one', async () => {
  let isWell = true
  const asked: Record<string, number> = { '/200': 0, '/500': 0, '/429': 0, '/404': 0, '/hang': 0 }
  const { origin } = await httpApp(({ url = '' }, response) => {
    if (isWell) return void response.end()
    asked[url]! += 1
    if (url !== '/hang') response.writeHead(Number(url.slice(1))).end()
  })
  const target = await runningAt(origin, ['/200', 5], ['/500', 2], ['/429', 1], ['/404', 1], ['/hang', 1])
  isWell = false
  const { windows, ...rest } = await run(target, none)
  const { before, during, after } = windows
  const sum = (name: 'sent' | 'ok' | 'errors' | 'serverErrors' | 'denied' | 'pending') =>
    before[name] + during[name] + after[name]
  expect(sum('sent')).toBe(Object.values(asked).reduce((total, each) => total + each, 0))
  expect(sum('ok')).toBe(asked['/200'])
  expect(sum('serverErrors')).toBe(asked['/500'])
  expect(sum('errors')).toBe(asked['/500']! + asked['/404']!)
  expect(sum('denied')).toBe(asked['/429'])
  expect(sum('pending')).toBe(asked['/hang'])
  expect(Math.min(...Object.values(asked))).toBeGreaterThan(0)
  expect(asked['/200']).toBeGreaterThan(asked['/500']!)
  expect(during).toMatchObject({ rssMaxBytes: null, cpuMs: null, printedBytes: null })
  expect(rest).toMatchObject({ died: null, unprepared: null, lost: null, hitsUnseen: true, apart: true })
})

test('an app that is not there is why there was no load', async () => {
  const app = await httpApp((_, response) => response.end())
  await app.close()
  const { unprepared, windows } = await run(await runningAt(app.origin, ['/', 1]), none)
  expect(unprepared).toMatch(/the steady state does not hold, with nothing wrong: GET \/: .*ECONNREFUSED/)
  expect(windows.before.sent).toBe(0)
})

test('an app that the fault ends has died, and what it had answered is kept', async () => {
  const port = String(await freePort())
  const app = {
    command: [process.execPath, join(import.meta.dirname, '../experiment/apps/fatal.mjs')] as [
      string,
      string,
    ],
    readyUrl: `http://127.0.0.1:${port}/health`,
    probes: [parseProbe('/session')],
    env: { PATH: process.env['PATH'], PORT: port },
  }
  const target = await openAppTarget({ app, fault: refused })
  onTestFinished(() => target.close())
  // Long enough for an answer before it, however busy the machine.
  const { died, windows, faultAtMs, endMs } = await run(target, refused, { beforeMs: 1000 })
  expect(died).toMatch(/ended with exit code 7/)
  expect(endMs).toBeGreaterThan(faultAtMs)
  expect(windows.before.ok).toBeGreaterThan(0)
  expect(windows.before.rssMaxBytes).toBeGreaterThan(1e7)
})
