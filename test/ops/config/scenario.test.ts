import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readScenario } from '../../../src/ops/config/scenario.js'
import { compoundFrom, lengthOf } from '../../../src/ops/outage/scenario.js'

const directory = mkdtempSync(join(tmpdir(), 'scenario-'))
const path = join(directory, 'scenario.yaml')
afterAll(() => rmSync(directory, { recursive: true }))

const read = (text: string) => {
  writeFileSync(path, text)
  return readScenario(path)
}
const HEAD = 'name: x\nsummary: y\n'

describe('a scenario', () => {
  test('is read with its defaults; JSON is YAML', async () => {
    const expected = {
      name: 'x',
      summary: 'y',
      before: 2000,
      after: 6000,
      faults: [{ fault: 'stall', at: 0, for: 1500 }],
      budgets: { p99: 500 },
    }
    const yaml = `${HEAD}faults:\n  - fault: stall\n    for: 1500ms\nbudgets:\n  p99: 500ms\n`
    expect(await read(yaml)).toEqual(expected)
    const json = {
      name: 'x',
      summary: 'y',
      faults: [{ fault: 'stall', for: '1.5s' }],
      budgets: { p99: '0.5s' },
    }
    expect(await read(JSON.stringify(json))).toEqual(expected)
  })

  test.each([
    ['no settings', '- 1\n', /is no scenario/],
    ['nothing', '', /is no scenario/],
    ['no YAML, with the line', `${HEAD}faults: [`, /:3 is no YAML/],
    ['no faults', HEAD, /faults is missing/],
    ['an empty list', `${HEAD}faults: []\n`, /no fault in it/],
    ['a fault without an end', `${HEAD}faults:\n  - fault: stall\n`, /faults\[0\]\.for is missing/],
    [
      'a misspelt setting',
      `${HEAD}faults:\n  - fault: stall\n    fro: 1s\n`,
      /faults\[0\]\.fro is no setting/,
    ],
    [
      'a length that is none',
      `${HEAD}faults:\n  - fault: stall\n    for: 3 s\n`,
      /faults\[0\]\.for is not a duration/,
    ],
    [
      'a share that is none',
      `${HEAD}faults:\n  - {fault: oom, for: 1s, probability: 0}\n`,
      /faults\[0\]\.probability is not a share/,
    ],
    [
      'commands that are no list',
      `${HEAD}faults:\n  - {fault: oom, for: 1s, only: GET}\n`,
      /faults\[0\]\.only is not a list of commands/,
    ],
    [
      'a name with spaces',
      'name: a b\nsummary: y\nfaults:\n  - {fault: stall, for: 1s}\n',
      /name is not in kebab-case/,
    ],
    [
      'a budget that is none',
      `${HEAD}faults:\n  - {fault: stall, for: 1s}\nbudgets: {p98: 1s}\n`,
      /budgets\.p98 is no setting/,
    ],
  ])('%s is an error that says where', async (_what, text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(message) as string,
    })
  })

  test('that is not there is an error, and a bomb of aliases does not go off', async () => {
    await expect(readScenario(join(directory, 'none.yaml'))).rejects.toThrow('is not there')
    await expect(readScenario(directory)).rejects.toThrow('is a directory')
    const bomb = [
      'a: &a [x, x, x, x]',
      ...'bcdefgh'
        .split('')
        .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(', ')}]`),
    ].join('\n')
    await expect(read(bomb)).rejects.toMatchObject({ name: 'UsageError' })
  })

  test('the examples can be played', async () => {
    for (const file of readdirSync('examples/scenarios')) {
      const compound = compoundFrom(await readScenario(`examples/scenarios/${file}`))
      expect(`${compound.name}.yaml`).toBe(file)
      expect(lengthOf(compound)).toBeGreaterThanOrEqual(4000)
    }
  })
})

describe('its faults', () => {
  const compound = (...faults: [fault: string, at: number, forMs: number][]) =>
    compoundFrom({
      name: 'x',
      summary: 'y',
      before: 1000,
      after: 1000,
      budgets: {},
      faults: faults.map(([fault, at, forMs]) => ({ fault, at, for: forMs })),
    })

  test('can together break what one of them can, and last from the first to the last', () => {
    const both = compound(['supabase-slow', 500, 1000], ['upstash-429', 0, 700])
    expect(both.steps.map(({ fault }) => fault.name)).toEqual(['upstash-429', 'supabase-slow'])
    expect(both.breaks).toContain('C9')
    expect(Object.keys(both.spares ?? {}).filter((id) => both.breaks.includes(id as never))).toEqual([])
    expect(both).toMatchObject({ takesSource: true, protocols: ['rest', 'postgrest'] })
    expect(lengthOf(both)).toBe(1500)
  })

  test.each([
    [
      'at the same door at once',
      [
        ['stall', 0, 1000],
        ['oom', 500, 1000],
      ] as const,
      /stall and oom happen at the same door/,
    ],
    ['that begin later than at 0', [['stall', 10, 1000]] as const, /none of its faults begins at 0s/],
    ['that do not exist', [['stal', 0, 1000]] as const, /there is no fault "stal"/],
  ])('%s are an error', (_what, faults, message) => {
    expect(() => compound(...faults.map((each) => [...each] as [string, number, number]))).toThrow(message)
  })

  test('one may begin at the instant at which another ends', () => {
    expect(() => compound(['stall', 0, 1000], ['oom', 1000, 1000])).not.toThrow()
  })
})
