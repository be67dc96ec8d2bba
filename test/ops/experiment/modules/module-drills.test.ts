import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Measurement } from '../../../../src/ops/experiment/measurement.js'
import { openRig, type Rig } from '../../../../src/ops/experiment/rig.js'
import { runExperiment } from '../../../../src/ops/experiment/run.js'
import { moduleInFlags } from '../../../../src/ops/experiment/subjects/module/module-in-flags.js'
import { refused } from '../../../../src/ops/faults/refused.js'
import { judge } from '../../../../src/ops/outage/judge.js'

const FIXTURES = 'test/ops/experiment/modules/fixtures'
const EXAMPLES = 'examples/modules'

let rigs: Rig[]
beforeAll(async () => {
  rigs = await Promise.all([openRig(), openRig(), openRig()])
}, 60_000)
afterAll(() => Promise.all(rigs.map((rig) => rig.close())))

const plan = { seed: 1, ratePerSecond: 50, arrivals: 'constant', graceMs: 200 } as const
const short = { ...plan, beforeMs: 600, duringMs: 3000, afterMs: 500 }

function drill(module: string, rig: number, phases: Partial<typeof short> = {}): Promise<Measurement> {
  const subject = moduleInFlags(module, {}, {})!
  return runExperiment({ ...short, ...phases, fault: refused, subject, rig: rigs[rig]! })
}

/** Whatever the machine is doing: it is about what was measured, not about how late. */
const clausesOf = (measurement: Measurement) =>
  Object.fromEntries(
    judge(onTime(measurement), refused).clauses.map(({ id, result, evidence }) => [
      id,
      `${result}: ${evidence}`,
    ]),
  )

function onTime(measurement: Measurement): Measurement {
  return {
    ...measurement,
    operations: measurement.operations.map((each) => ({ ...each, dueMs: each.startMs })),
  }
}

describe('a drill of', { timeout: 60_000 }, () => {
  test('keyv, a limiter, and a factory that gives null without REDIS_URL', async () => {
    const [keyv, limiter, configured] = await Promise.all([
      drill(`${EXAMPLES}/keyv.mjs`, 0),
      drill(`${EXAMPLES}/rate-limiter-flexible.mjs#createLimiter`, 1),
      drill(`${FIXTURES}/only-configured.mjs`, 2),
    ])

    expect(keyv).toMatchObject({
      subject: `${EXAMPLES}/keyv.mjs`,
      unprepared: null,
      died: null,
      ttlLeftOut: true,
    })
    const ofKeyv = clausesOf(keyv)
    expect(ofKeyv['C3']).toMatch(/^fail/)
    expect(ofKeyv['C5']).toMatch(
      /^pass: Keyv with Redis and during the fault, Keyv unconfigured, each with delete, get, set/,
    )
    expect(ofKeyv['C11']).toMatch(/^not judged: .*--module-ttl/)

    const ofLimiter = clausesOf(limiter)
    expect(limiter.limiting?.limiters).toMatchObject([{ limit: 5, windowMs: 1000 }])
    expect(ofLimiter['C1']).toMatch(/^fail: \d+ of \d+ operations threw/)
    expect(ofLimiter['C4']).toMatch(/^fail: .* threw at their caller/)
    expect(ofLimiter['C5']).toMatch(/^fail|^pass/)
    for (const id of ['C2', 'C7', 'C8', 'C9'])
      expect(ofLimiter[id]).toMatch(/^not judged: the subject is a limiter/)

    expect(configured.clients).toMatchObject([{ library: 'ioredis@6', options: { commandTimeout: 400 } }])
    expect(configured.instances).toMatchObject([
      { condition: 'healthy', type: 'Object', methods: ['delete', 'get', 'set'] },
      { condition: 'unconfigured', type: null, error: null },
      { condition: 'fault', error: expect.stringMatching(/Error/) },
    ])
    expect(clausesOf(configured)['C5']).toMatch(/^fail: The factory returned null/)
  })

  test('one that never asks Redis proves nothing, and hears how it is told where that is', async () => {
    const { unprepared, faultAtMs, endMs } = await drill(`${FIXTURES}/in-memory.mjs`, 0)
    expect(unprepared).toMatch(/in-memory\.mjs never connected to Redis.* REDIS_URL, and by redisUrl/)
    expect(faultAtMs).toBe(endMs)
  })

  test('what is no subject is none, and nothing is drilled', async () => {
    const [thrown, shapeless, failing, unmade] = await Promise.all(
      ['throws-on-import.mjs', 'one.cjs', 'set-needs-ttl.mjs', 'unmade.mjs'].map((file, rig) =>
        drill(`${FIXTURES}/${file}`, rig % rigs.length).then(
          () => null,
          (error: unknown) => error,
        ),
      ),
    )
    const usage = (code: string, says: RegExp) => ({
      kind: 'usage',
      code,
      message: expect.stringMatching(says) as string,
    })
    expect(thrown).toMatchObject(usage('MODULE_NOT_IMPORTED', /: Error: DATABASE_URL is missing\./))
    expect(shapeless).toMatchObject(usage('MODULE_SHAPE', /it has the methods ping/))
    expect(failing).toMatchObject(usage('MODULE_FAILS', /set of .* ERR value is not an integer/))
    expect(unmade).toMatchObject(
      usage('MODULE_FAILS', /the factory of .*unmade\.mjs threw Error: no APP_NAME/),
    )
  })
})

test('the command tells it in one line, without a stack', async () => {
  const args = [
    'bin/run.js',
    'simulate-outage',
    '--drill',
    'refused',
    '--module',
    `${FIXTURES}/several.mjs#createCash`,
  ]
  const run = await promisify(execFile)(process.execPath, args).catch((error: unknown) => error)
  expect(run).toMatchObject({ code: 2, stdout: '' })
  const { stderr } = run as { stderr: string }
  expect(stderr).toMatch(
    /does not export "createCash"; it exports VERSION, createCache, createSession\.\nTry: --module/,
  )
  expect(stderr).not.toMatch(/\n\s+at /)
})
