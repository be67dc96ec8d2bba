import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parseProbe } from '../../../src/ops/config/probes/parse-probe.js'
import { readProbesFile } from '../../../src/ops/config/probes/probes-file.js'
import type { AppSpec } from '../../../src/ops/experiment/app/app.js'
import { monotonicMs } from '../../../src/ops/experiment/monotonic.js'
import { checkAppTarget, openAppTarget } from '../../../src/ops/load/app-target.js'
import { httpPerformer } from '../../../src/ops/load/generator/http-performer.js'
import { OUTCOME } from '../../../src/ops/load/generator/outcome.js'
import { none } from '../../../src/ops/load/none.js'
import type { LoadTarget } from '../../../src/ops/load/target.js'
import { freePort } from '../../../src/ops/sandbox/free-port.js'
import { faults } from '../../../src/ops/faults/index.js'

const APPS = join(import.meta.dirname, '../experiment/apps')
const faultNamed = (name: string) => [none, ...faults].find((each) => each.name === name)!

async function appOf(name: string, env: Record<string, string> = {}): Promise<AppSpec> {
  const port = String(await freePort())
  return {
    command: [process.execPath, join(APPS, `${name}.mjs`)],
    readyUrl: `http://127.0.0.1:${port}/health`,
    probes: [parseProbe('GET /session expect 200')],
    env: { PATH: process.env['PATH'], PORT: port, ...env },
  }
}

async function opened(app: AppSpec, fault: string): Promise<LoadTarget> {
  const target = await openAppTarget({ app, fault: faultNamed(fault) })
  onTestFinished(() => target.close())
  return target
}

/** Asks its first endpoint. */
async function asked({ surface }: LoadTarget, count = 1): Promise<(number | null)[]> {
  if (surface.type !== 'http') throw new Error('no app')
  const performer = httpPerformer({ ...surface, declared: {} }, { seed: 1 })
  const outcomes = await Promise.all(Array.from({ length: count }, () => performer.draw().start()))
  await performer.close()
  return outcomes.map((outcome) => outcome && outcome & ~7)
}

test('an app stands ready, loses its Redis, and is seen from outside', async () => {
  const { probes: _, ...declared } = readProbesFile(join(APPS, 'good.probes.yaml'))
  const env = { SUPABASE_URL: 'https://real.supabase.co', SUPABASE_SERVICE_ROLE_KEY: 'secret' }
  const app = {
    ...(await appOf('good', env)),
    probes: [{ ...parseProbe('GET /policies'), weight: 3 }],
    declared,
  }
  const target = await opened(app, 'refused')
  expect(target.problem).toBeUndefined()
  expect(target).toMatchObject({
    name: expect.stringMatching(/^node .*good\.mjs$/) as unknown,
    apart: true,
    hitsUnseen: true,
    loadsUnseen: false,
    limiters: [{ name: 'login', limit: 5, windowMs: 500, onUnavailable: 'deny' }],
    surface: {
      endpoints: [{ probe: { path: '/policies' }, weight: 3 }],
      declared: { read: { path: '/items/{key}' }, write: { body: '{"version": {version}}' } },
    },
    environment: { emulated: ['Supabase REST endpoint'] },
  })
  expect(target.unused()).toBeNull()

  const originMs = monotonicMs()
  target.begin(originMs)
  expect(await asked(target, 5)).toEqual([0, 0, 0, 0, 0])
  expect(target.take().loads).toEqual([])
  target.fault()
  await target.disturbance.begin()
  expect(await asked(target)).toEqual([0])
  const { loads, signals } = target.take()
  // What it prints comes through a pipe.
  while (signals.length === 0) {
    await new Promise(setImmediate)
    signals.push(...target.take().signals)
  }
  expect(loads).toHaveLength(1)
  expect(loads[0]).toBeGreaterThan(0)
  expect(signals.at(-1)).toMatchObject({ kind: 'log' })
  await target.disturbance.end()
  expect(target.disturbance.witness()).toMatchObject({ witnessed: true })

  await target.close()
  await Promise.all(target.processes.map(({ ended }) => ended))
  expect(await asked(target)).toEqual([OUTCOME.error])
})

test('what its processes use and print is seen from the first instant', async () => {
  const target = await opened(await appOf('good'), 'none')
  target.begin(monotonicMs())
  const [first] = target.take().vitals
  expect(first).toMatchObject({ printedBytes: 0 })
  expect(first!.rssBytes).toBeGreaterThan(1e7)
  expect(first!.cpuMs).toBeGreaterThan(0)
  expect(first!.sockets).toBeGreaterThan(0)
  expect(target.take()).toEqual({ loads: [], vitals: [], signals: [] })
  expect(target).toMatchObject({ loadsUnseen: true, limiters: [] })
})

test('an app that dies of the fault has ended, with its last words', async () => {
  const target = await opened(await appOf('fatal'), 'refused')
  await target.disturbance.begin()
  expect(await target.processes[0]?.ended).toMatch(/exit code 7; the last it printed: Error: lost Redis/)
})

test('an app that never gets there is a problem, and one that reads another variable is told so', async () => {
  const dying = await opened(await appOf('fatal', { DIE_AFTER: '2' }), 'refused')
  expect(dying.problem).toMatchObject({
    reason: 'died',
    what: expect.stringMatching(/exit code 9/) as unknown,
  })
  const app = { ...(await appOf('good')), probes: [parseProbe('GET /session expect 204')] }
  const wrong = await opened(app, 'refused')
  expect(wrong.problem).toMatchObject({
    reason: 'unprepared',
    what: expect.stringMatching(/GET \/session answered 200, expected 204/) as unknown,
  })
  const deaf = await opened(await appOf('deaf'), 'refused')
  expect(deaf.problem).toBeUndefined()
  expect(await deaf.unused()).toMatch(/--redis-variable CACHE_STORE_REDIS_URL$/)
})

test('nonsense is refused before anything is started', async () => {
  const app = await appOf('good')
  const refusal = (changed: Partial<AppSpec>, fault: string) => {
    try {
      return checkAppTarget({ ...app, ...changed }, faultNamed(fault))
    } catch (error) {
      return error
    }
  }
  expect(refusal({}, 'stall')).toBeUndefined()
  expect(refusal({ probes: [] }, 'stall')).toMatchObject({ code: 'NO_PROBE' })
  expect(refusal({ readyUrl: 'http://192.0.2.1/' }, 'stall')).toMatchObject({ code: 'BAD_READY_URL' })
  expect(refusal({}, 'dns')).toMatchObject({
    code: 'DOES_NOT_FIT',
    message: 'The fault dns changes how a client is made, which cannot be done to an app from outside.',
  })
  expect(refusal({}, 'upstash-500')).toMatchObject({ code: 'DOES_NOT_FIT' })
  await expect(opened({ ...app, command: ['/there/is/none'] }, 'stall')).rejects.toMatchObject({
    code: 'COMMAND_NOT_FOUND',
  })
})
