import { expect, test } from 'vitest'
import { chosenIn } from '../../../src/cli/narrowing-flags.js'
import { disturbanceOf } from '../../../src/ops/experiment/disturbance.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { faults } from '../../../src/ops/faults/index.js'
import { oom } from '../../../src/ops/faults/oom.js'
import { catalogueOf } from '../../../src/ops/keyspace/families.js'
import { familyOrPrefix } from '../../../src/ops/keyspace/family-or-prefix.js'
import { asFlags, narrowingFor, type Chosen } from '../../../src/ops/experiment/narrow.js'
import { compoundFrom, narrowingsIn } from '../../../src/ops/outage/scenario.js'
import { findDrill } from '../../../src/ops/outage/suites.js'
import { startSandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { oneDrill, TOO_BUSY } from './one-drill.js'
import { converse } from '../faults/resp/real-states.js'

const familyOf = (name: string) => familyOrPrefix(catalogueOf(), name, (meant) => `--family ${meant}`)

const narrow = (chosen: Chosen, drill = 'oom') =>
  narrowingFor(chosen, {
    seed: 1,
    familyOf,
    drills: [findDrill(drill)!],
    known: faults.filter(({ protocols }) => protocols.includes('resp')),
    spell: asFlags,
  })

test.each([
  [{ only: ['GETT'] }, 'oom', 'UNKNOWN_COMMAND', '--only GET'],
  [{ only: ['xgroup creat'] }, 'oom', 'UNKNOWN_COMMAND', '--only XGROUP CREATE'],
  [{ only: [] }, 'oom', 'NO_COMMANDS', '--only GET,SET'],
  [{ family: 'con' }, 'oom', 'UNKNOWN_FAMILY', '--family conv'],
  [{ family: `${'a'.repeat(300)}:` }, 'oom', 'BAD_PREFIX', '--family app:session:'],
  [{ probability: 0 }, 'oom', 'BAD_PROBABILITY', '--probability 0.3'],
  [{ probability: 1.01 }, 'oom', 'BAD_PROBABILITY', '--probability 0.3'],
  [{ only: ['GET'] }, 'stall', 'CANNOT_NARROW', '--drill oom'],
  [{ family: 'conv' }, 'maxclients', 'CANNOT_NARROW', '--drill oom'],
  [{ probability: 0.5 }, 'sigkill', 'CANNOT_NARROW', '--drill oom'],
  [{ only: ['GET'] }, 'upstash-500', 'CANNOT_NARROW', '--drill oom'],
])('%j of %s is refused: %s', async (chosen, drill, code, way) => {
  await expect(narrow(chosen, drill)).rejects.toMatchObject({ kind: 'usage', code, suggestions: [way] })
})

test('what is chosen is read in any case, and nothing chosen is no narrowing', async () => {
  expect(await narrow({})).toBeNull()
  expect(await narrow(chosenIn({ only: 'get, XGROUP create,', probability: '.5' }))).toEqual({
    seed: 1,
    only: ['get', 'xgroup|create'],
    probability: 0.5,
  })
  for (const probability of ['x', '1e-1', '-1', '30%'])
    expect(() => chosenIn({ probability })).toThrow('is no number')
})

test('keys are of a family by its pattern, or by how they begin', () => {
  const has = (name: string, key: string) => familyOf(name).has(Buffer.from(key))
  expect(has('auth.validation', 'copilot:auth:validation:u1')).toBe(true)
  expect(has('auth.validation', 'copilot:auth:validation:u1:more')).toBe(false)
  expect(has('app:se', 'app:session:1')).toBe(true)
  expect(has('app:session:', 'app:sessio')).toBe(false)
})

test('each fault of a scenario is narrowed for itself', async () => {
  const fault = (name: string, at: number, more: Chosen = {}) => ({ fault: name, at, for: 500, ...more })
  const scenario = (...list: ReturnType<typeof fault>[]) => ({
    name: 'x',
    summary: 'y',
    before: 500,
    after: 500,
    faults: list as never,
    budgets: {},
  })
  const played = scenario(
    fault('oom', 500, { only: ['SET'], family: 'conv' }),
    fault('stall', 0),
    fault('miss', 1000, { probability: 0.5 }),
  )
  const { steps } = compoundFrom(played, await narrowingsIn(played, { seed: 1, familyOf }))
  expect(steps.map(({ fault: { name }, narrowing }) => [name, narrowing])).toMatchObject([
    ['stall', undefined],
    ['oom', { only: ['set'], family: { name: 'conv' } }],
    ['miss', { probability: 0.5, seed: 1 }],
  ])
  for (const [wrong, code, way] of [
    [fault('stall', 0, { only: ['GET'] }), 'CANNOT_NARROW', 'fault: oom'],
    [fault('oom', 0, { only: ['GETT', 'SET'] }), 'UNKNOWN_COMMAND', 'only: [GET]'],
    [fault('oom', 0, { probability: 2 }), 'BAD_PROBABILITY', 'probability: 0.3'],
  ] as const)
    await expect(narrowingsIn(scenario(wrong), { seed: 1 })).rejects.toMatchObject({
      code,
      suggestions: [way],
    })
})

test('where it treats nothing it is not witnessed, and says what it would have had to name', async () => {
  const sandbox = await startSandbox()
  const backend = await createTcpDoor({ upstream: sandbox.redis })
  try {
    const narrowing = { seed: 1, only: ['xadd'] }
    const disturbance = disturbanceOf(oom, { backend, narrowing })
    await disturbance.begin()
    await converse(backend.port, {
      next: [
        ['SET', 'a', '1'],
        ['SET', 'b', '1'],
        ['INCR', 'c'],
        ['GET', 'a'],
      ],
    })
    await disturbance.end()
    expect(disturbance.metFirstMs?.()).toBeUndefined()
    expect(disturbance.witness()).toMatchObject({
      witnessed: false,
      evidence: expect.stringMatching(/; 3 commands \(SET, INCR\) spared$/) as string,
      counts: { commandsAnswered: 0, commandsSpared: 3 },
    })
  } finally {
    await backend.close()
    await sandbox.stop()
  }
})

test('a drill of some commands only is judged like another', { timeout: 30_000 }, async () => {
  const report = await oneDrill({
    drills: ['oom'],
    subject: 'library',
    narrowing: { only: ['SET'], family: 'drill:' },
    familyOf,
    seed: 1,
    beforeMs: 500,
    duringMs: 1000,
    afterMs: 1500,
  })
  if (TOO_BUSY.test(report.reason ?? '')) return
  expect(report.witness).toMatchObject({
    witnessed: true,
    evidence: expect.stringMatching(/ \(.*EVALSHA.*\) spared$/) as string,
  })
  expect(report.clauses.find(({ id }) => id === 'C1')).toMatchObject({ result: 'pass' })
})
