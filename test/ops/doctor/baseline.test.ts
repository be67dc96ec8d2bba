import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { otherTargets, readBaseline, type Baseline } from '../../../src/ops/doctor/baseline.js'
import { saysTheSame } from '../../../src/ops/doctor/says-the-same.js'
import { sinceBaseline } from '../../../src/ops/doctor/since-baseline.js'
import { conclusionOf } from '../../../src/ops/report/doctor-conclusion.js'
import { doctorDigest } from '../../../src/ops/report/doctor-digest.js'
import {
  CHECK_STATUSES,
  type CheckStatus,
  type DoctorReport,
  type FailOn,
} from '../../../src/ops/report/doctor-report.js'

const directory = mkdtempSync(join(tmpdir(), 'cache-baseline-'))
afterAll(() => rmSync(directory, { recursive: true }))

interface Found {
  status: CheckStatus
  message: string
}

/** X-000 was and is ok, so that something was judged. */
function reportOf(
  found: Found | null,
  failOn: FailOn = 'fail',
  more: Record<string, Found> = {},
): DoctorReport {
  const all = {
    'X-000': { status: 'ok' as const, message: 'fine' },
    ...(found && { 'X-001': found }),
    ...more,
  }
  const checks = Object.entries(all).map(([id, { status, message }]) => ({
    id,
    group: 'memory',
    title: 'a thing',
    status,
    message,
    value: null,
    unit: null,
    threshold: { warn: null, fail: null, source: '' },
    remediation: { text: '', commands: [] },
    missing: null,
    detail: null,
    docs: '',
    durationMs: 1,
  }))
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length
  return {
    schema: 'cache.doctor/1',
    command: 'doctor',
    verdict: 'pass',
    target: { redis: 'h:6379', decidedBy: 'REDIS_URL', supabase: 's' },
    impact: { redis: 'up', kind: null, headline: 'Redis answers.', effects: [] },
    checks,
    privileges: null,
    summary: Object.fromEntries(CHECK_STATUSES.map((status) => [status, count(status)])) as Record<
      CheckStatus,
      number
    >,
    failOn,
    probedWrites: false,
    durationMs: 1,
  }
}

async function compared(was: Found | null, now: Found, failOn?: FailOn): Promise<DoctorReport> {
  return sinceBaseline(reportOf(now, failOn), await saved(reportOf(was)))
}

function saved(report: unknown): Promise<Baseline> {
  const file = join(directory, 'saved.json')
  writeFileSync(file, typeof report === 'string' ? report : JSON.stringify(report))
  return readBaseline(file)
}

test.each<[CheckStatus | null, CheckStatus, string | undefined, string, string]>([
  ['ok', 'ok', undefined, 'pass', 'nothing changed since the baseline'],
  ['ok', 'warn', 'worse', 'pass', '1 worse since the baseline, which --fail-on fail lets pass'],
  ['ok', 'FAIL', 'worse', 'fail', '1 worse since the baseline'],
  ['warn', 'FAIL', 'worse', 'fail', '1 worse since the baseline'],
  ['skip', 'FAIL', 'worse', 'fail', '1 worse since the baseline'],
  ['broken', 'FAIL', 'worse', 'fail', '1 worse since the baseline'],
  [null, 'FAIL', 'worse', 'fail', '1 worse since the baseline'],
  ['FAIL', 'FAIL', undefined, 'pass', 'nothing changed since the baseline; 1 FAIL as then'],
  ['FAIL', 'warn', 'better', 'pass', 'nothing worse since the baseline, 1 better'],
  ['FAIL', 'ok', 'better', 'pass', 'nothing worse since the baseline, 1 better'],
  ['skip', 'ok', 'better', 'pass', 'nothing worse since the baseline, 1 better'],
  [null, 'ok', undefined, 'pass', 'nothing changed since the baseline'],
  ['ok', 'skip', 'lost', 'inconclusive', '1 judged in the baseline, and not judged now'],
  ['FAIL', 'unknown', 'lost', 'inconclusive', '1 judged in the baseline, and not judged now'],
  ['skip', 'unknown', undefined, 'pass', 'nothing changed since the baseline'],
  ['ok', 'broken', 'lost', 'inconclusive', 'not every check came to an end, so this proves nothing'],
  ['broken', 'broken', undefined, 'inconclusive', 'not every check came to an end, so this proves nothing'],
])('%s, now %s: %s, %s', async (was, now, kind, verdict, sentence) => {
  const report = await compared(was && { status: was, message: 'm' }, { status: now, message: 'm' })
  expect(report.baseline?.changes[0]?.kind).toBe(kind)
  expect(report.verdict).toBe(verdict)
  expect(conclusionOf(report).sentence).toBe(sentence)
  // What an annotation or a test says agrees with the exit code.
  const [, item] = doctorDigest(report).groups[0]!.items
  expect(item?.counts).toBe(verdict === 'fail')
  expect(item?.level === 'broken').toBe(verdict === 'inconclusive')
  expect(item?.known).toBe(kind === undefined && now !== 'broken')
})

test.each<[FailOn, CheckStatus, string]>([
  ['warn', 'warn', 'fail'],
  ['never', 'FAIL', 'pass'],
  ['never', 'broken', 'inconclusive'],
])('--fail-on %s, now %s: %s', async (failOn, status, verdict) => {
  const report = await compared({ status: 'ok', message: '' }, { status, message: '' }, failOn)
  expect(report.verdict).toBe(verdict)
})

test('the same check failing for another reason is news: a second key that leaks', async () => {
  const was: Found = { status: 'FAIL', message: 'NEXT_PUBLIC_A1: every browser gets a key' }
  const now: Found = { status: 'FAIL', message: 'NEXT_PUBLIC_A1, NEXT_PUBLIC_A2: every browser gets a key' }
  const report = await compared(was, now)
  expect(report.baseline?.changes).toEqual([{ id: 'X-001', kind: 'other', was, counts: true }])
  expect(report.verdict).toBe('fail')
})

test('a failure that was there is told beside a warning that is new', async () => {
  const old = { 'X-002': { status: 'FAIL' as const, message: 'm' } }
  const then = await saved(reportOf({ status: 'ok', message: '' }, 'fail', old))
  const report = sinceBaseline(reportOf({ status: 'warn', message: '' }, 'warn', old), then)
  expect(conclusionOf(report)).toMatchObject({
    word: 'FAIL',
    sentence: '1 worse since the baseline; 1 FAIL as then',
  })
})

test('what was judged then and not looked at now is named, and is no news', async () => {
  const report = sinceBaseline(reportOf(null), await saved(reportOf({ status: 'FAIL', message: '' })))
  expect(report.baseline).toMatchObject({ changes: [], leftOut: ['X-001'] })
  expect(report.verdict).toBe('pass')
})

test.each([
  ['p99 3.2 ms (p50 1 ms)', 'p99 250 ms (p50 0.9 ms)', true],
  ['412 MiB of 1 GiB (40 %)', '1.1 GiB of 2 GiB (55 %)', true],
  ['2 min 5 s behind', '28 h behind', true],
  ['1 key without a TTL', '31 keys without a TTL', true],
  ['A1 is off', 'A2 is off', false],
  ['refused: nobody listens', 'stalled: no answer', false],
  ['user [redacted] may not', 'user canary may not', true],
  ['a [redacted] b [redacted] c', 'a secret b another c', true],
  ['a [redacted] b', 'a secret c', false],
  ['aa [redacted] aa', 'aa', false],
  ['a [redacted] b [redacted] b', 'a x b', false],
  ['<unparsable REDIS_URL> is no URL', 'redis:// is no URL', true],
])('%j and %j: %s', (was, now, same) => {
  expect(saysTheSame(was, now)).toBe(same)
})

test('another place is said, not refused', async () => {
  const now = reportOf(null)
  expect(otherTargets(await saved(now), now)).toEqual([])
  const elsewhere = { ...now, target: { ...now.target, redis: null } }
  expect(otherTargets(await saved(elsewhere), now)).toEqual([
    'the baseline is about another Redis: none, and now h:6379',
  ])
})

test.each([
  ['{', 'no report of cache doctor'],
  ['null', 'no report of cache doctor'],
  [{ schema: 'cache.keys/1' }, 'no report of cache doctor'],
  [{ schema: 'cache.doctor.list/1', checks: [{ id: 'X' }] }, 'no report of cache doctor'],
  [{ schema: 'cache.doctor/1' }, 'no checks'],
  [{ schema: 'cache.doctor/1', checks: [{ id: 'X', status: 'good', message: '' }] }, 'no checks'],
  [{ ...reportOf(null), interrupted: true }, 'interrupted'],
])('%j is no baseline', async (content, why) => {
  await expect(saved(content)).rejects.toMatchObject({
    kind: 'usage',
    code: 'BASELINE_UNUSABLE',
    message: expect.stringContaining(why) as string,
  })
})

test('nor is a file that is not there', async () => {
  await expect(readBaseline(join(directory, 'none'))).rejects.toThrow('cannot be read (ENOENT)')
})
