import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findRun } from '../../../src/ops/records/find-run.js'
import { listRecords } from '../../../src/ops/records/list-records.js'
import { makePageFile } from '../../../src/ops/records/page-file.js'
import { pruneRecords } from '../../../src/ops/records/prune-records.js'
import { parseRun, readRun } from '../../../src/ops/records/read-run.js'
import { startRecorder } from '../../../src/ops/records/recorder.js'
import type { LoadReport } from '../../../src/ops/report/load-report.js'
import type { OutageReport } from '../../../src/ops/report/drill-report.js'
import { failed, loadRun, passed, runOf } from './runs.js'

const HISTORY = { operations: [], writes: [], loads: [], signals: [], vitals: [] }
const SERIES = {
  faultAtMs: 1000,
  healAtMs: 2000,
  endMs: 3000,
  stepMs: 1000,
  atMs: [0, 1000, 2000],
  p50Ms: [1, null, 1],
  worstMs: [2, null, 2],
  operations: [10, 10, 10],
  errors: [0, 10, 0],
  pending: [0, 0, 0],
  late: [0, 1, 0],
  hits: [8, 0, 8],
  fallbacks: [2, 0, 2],
  rssBytes: [1, 1, 1],
  sockets: [1, 0, 1],
  inFlight: [0, 1, 0],
}

let directory: string
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'cache-records-')), 'of', 'this project')
})
afterEach(() => rmSync(join(directory, '../..'), { recursive: true, force: true }))

const at = (second: number) => new Date(Date.UTC(2026, 10, 29, 2, 10, second))
const keep = (report: OutageReport | LoadReport, { second = 0, most = 50 } = {}) =>
  startRecorder({ directory, keep: most }, { now: () => at(second) }).keep(report)
const files = () => readdirSync(directory).filter((name) => name.endsWith('.json'))
const refused = async (what: Promise<unknown>) => {
  const error = await what.then(
    () => null,
    (thrown: Error & { code: string; suggestions: string[] }) => thrown,
  )
  return { code: error?.code, message: error?.message ?? '', suggestions: error?.suggestions }
}

describe('writing', () => {
  test('what is written is read again, drill or load test', async () => {
    for (const report of [runOf(passed, failed), loadRun()]) {
      const written = (await keep(report))!
      const { record, report: read } = await findRun(directory, written.id)
      expect(record).toMatchObject({ id: written.id, start: at(0).toISOString() })
      expect(read).toEqual(JSON.parse(JSON.stringify(report)))
    }
  })

  test('its owner alone can read it, and git does not see it', async () => {
    const { file } = (await keep(runOf(passed)))!
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(readFileSync(join(directory, '.gitignore'), 'utf8')).toBe('*\n')
  })

  test('a .gitignore that somebody else has written stays', async () => {
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, '.gitignore'), '!*.json\n')
    await keep(runOf(passed))
    expect(readFileSync(join(directory, '.gitignore'), 'utf8')).toBe('!*.json\n')
  })

  test('a directory that somebody else has made gets none: it would hide what is his', async () => {
    mkdirSync(directory, { recursive: true })
    const { file } = (await keep(runOf(passed)))!
    expect(readdirSync(directory)).toEqual([basename(file)])
  })

  describe('what would be too large to be read again', () => {
    const long = (length: number) => 'k'.repeat(length)
    const withHistory = (history: object): OutageReport =>
      runOf({ ...passed, history: { ...HISTORY, ...history } })
    const keptWithin = async (report: OutageReport, largestBytes: number) =>
      startRecorder({ directory, keep: 50 }, { largestBytes }).keep(report)

    test('is kept without its history, and a warning says so', async () => {
      const plain = (await keep(runOf(passed)))!
      const limit = statSync(plain.file).size + 10_000
      const signals = [{ kind: 'log', atMs: 1, text: long(15_000) }]
      const small = (await keptWithin(withHistory({}), limit))!
      expect(small.warning).toBeUndefined()
      const kept = (await keptWithin(withHistory({ signals }), limit))!
      expect(kept.warning).toMatch(/without the history/)
      expect(statSync(kept.file).size).toBeLessThanOrEqual(limit)
      expect((await findRun(directory, kept.id)).report).toEqual(JSON.parse(JSON.stringify(runOf(passed))))
      expect((await findRun(directory, small.id)).report).toMatchObject({ drills: [{ history: HISTORY }] })
    })

    test('as is one that no string can hold', async () => {
      // What V8 throws beyond 512 MiB.
      const toJSON = () => {
        throw new RangeError('Invalid string length')
      }
      const { id, warning } = (await keep(withHistory({ toJSON })))!
      expect(warning).toMatch(/without the history/)
      expect((await findRun(directory, id)).report).toEqual(JSON.parse(JSON.stringify(runOf(passed))))
    })

    test('and is not kept where it is too large without as well', async () => {
      const { code, message } = await refused(keptWithin(withHistory({}), 100))
      expect([code, message]).toEqual(['RECORD_NOT_WRITTEN', expect.stringContaining('too large')])
      expect(files()).toEqual([])
    })

    test('keys of a history may be as long as an address', async () => {
      const write = { key: long(600), version: 2, process: 'main', committedMs: 1, acknowledgedMs: null }
      const { id } = (await keep(withHistory({ writes: [write] })))!
      expect((await findRun(directory, id)).report).toMatchObject({
        drills: [{ history: { writes: [write] } }],
      })
    })
  })

  test('forty at the same instant are forty records', async () => {
    await Promise.all(Array.from({ length: 40 }, () => keep(runOf(passed))))
    const { records, unusable } = await listRecords(directory)
    expect([records.length, new Set(records.map(({ id }) => id)).size, unusable]).toEqual([40, 40, []])
    expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('runs that end at once prune to what is to be kept, and disturb nobody', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, second) => keep(runOf(passed), { second, most: 5 })))
    await pruneRecords(directory, 5)
    const { records, unusable } = await listRecords(directory)
    expect([records.length, unusable]).toEqual([5, []])
  })

  test('0 keeps none, and makes no directory', async () => {
    expect(await keep(runOf(passed), { most: 0 })).toBeNull()
    expect(await keep(runOf())).toBeNull()
    expect(existsSync(directory)).toBe(false)
  })

  test('a place that cannot be written is told with a way out', async () => {
    mkdirSync(join(directory, '..'), { recursive: true })
    writeFileSync(directory, 'a file')
    const { code, message, suggestions } = await refused(keep(runOf(passed)))
    expect([code, message]).toEqual(['RECORD_NOT_WRITTEN', expect.stringContaining('EEXIST')])
    expect(suggestions).toContain('--no-record')
  })
})

describe('pruning', () => {
  test('the newest stay, with what else is in there', async () => {
    for (const second of [3, 1, 2, 4]) await keep(runOf(passed), { second })
    const [oldest] = files().toSorted()
    writeFileSync(join(directory, oldest!.replace('.json', '.html')), 'a page of it')
    writeFileSync(join(directory, 'mine.json'), '{}')
    expect(await pruneRecords(directory, 2)).toHaveLength(2)
    const left = readdirSync(directory)
    expect(left.filter((name) => name.includes('-stall-')).map((name) => name.slice(13, 16))).toEqual([
      '03Z',
      '04Z',
    ])
    expect(left).toContain('mine.json')
    expect(left.some((name) => name.endsWith('.html'))).toBe(false)
  })

  test('what a killed run has left goes after an hour, and is never listed', async () => {
    await keep(runOf(passed))
    const half = join(directory, '.20261129T021000Z-stall-0a1b2c.tmp')
    writeFileSync(half, '{"schema": "cache.rec')
    const { mtimeMs } = statSync(half)
    expect((await listRecords(directory)).records).toHaveLength(1)
    await pruneRecords(directory, 5, { now: () => mtimeMs + 3_000_000 })
    expect(existsSync(half)).toBe(true)
    await pruneRecords(directory, 5, { now: () => mtimeMs + 4_000_000 })
    expect(existsSync(half)).toBe(false)
  })
})

test('what has just been written stays, however many began after it', async () => {
  const later = (await keep(runOf(passed), { second: 2, most: 1 }))!
  const { id } = (await keep(runOf(failed), { second: 1, most: 1 }))!
  const idsOf = async () => (await listRecords(directory)).records.map((record) => record.id)
  expect(await idsOf()).toEqual([later.id, id])
  // Until the next one ends.
  const last = (await keep(runOf(passed), { second: 3, most: 1 }))!
  expect(await idsOf()).toEqual([last.id])
})

test('a list keeps of each record what it shows, and not the report', async () => {
  await keep(runOf(passed, failed))
  const { records } = await listRecords(directory)
  expect(records.map((record) => Object.keys(record).toSorted())).toEqual([
    ['command', 'drills', 'id', 'seconds', 'start', 'subject', 'verdict'],
  ])
})

test('what is from before there was a column is read all the same', async () => {
  const report = JSON.parse(JSON.stringify(runOf({ ...passed, series: SERIES }))) as {
    drills: { series: { late?: number[] } }[]
  }
  delete report.drills[0]!.series.late
  expect(parseRun('old.json', JSON.stringify(report)).report).toMatchObject({
    drills: [{ series: { ...SERIES, late: [] } }],
  })
})

test('the page of a record is beside it, wherever that is; of stdin there is no beside', async () => {
  const { id, file } = (await keep(runOf(passed)))!
  const elsewhere = join(directory, '..', 'copied')
  mkdirSync(elsewhere)
  copyFileSync(file, join(elsewhere, 'run.json'))
  const run = await findRun(directory, join(elsewhere, 'run.json'))
  expect((await makePageFile(run)).file).toBe(join(elsewhere, `${id}.html`))
  expect(readdirSync(directory).filter((name) => name.endsWith('.html'))).toEqual([])
  expect(await refused(makePageFile({ ...run, file: '-' }))).toMatchObject({ code: 'NOT_A_FILE' })
})

describe('finding', () => {
  test('last, the one before it, an id, its beginning, a file', async () => {
    const [one, two] = [
      (await keep(runOf(passed), { second: 1 }))!,
      (await keep(runOf(failed), { second: 2 }))!,
    ]
    const idOf = async (named: string) => (await findRun(directory, named)).record?.id
    expect(await idOf('last')).toBe(two.id)
    expect(await idOf('last~1')).toBe(one.id)
    expect(await idOf(one.id)).toBe(one.id)
    expect(await idOf('20261129T021001')).toBe(one.id)
    expect(await idOf(two.file)).toBe(two.id)
  })

  test('a report alone has no record, and is a run all the same', async () => {
    mkdirSync(directory, { recursive: true })
    const file = join(directory, 'report.json')
    writeFileSync(file, JSON.stringify(runOf(failed)))
    expect(await findRun(directory, file)).toMatchObject({ record: null, report: { verdict: 'fail' } })
  })

  test('none, too many, too few', async () => {
    expect(await refused(findRun(directory, 'last'))).toMatchObject({
      code: 'NO_RECORD',
      suggestions: ['cache simulate-outage', 'cache load-test'],
    })
    await keep(runOf(passed), { second: 1 })
    await keep(runOf(passed), { second: 2 })
    expect(await refused(findRun(directory, '2026'))).toMatchObject({
      code: 'RECORD_AMBIGUOUS',
      message: expect.stringContaining("'2026' is the beginning of 2 records"),
    })
    expect(await refused(findRun(directory, 'last~2'))).toMatchObject({ code: 'NO_RECORD' })
    expect(await refused(findRun(directory, '2027'))).toMatchObject({ code: 'UNKNOWN_RECORD' })
  })
})

describe('a file that is none', () => {
  const SECRET = 'sup3r-secret'
  interface Loose {
    start?: unknown
    report?: {
      subject: unknown
      verdict: unknown
      schema: unknown
      drills: { witness: { counts: object }; clauses: { title?: string; numbers: object }[] }[]
    }
  }
  const broken = (change: (record: Loose & Required<Pick<Loose, 'report'>>) => void) => async () => {
    const { file } = (await keep(runOf(passed)))!
    const record = JSON.parse(readFileSync(file, 'utf8')) as Required<Loose>
    change(record)
    writeFileSync(file, JSON.stringify(record))
    return file
  }

  test.each<[string, () => Promise<string>, RegExp]>([
    ['no text', broken((record) => (record.report.subject = { [SECRET]: 1 })), /report\.subject is no text/],
    ['no report', broken((record: Loose) => delete record.report), /report is no object/],
    ['no verdict', broken((record) => (record.report.verdict = SECRET)), /report\.verdict is no verdict/],
    [
      'a clause without its title',
      broken((record) => delete record.report.drills[0]!.clauses[2]!.title),
      /report\.drills\[0\]\.clauses\[2\]\.title is missing/,
    ],
    [
      'a key of its own',
      broken((record) => (record.report.drills[0]!.witness.counts = { [SECRET]: 'many' })),
      /report\.drills\[0\]\.witness\.counts has an entry that is no number/,
    ],
    [
      'a key of its own, deeper',
      broken((record) => (record.report.drills[0]!.clauses[1]!.numbers = { [SECRET]: { [SECRET]: 1 } })),
      /report\.drills\[0\]\.clauses\[1\]\.numbers has an entry that is no number/,
    ],
    ['a time that is none', broken((record) => (record.start = SECRET)), /start is no time in UTC/],
    ['another schema', broken((record) => (record.report.schema = SECRET)), /it is no record, and no report/],
    [
      'cut off',
      async () => {
        const { file } = (await keep(runOf(passed)))!
        truncateSync(file, 1000)
        return file
      },
      /it is no JSON/,
    ],
  ])('%s: named, with the field, and nothing repeated', async (_, make, why) => {
    const file = await make()
    const { code, message } = await refused(readRun(file))
    expect([code, message]).toEqual(['RECORD_UNUSABLE', expect.stringMatching(why)])
    expect(message).toContain(file)
    expect(message).not.toContain(SECRET)
  })

  test('does not stop the list, whatever it is', async () => {
    await keep(runOf(passed))
    const named = (second: number) => join(directory, `20261129T02110${second}Z-stall-0a1b2c.json`)
    writeFileSync(named(1), 'no JSON')
    symlinkSync('/etc/passwd', named(2))
    mkdirSync(named(3))
    symlinkSync('/dev/zero', named(4))
    writeFileSync(named(5), readFileSync(join(directory, files()[0]!)))
    const { records, unusable } = await listRecords(directory)
    expect(records).toHaveLength(1)
    for (const [at, why] of ['another run', 'a link', 'a directory', 'a link', 'no JSON'].entries())
      expect(unusable[at]).toContain(why)
    const last = await findRun(directory, 'last')
    expect(last.record!.id).toBe(records[0]!.id)
    expect(await refused(findRun(directory, 'last~1'))).toMatchObject({ code: 'NO_RECORD' })
    rmSync(join(directory, `${records[0]!.id}.json`))
    expect(await refused(findRun(directory, 'last'))).toMatchObject({ code: 'RECORD_UNUSABLE' })
  })

  test('stays when records are pruned, and takes the place of none', async () => {
    const foreign = join(directory, '20991129T021101Z-stall-0a1b2c.json')
    const { id } = (await keep(runOf(passed)))!
    writeFileSync(foreign, '{"schema": "cache.record/1"}')
    writeFileSync(join(directory, '20001129T021101Z-stall-0a1b2c.json'), 'mine')
    expect(await pruneRecords(directory, 1)).toEqual([])
    expect(existsSync(foreign)).toBe(true)
    expect((await findRun(directory, 'last')).record!.id).toBe(id)
  })

  test('a device and a directory are refused by name as well', async () => {
    expect((await refused(readRun('/dev/zero'))).message).toContain('it is a device')
    expect((await refused(readRun(tmpdir()))).message).toContain('it is a directory')
    expect((await refused(readRun(join(tmpdir(), 'nowhere.json')))).message).toContain('it is not there')
  })

  test('what nobody asked for gets no further', () => {
    const text = JSON.stringify({ ...runOf(passed), __proto__: { polluted: true }, more: { deep: [SECRET] } })
    expect(parseRun('a.json', text).report).toEqual(JSON.parse(JSON.stringify(runOf(passed))))
  })
})

test('a record that was made long ago is still pruned by its name, not by when its file was touched', async () => {
  const first = (await keep(runOf(passed), { second: 1 }))!
  const second = (await keep(runOf(passed), { second: 2 }))!
  utimesSync(first.file, new Date(), new Date())
  chmodSync(second.file, 0o400)
  expect(await pruneRecords(directory, 1)).toEqual([first.id])
})
