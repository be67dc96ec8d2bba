import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CorpusCase } from './case.js'
import { cases } from './cases/index.js'
import { flipsOf } from './flips.js'
import { matrixOf, type Judged } from './matrix.js'
import { readOptions } from './options.js'
import { play } from './play.js'
import { outcomeOf, type Outcome } from './run-case.js'
import { runKey, runsOf, type CorpusRun } from './runs.js'
import { caseLine, corpusText, signsOf } from './text.js'
import { twinDistance } from './twin-distance.js'

const FEWEST_HAZARDS = 20
const MOST_LINES = 10
/** What would tell a reader, or a drill, which of the twins it has before it. */
const TELLING =
  /\b(?:defect\w*|bugs?|buggy|sound|hazard\w*|H\d{1,2}|broken|naive|careless|wrong|mistake\w*|faulty|twin|drill|fixme|todo)\b/i

const read = (path: string) => readFileSync(join('test/corpus', path), 'utf8')
const files = (each: CorpusCase) => [each.sound, each.defective]

describe('the cases', () => {
  test('are of many hazards, under ids of their own', () => {
    expect(new Set(cases.map(({ hazard }) => hazard)).size).toBeGreaterThanOrEqual(FEWEST_HAZARDS)
    const ids = cases.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)])
    expect(ids.filter((id) => !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id))).toEqual([])
  })

  test('have every client and framework that people use', () => {
    const frameworks = new Set(cases.map(({ framework }) => framework).filter((name) => name !== undefined))
    expect([...frameworks].sort()).toEqual(['express', 'fastify', 'next-style', 'node:http'])
    const clients = ['ioredis 6', 'ioredis 5', 'node-redis 6', 'keyv', 'cache-manager', 'bentocache']
    clients.push('rate-limiter-flexible', '@upstash/redis', '@upstash/ratelimit')
    expect(clients.filter((name) => !cases.some(({ client }) => client.startsWith(name)))).toEqual([])
  })

  test('stand in docs/corpus.md, each with its mistake and its clause', () => {
    const page = readFileSync('docs/corpus.md', 'utf8').replaceAll(/ +/g, ' ')
    expect(cases.map(caseLine).filter((line) => !page.includes(line))).toEqual([])
  })

  test.each(cases)('$id: the twins are there, alike but for a few lines', (each) => {
    const needed = [...files(each), ...(each.probes ? [each.probes] : [])]
    expect(needed.filter((path) => !existsSync(join('test/corpus', path)))).toEqual([])
    expect(each.kind === 'app').toBe(each.probes !== undefined && each.framework !== undefined)
    const distance = twinDistance(read(each.sound), read(each.defective))
    expect(distance).toBeGreaterThan(0)
    expect(distance).toBeLessThanOrEqual(MOST_LINES)
  })

  test('are all that is there, and say nothing of what they are', () => {
    const there = ['apps', 'modules'].flatMap((directory) =>
      (existsSync(join('test/corpus', directory)) ? readdirSync(join('test/corpus', directory)) : []).map(
        (name) => `${directory}/${name}`,
      ),
    )
    expect(there.sort()).toEqual([...new Set(cases.flatMap(files))].sort())
    const telling = there.map((path) => `${path}: ${TELLING.exec(read(path))?.[0]}`)
    expect(telling.filter((line) => !line.endsWith(': undefined'))).toEqual([])
  })
})

test('twins differ by the lines that were added or removed, whichever are more', () => {
  expect(twinDistance('a\nb\nc', 'a\nb\nc')).toBe(0)
  expect(twinDistance('a\nb\nc', 'a\nx\ny\nc')).toBe(2)
  expect(twinDistance('a\nb\nc\nd', 'd')).toBe(3)
})

const made = (id: string, more: Partial<CorpusCase> = {}): CorpusCase => ({
  id,
  hazard: 'H16',
  title: 'a mistake',
  clause: 'C3',
  kind: 'app',
  client: 'ioredis 6',
  sound: 'apps/shared.mjs',
  defective: `apps/${id}.mjs`,
  drill: 'stall',
  ...more,
})
const said = (verdict: Outcome['verdict'], ...failed: Outcome['failed']): Outcome => ({
  verdict,
  failed,
  reason: verdict === 'inconclusive' ? 'the machine was busy' : null,
  findings: failed.map((id) => `${id}: seen`),
  durationMs: 1000,
})
const judged = (id: string, sound: Outcome, defective: Outcome): Judged => ({
  each: made(id),
  sound,
  defective,
})

describe('what was true against what was said', () => {
  const shared = said('pass')
  const made = [
    judged('found', shared, said('fail', 'C3', 'C6')),
    judged('missed', shared, said('pass')),
    judged('by-another', shared, said('fail', 'C1')),
    judged('alarm', said('fail', 'C9'), said('fail', 'C3')),
    judged('untold', said('inconclusive'), said('inconclusive')),
  ]

  test('counts a miss, a false alarm and what could not be told, and a shared twin once', () => {
    expect(matrixOf(made)).toEqual({
      sound: { passed: 1, flagged: 1, inconclusive: 1 },
      defective: { flagged: 2, otherwise: 1, passed: 1, inconclusive: 1 },
      wrong: [
        'missed, defective: missed',
        'by-another, defective: flagged, but not by its clause (C1: seen)',
        'alarm, sound: a false alarm (C9: seen)',
        'untold, defective: inconclusive (the machine was busy)',
        'untold, sound: inconclusive (the machine was busy)',
      ],
    })
    expect(matrixOf(made.slice(0, 1)).wrong).toEqual([])
  })

  test('is told with how often a verdict flipped', () => {
    const again = made.map((each) => (each.each.id === 'found' ? { ...each, defective: said('pass') } : each))
    expect(flipsOf(signsOf([made, made, again]))).toEqual({
      runs: 24,
      flipped: 1,
      rate: 1 / 24,
      told: ['found, defective: C3 2, pass 1'],
    })
    const text = corpusText([made, again], 100)
    expect(text).toMatch(/^ok +H16 +found +ioredis 6 +stall +pass +FAIL C3 \(C6\) +2$/m)
    expect(text).toMatch(/^LOST +H16 +missed +ioredis 6 +stall +pass +pass +2$/m)
    expect(text).toMatch(/^defective +3 +3 +2 +2$/m)
    expect(text).toContain('flips: 1 of 16 drills (6.3 %)')
    expect(text).toContain('cases 5, hazards 1, passes 2, 100 s')
  })

  test('of nothing is nothing', () => {
    expect(flipsOf(new Map())).toMatchObject({ runs: 0, rate: 0 })
  })
})

describe('a pass', () => {
  const two = [made('one'), made('two'), made('three', { drill: 'refused' })]

  test('drills a file that cases share once for each drill, in an order and under names of the seed', () => {
    const runs = runsOf(two, 1)
    expect(runs.size).toBe(5)
    expect([...runsOf(two, 1)]).toEqual([...runs])
    const aliases = (seed: number) => [...runsOf(two, seed).values()].map(({ alias }) => alias)
    expect(aliases(2)).not.toEqual(aliases(1))
    expect([...runsOf(two, 2).keys()].sort()).toEqual([...runs.keys()].sort())
    expect(runs.get(runKey(two[0]!, 'sound'))?.flags.slice(0, 2)).toEqual(['--drill', 'stall'])
  })

  test('lets the flags of a case count, for both of its files', () => {
    const [sound, defective] = runsOf([made('one', { flags: ['--after', '6s'] })], 1).values()
    expect(sound?.flags).toEqual(defective?.flags)
    expect(sound?.flags.join(' ')).toBe('--drill stall --before 2s --during 4s --rate 60 --after 6s')
  })

  test('tells of a case once both are known, with two at a time, and stops when it is told to', async () => {
    const stop = new AbortController()
    const told: string[] = []
    let atOnce = 0
    let most = 0
    const drill = async ({ file }: CorpusRun) => {
      most = Math.max(most, ++atOnce)
      await Promise.resolve()
      atOnce -= 1
      return file.includes('shared') ? said('pass') : said('fail', 'C3')
    }
    const playing = { seed: 3, jobs: 2, signal: stop.signal, drill }
    const all = await play(two, { ...playing, onJudged: ({ each }) => told.push(each.id) })
    expect(all.map(({ each }) => each.id)).toEqual(['one', 'two', 'three'])
    expect(told.sort()).toEqual(['one', 'three', 'two'])
    expect(all[0]?.sound).toBe(all[1]?.sound)
    expect(most).toBe(2)
    const stopping = async () => {
      stop.abort()
      return said('inconclusive')
    }
    expect(await play(two, { ...playing, drill: stopping, onJudged: () => {} })).toEqual([])
  })

  test('drills again what could not be told, as often as it is asked to, and says so', async () => {
    let drills = 0
    const drill = () => Promise.resolve(++drills % 3 === 0 ? said('fail', 'C3') : said('inconclusive'))
    const playing = { seed: 3, jobs: 1, signal: new AbortController().signal, drill, onJudged: () => {} }
    const once = await play([made('one')], { ...playing, again: 1 })
    expect([once[0]?.sound.untold, once[0]?.defective.untold]).toContain(1)
    drills = 0
    const twice = await play([made('one')], { ...playing, again: 2 })
    expect(twice[0]).toMatchObject({ defective: { verdict: 'fail', untold: 2 }, sound: { untold: 2 } })
    expect(corpusText([twice], 1)).toContain('4 drills could not tell, and were made again')
  })

  test('takes from a report its verdict, its failed clauses and why, and from none what was said instead', () => {
    const clauses = [
      { id: 'C1', result: 'pass', evidence: '' },
      { id: 'C3', result: 'fail', evidence: 'slow' },
    ]
    const report = (more: object) => outcomeOf(JSON.stringify(more), '', 1)
    expect(report({ verdict: 'fail', drills: [{ clauses }] })).toEqual({
      verdict: 'fail',
      failed: ['C3'],
      findings: ['C3: slow'],
      reason: null,
    })
    expect(report({ verdict: 'inconclusive', drills: [{ reason: 'busy', clauses: [] }] }).reason).toBe('busy')
    expect(outcomeOf('{"error":{"message":"no such file"}}', '', 2).reason).toBe('exit 2: no such file')
    expect(outcomeOf('', 'a\nlast\n', 70)).toMatchObject({ verdict: 'inconclusive', reason: 'exit 70: last' })
  })
})

describe('the command line', () => {
  const all = [made('one'), made('two', { kind: 'module' })]
  const ids = (...words: string[]) => {
    const options = readOptions(words, all)
    return 'error' in options ? options.error : options.cases.map(({ id }) => id)
  }

  test('chooses cases', () => {
    expect(ids()).toEqual(['one', 'two'])
    expect(ids('--group', 'modules')).toEqual(['two'])
    expect(ids('--case', 'one')).toEqual(['one'])
    expect(readOptions(['--repeat', '5', '--seed', '7', '--jobs', '2'], all)).toMatchObject({
      repeat: 5,
      seed: 7,
      jobs: 2,
    })
  })

  test.each([
    [['--case', 'none'], '--case none: there is no such case; there are one, two'],
    [['--group', 'x'], '--group x: there are apps and modules'],
    [['--repeat', '0'], '--repeat 0: give a whole number from 1 to 100'],
    [['--jobs', 'many'], '--jobs many: give a whole number from 1 to 8'],
    [['--case', 'one', '--group', 'modules'], 'no case is of that --group and --case; leave one of them out'],
    [['--what'], "Unknown option '--what'"],
  ])('%j is refused', (words, message) => {
    expect(ids(...words)).toContain(message)
  })
})
