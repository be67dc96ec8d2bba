import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cache, interruptAt, type Run } from '../../support/cache.js'
import { cacheHere } from '../../support/here.js'
import type { DrillCompareReport } from '../../../src/ops/report/drill-compare-report.js'
import type { LoadCompareReport } from '../../../src/ops/report/load-compare-report.js'
import type { RecordListReport } from '../../../src/ops/report/record-list-report.js'
import type { Report } from '../../../src/ops/report/report.js'
import type { RunRecord } from '../../../src/ops/report/run-record.js'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cache-report-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const RECORDS = '.cache/records'
const AROUND = ['--before', '500ms', '--after', '1s', '--rate', '50']
const SHORT = [...AROUND, '--during', '1s']
const drill = (...more: string[]) => ['simulate-outage', '--drill', 'refused', ...SHORT, ...more]
const longDrill = (...more: string[]) => [
  'simulate-outage',
  '--drill',
  'stall',
  ...AROUND,
  '--during',
  '30s',
  ...more,
]
const recordsIn = (cwd: string) =>
  existsSync(join(cwd, RECORDS))
    ? readdirSync(join(cwd, RECORDS)).filter((name) => name.endsWith('.json'))
    : []
const recordIn = (cwd: string) =>
  JSON.parse(readFileSync(join(cwd, RECORDS, recordsIn(cwd)[0]!), 'utf8')) as RunRecord
const documentOf = <R extends Report>({ stdout }: Run) => JSON.parse(stdout) as R

function place(name: string): string {
  const cwd = join(root, name)
  mkdirSync(cwd)
  writeFileSync(join(cwd, 'package.json'), '{}')
  return cwd
}

describe('a real drill', { timeout: 90_000 }, () => {
  test('leaves a record, which is shown as the run was, and compared', async () => {
    const cwd = place('drill')
    const run = await cache(drill('--subject', 'naive-ioredis6'), { cwd })
    expect([0, 1, 3]).toContain(run.code)
    const [name] = recordsIn(cwd)
    expect(run.stderr).toContain(
      `record   ${RECORDS}/${name}\n         cache report show ${name!.replace('.json', '')}\n`,
    )
    const { run: applied, rollbacks, report, start, end } = recordIn(cwd)
    expect([applied, rollbacks]).toMatchObject([
      [{ activity: { name: 'apply refused' } }],
      [{ activity: { name: 'lift refused' } }],
    ])
    expect(applied[0]!.duration).toBeGreaterThan(0.9)
    expect([start < applied[0]!.start, applied[0]!.end < end]).toEqual([true, true])

    const shown = await cacheHere(['report', 'show'], { cwd })
    expect([shown.code, shown.stdout]).toEqual([0, run.stdout])
    const json = await cacheHere(['report', 'show', 'last', '--json'], { cwd })
    expect([json.code, documentOf(json)]).toEqual([0, report])

    const same = await cacheHere(['report', 'compare', 'last', 'last', '--json'], { cwd })
    const { verdict, drills } = documentOf<DrillCompareReport>(same)
    // What proved nothing the first time does not with itself.
    expect([same.code, verdict]).toEqual(
      report.verdict === 'inconclusive' ? [3, 'inconclusive'] : [0, 'pass'],
    )
    expect(drills[0]!.clauses.every(({ change }) => change === 'same')).toBe(true)
  })

  test('that is interrupted leaves one that says so', async () => {
    const cwd = place('interrupted')
    const run = await cache(longDrill(), { cwd, onStderr: interruptAt(/Redis is away/) })
    expect([run.code, run.stderr]).toEqual([130, expect.stringContaining('record   ')])
    expect(recordIn(cwd)).toMatchObject({ status: 'interrupted', report: { interrupted: true } })
    const shown = await cacheHere(['report', 'show'], { cwd })
    expect([shown.code, shown.stdout]).toEqual([0, run.stdout])
    // A partial run proves nothing against anything.
    expect((await cacheHere(['report', 'compare', 'last', 'last'], { cwd })).code).toBe(3)
  })

  test('that a condition ends leaves one that says so, in every format', async () => {
    const cwd = place('stopped')
    const abort = [
      '--subject',
      'naive-ioredis6',
      '--abort-if',
      'pending > 5',
      '--reporter',
      'markdown',
      '--quiet',
    ]
    const run = await cache(longDrill(...abort), { cwd })
    expect([run.code, run.stderr]).toEqual([4, expect.not.stringContaining('record ')])
    expect(recordIn(cwd)).toMatchObject({ status: 'aborted', report: { stoppedBy: expect.any(String) } })
  })

  test('--no-record leaves none; a place that cannot be written is a warning, and the exit code stays', async () => {
    const [none, closed] = [place('none'), place('closed')]
    const list = await cache(drill('--no-record'), { cwd: none })
    expect([recordsIn(none), existsSync(join(none, '.cache'))]).toEqual([[], false])
    writeFileSync(join(closed, 'records'), 'a file in its place')
    const run = await cache(drill('--json'), { cwd: closed, env: { CACHE_RECORDS_DIRECTORY: 'records' } })
    expect([0, 3]).toContain(run.code)
    expect([0, 3]).toContain(list.code)
    expect(documentOf(run).warnings).toEqual([
      expect.stringMatching(/The record of this run could not be written to records \(EEXIST\)/),
    ])
  })

  test('--list and what never began leave none', async () => {
    const cwd = place('list')
    expect((await cache(['simulate-outage', '--list'], { cwd })).code).toBe(0)
    expect((await cache(['simulate-outage', '--drill', 'stal'], { cwd })).code).toBe(2)
    expect(existsSync(join(cwd, '.cache'))).toBe(false)
  })
})

test(
  'a load test leaves one as well, and an --output that is full does not take it away',
  { timeout: 60_000 },
  async () => {
    const cwd = place('load')
    const run = await cache(['load-test', '--fault', 'refused', ...SHORT, '--output', 'json=/dev/full'], {
      cwd,
    })
    expect([run.code, run.stderr]).toEqual([3, expect.stringContaining('/dev/full')])
    const { report, run: applied } = recordIn(cwd)
    expect(report).toMatchObject({ command: 'load-test', fault: 'refused' })
    expect(report.error).toBeUndefined()
    expect(applied).toHaveLength(1)
    const shown = await cacheHere(['report', 'show', '--json'], { cwd })
    expect([shown.code, documentOf(shown)]).toEqual([0, report])
    expect('timeline' in report && report.timeline.some(({ rssBytes }) => (rssBytes ?? 0) > 0)).toBe(true)
    const same = await cacheHere(['report', 'compare', 'last', 'last', '--anyway', '--json'], { cwd })
    const { verdict, reason } = documentOf<LoadCompareReport>(same)
    // What was not sound the first time proves nothing against itself.
    const unsound = 'reason' in report && report.reason !== undefined
    expect([same.code, verdict, reason]).toEqual(
      unsound ? [3, 'inconclusive', expect.stringContaining(report.reason!)] : [0, 'pass', undefined],
    )
  },
)

describe('cache report', () => {
  // Sound runs, as they were written; the newest is the worse.
  const copied = (cwd: string, names: Record<string, object>) => {
    mkdirSync(join(cwd, RECORDS), { recursive: true })
    for (const [id, record] of Object.entries(names))
      writeFileSync(join(cwd, RECORDS, `${id}.json`), JSON.stringify(record))
  }
  const fixture = (name: string) =>
    JSON.parse(readFileSync(`test/ops/load/fixtures/${name}.json`, 'utf8')) as object
  const record = (id: string, report: object) => ({
    schema: 'cache.record/1',
    id,
    start: '2026-11-29T02:10:33.000Z',
    end: '2026-11-29T02:11:03.000Z',
    report,
  })
  const [OLD, NEW] = ['20261129T021033Z-load-stall-0a1b2c', '20261129T021133Z-load-stall-0a1b2d']

  test('list: none at first, and how to make one', async () => {
    const cwd = place('empty')
    const [text, json] = [
      await cacheHere(['report', 'list'], { cwd }),
      await cacheHere(['report', 'list', '--json'], { cwd }),
    ]
    expect([text.code, json.code]).toEqual([0, 0])
    expect(text.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'cache simulate-outage and cache load-test leave one each',
    )
    expect(documentOf<RecordListReport>(json).records).toEqual([])
    const show = await cacheHere(['report', 'show', '--json'], { cwd })
    expect([show.code, documentOf(show).error?.code]).toEqual([2, 'NO_RECORD'])
  })

  test('list, show, compare: newest first, a broken one is a warning', async () => {
    const cwd = place('some')
    copied(cwd, {
      [OLD]: record(OLD, fixture('library-1')),
      [NEW]: record(NEW, fixture('naive')),
      '20261129T021233Z-load-stall-0a1b2e': {},
    })
    const list = documentOf<RecordListReport>(await cacheHere(['report', 'list', '--json'], { cwd }))
    expect(list.records).toMatchObject([
      { id: NEW, subject: 'naive-ioredis6', drills: ['stall'], seconds: 30 },
      { id: OLD, subject: 'library' },
    ])
    expect(list.warnings).toEqual([expect.stringContaining('0a1b2e.json')])
    const text = await cacheHere(['report', 'list'], { cwd })
    for (const line of text.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    // Whatever the verdict.
    for (const id of [OLD, NEW]) expect((await cacheHere(['report', 'show', id], { cwd })).code).toBe(0)
    const compare = (...args: string[]) => cacheHere(['report', 'compare', ...args], { cwd })
    expect((await compare(OLD, NEW)).code).toBe(1)
    expect((await compare(OLD, OLD)).code).toBe(0)
    // The newest that can be read.
    expect((await compare(OLD, 'last')).code).toBe(1)
    expect((await compare(OLD, '20261129T021233Z')).code).toBe(2)
    expect(documentOf(await compare('-', '-', '--json')).error?.code).toBe('STDIN_TWICE')
  })

  test('show in every format, and into files', async () => {
    const cwd = place('formats')
    copied(cwd, { [OLD]: record(OLD, fixture('library-1')) })
    const formats = ['json', 'junit', 'markdown', 'github']
    const outputs = formats.flatMap((format) => ['--output', `${format}=${join(cwd, format)}`])
    expect((await cacheHere(['report', 'show', ...outputs], { cwd })).code).toBe(0)
    const said = (format: string) => readFileSync(join(cwd, format), 'utf8')
    expect(said('junit')).toContain('<testsuite')
    expect(said('markdown')).toMatch(/^## cache load-test/m)
    expect(said('github')).toContain('cache load-test: ')
    expect((JSON.parse(said('json')) as Report).command).toBe('load-test')
  })

  test('open: off a terminal the page is written beside its record, for its owner, and its path is printed', async () => {
    const cwd = place('open')
    copied(cwd, { [OLD]: record(OLD, fixture('library-1')) })
    const page = join(realpathSync(cwd), RECORDS, `${OLD}.html`)
    writeFileSync(join(cwd, 'elsewhere'), 'stays')
    symlinkSync(join(cwd, 'elsewhere'), page)
    const env = { BROWSER: '/bin/false' }
    const { code, stdout } = await cacheHere(['report', 'open'], { cwd, env })
    expect([code, stdout]).toEqual([0, `${page}\n`])
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/i)
    expect(statSync(page).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(cwd, 'elsewhere'), 'utf8')).toBe('stays')
    const json = await cacheHere(['report', 'open', '--json'], { cwd, env })
    expect(documentOf(json)).toMatchObject({ id: OLD, file: page, opened: false })
    const copy = join(cwd, 'copy.json')
    writeFileSync(copy, readFileSync(join(cwd, RECORDS, `${OLD}.json`)))
    const beside = join(realpathSync(cwd), `${OLD}.html`)
    expect(await cacheHere(['report', 'open', copy], { cwd, env })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${OLD}.html\n`),
    })
    expect(readFileSync(beside, 'utf8')).toMatch(/^<!doctype html>/i)
    rmSync(beside)
    mkdirSync(beside)
    const closed = await cacheHere(['report', 'open', copy, '--json'], { cwd, env })
    expect([closed.code, documentOf(closed).error?.code]).toEqual([3, 'PAGE_NOT_WRITTEN'])
    const alone = join(cwd, 'alone.json')
    writeFileSync(alone, JSON.stringify(fixture('library-1')))
    const none = await cacheHere(['report', 'open', alone, '--json'], { cwd })
    expect([none.code, documentOf(none).error?.code]).toEqual([2, 'NOT_A_RECORD'])
  })

  test('a file that cannot be written is an error although what is shown is judged by nobody', async () => {
    const cwd = place('full')
    copied(cwd, { [OLD]: record(OLD, fixture('naive')) })
    expect((await cacheHere(['report', 'show', '--output', 'json=/dev/full'], { cwd })).code).toBe(3)
  })

  test('a directory that nobody may read', { skip: process.getuid?.() === 0 }, async () => {
    const cwd = place('locked')
    mkdirSync(join(cwd, RECORDS), { recursive: true })
    chmodSync(join(cwd, RECORDS), 0)
    const { code, stdout } = await cacheHere(['report', 'list', '--json'], { cwd })
    expect([code, (JSON.parse(stdout) as Report).error?.code]).toEqual([2, 'RECORDS_UNREADABLE'])
  })
})
