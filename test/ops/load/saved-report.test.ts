import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { deflateSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { parseSavedReport, readSavedReport } from '../../../src/ops/load/saved-report.js'
import { UsageError } from '../../../src/ops/report/errors.js'
import { loadReport, phase } from './saved-reports.js'

const SECRET = 'hunter2'
const directory = mkdtempSync(join(tmpdir(), 'cache-saved-'))
afterAll(() => rmSync(directory, { recursive: true }))

const why = (text: string): string => {
  try {
    parseSavedReport('a.json', text)
    return 'taken'
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    expect((error as UsageError).suggestions).toEqual(['cache load-test --output json=FILE'])
    return (error as Error).message.replace('"a.json" is no saved load test: ', '')
  }
}

/** A histogram's text is compressed: 40 kB of it may be 40 MB. */
function bomb(): string {
  const unpacked = deflateSync(Buffer.alloc(40_000_000))
  const header = Buffer.alloc(8)
  header.writeUInt32BE(0x1c849304)
  header.writeUInt32BE(unpacked.length, 4)
  return Buffer.concat([header, unpacked]).toString('base64')
}

interface Tree {
  [name: string]: unknown
  phases: Record<string, unknown>[]
}

describe('what is no report is refused, with the field and the reason, and none of what stands in it', () => {
  const broken: [string, string][] = [
    ['', 'it is empty.'],
    [`{"password": "${SECRET}", ${SECRET}}`, 'it is no JSON.'],
    ['[]', 'it is no report of cache load-test.'],
    ['{"schema": "cache.doctor/1", "command": "doctor"}', 'it is no report of cache load-test.'],
    ['{"schema": "cache.load-test/2", "command": "load-test"}', 'it is no report of cache load-test.'],
    [
      '{"schema": "cache.load-test/1", "command": "load-test", "error": {}}',
      'its run ended with an error, and measured nothing.',
    ],
  ]
  test.each(broken)('%s', (text, reason) => expect(why(text)).toBe(reason))

  const changes: [string, (report: Tree) => void, string][] = [
    ['no rate', (report) => delete report['ratePerSecond'], 'ratePerSecond is missing.'],
    ['a rate of zero', (report) => (report['ratePerSecond'] = 0), 'ratePerSecond is not above zero.'],
    ['a text as a count', (report) => (report.phases[1]!['sent'] = SECRET), 'phases[1].sent is no count.'],
    ['a count below zero', (report) => (report.phases[1]!['errors'] = -1), 'phases[1].errors is below zero.'],
    ['another phase', (report) => (report.phases[2]!['name'] = SECRET), 'phases[2].name is no phase.'],
    ['no histogram', (report) => delete report.phases[0]!['histogram'], 'phases[0].histogram is missing.'],
    [
      'a histogram of something else',
      (report) => (report.phases[0]!['histogram'] = SECRET),
      'phases[0].histogram is none that can be decoded.',
    ],
    [
      'a histogram that is too long',
      (report) => (report.phases[0]!['histogram'] = 'A'.repeat(300_000)),
      'phases[0].histogram is longer than any histogram.',
    ],
    ['a phase twice', (report) => (report.phases[1] = report.phases[0]!), 'phases[1] is a second before.'],
    [
      'more answers than the histogram holds',
      (report) => (report.phases[1]!['ok'] = 6),
      'phases[1] contradicts itself: 6 operations were answered, and its histogram holds 5.',
    ],
    [
      'more answers than operations',
      (report) => (report.phases[1]!['sent'] = 3),
      'phases[1] contradicts itself: 5 operations were answered, and 3 sent.',
    ],
    [
      'more hits than reads',
      (report) => (report.phases[1]!['hits'] = 3),
      'phases[1] contradicts itself: 3 hits and fallbacks are of 0 reads.',
    ],
    ['no percentile', (report) => delete report.phases[0]!['p95Ms'], 'phases[0].p95Ms is missing.'],
    [
      'a percentile that is certain of nothing',
      (report) => (report.phases[0]!['uncertain'] = null),
      'phases[0].uncertain is no list.',
    ],
    [
      'a count of the witness that is none',
      (report) => (report['witness'] = { witnessed: true, evidence: '', counts: { requestsHeld: SECRET } }),
      'witness.counts.requestsHeld is no count.',
    ],
    ['promises that are none', (report) => (report['slos'] = SECRET), 'slos is no list.'],
    ['repeats that are none', (report) => (report['repeat'] = SECRET), 'repeat is no object.'],
    [
      'a histogram that is small only until it is unpacked',
      (report) => (report.phases[0]!['histogram'] = bomb()),
      'phases[0].histogram is none that can be decoded.',
    ],
    ['a verdict of its own', (report) => (report['verdict'] = SECRET), 'verdict is no verdict.'],
  ]
  test.each(changes)('%s', (_name, change, reason) => {
    const report = JSON.parse(JSON.stringify(loadReport())) as Tree
    change(report)
    expect(why(JSON.stringify(report))).toBe(reason)
    expect(reason).not.toContain(SECRET)
  })
})

test('what is one comes back whole, with the times of its answers', () => {
  const ms = [1, 2, 3, 4, 250]
  const report = loadReport({ during: { ms } }, { transitions: [phase('onset', { ms: [7] })] })
  const { windows, report: read } = parseSavedReport('a.json', JSON.stringify({ ...report, later: true }))
  // What nobody reads of it goes no further.
  const { inWords: _, ...rest } = report
  expect(read).toEqual(rest)
  expect([...windows.keys()]).toEqual(['before', 'during', 'after', 'onset'])
  expect(windows.get('during')!.latency.count).toBe(5)
  expect(windows.get('during')!.latency.quantileMs(0.5)).toBeCloseTo(3, 2)
})

test('what nobody reads may be as deep as it likes', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const report = loadReport({}, { traffic: { parts: [], limiterShare: 0 } })
  const text = JSON.stringify(report)
    .replace('"parts":', `"deep":${deep},"parts":`)
    .replace('"ok":', `"deep":${deep},"ok":`)
  expect(JSON.stringify(parseSavedReport('a.json', text).report)).not.toContain('deep')
})

describe('where it is read from', () => {
  const path = join(directory, 'a.json')
  const text = JSON.stringify(loadReport())

  test('a file, and stdin', async () => {
    writeFileSync(path, text)
    expect((await readSavedReport(path)).report.subject).toBe('library')
    expect((await readSavedReport('-', Readable.from([Buffer.from(text)]))).report.subject).toBe('library')
  })

  test('a file that is not there, and a directory', async () => {
    await expect(readSavedReport(join(directory, 'none.json'))).rejects.toThrow('it is not there')
    await expect(readSavedReport(directory)).rejects.toThrow('it is a directory')
  })

  test('no more of it than any report is long, even where it does not end', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1024 * 1024, ' ')
      })(),
    )
    await expect(readSavedReport('-', endless)).rejects.toThrow(
      'stdin is no saved load test: it is larger than 64 MiB',
    )
  })

  test('a name is printed without what a terminal would obey', async () => {
    await expect(readSavedReport('\u001b[31mred\u0007')).rejects.toThrow('"red" is no saved load test')
  })
})
