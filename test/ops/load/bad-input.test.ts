import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Config } from '@oclif/core'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import LoadTest from '../../../commands/load-test/index.js'
import type { LoadReport } from '../../../src/ops/report/load-report.js'

let config: Config
let directory: string
let stdout: string

beforeAll(async () => {
  config = await Config.load({ root: process.cwd() })
})

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-load-input-'))
  stdout = ''
  const taken = (take: (text: string) => void) => (chunk: unknown, done?: unknown) => {
    take(String(chunk))
    if (typeof done === 'function') done()
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(taken((text) => (stdout += text)) as never)
  vi.spyOn(process.stderr, 'write').mockImplementation(taken(() => {}) as never)
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
  rmSync(directory, { recursive: true })
})

/** The error that a line ends with; nothing was started, or it would take seconds. */
async function refusedOf(args: string[]) {
  await LoadTest.run([...args, '--json'], config)
  const { error } = JSON.parse(stdout) as LoadReport
  return { code: process.exitCode, error }
}

const APP = ['--', 'node', 'app.mjs']
const READY = ['--ready', 'http://127.0.0.1:3000/health']

describe('what cannot be right exits 2, names what is wrong, and starts nothing', () => {
  test.each<[string[], string, string?]>([
    [['--fault', 'stal'], 'UNKNOWN_FAULT', '--fault stall'],
    [['--subject', 'naive-ioredis7'], 'UNKNOWN_SUBJECT', '--subject naive-ioredis5'],
    [['--during', '2 weeks'], 'BAD_FLAG_VALUE'],
    [['--before', '499ms'], 'BAD_FLAG_VALUE'],
    [['--transition', '100ms'], 'BAD_FLAG_VALUE'],
    [['--rate', '0'], 'BAD_FLAG_VALUE'],
    [['--rate', '20001'], 'BAD_FLAG_VALUE'],
    [['--arrivals', 'bursty'], 'BAD_VALUE'],
    [['--repeat', '10'], 'BAD_FLAG_VALUE'],
    [['--repeat', '2', '--quorum', '3'], 'QUORUM_TOO_LARGE', '--repeat 3'],
    [['--quorum', '2'], 'QUORUM_TOO_LARGE', '--repeat 2'],
    [['--allow', '1.3'], 'CONFIG_INVALID'],
    [['--allow', '0.5x'], 'CONFIG_INVALID'],
    [['--slo', 'during.p98<1s'], 'UNKNOWN_METRIC', "--slo 'during.p90<1s'"],
    [['--slo', 'durin.p99<1s'], 'UNKNOWN_PHASE', "--slo 'during.p99<1s'"],
    [['--slo', 'during.errors==0', '--slo', 'during.p99<<1s'], 'BAD_SLO'],
    [['--baseline', '/nowhere/report.json'], 'LOAD_REPORT_UNUSABLE'],
    [['--hgrm', '/dev/null/here'], 'HGRM_NOT_WRITABLE'],
    [['--hgrm', '/proc/here/below'], 'HGRM_NOT_WRITABLE'],
    [['--limit', '20/1s'], 'NO_MODULE'],
    [['--only', 'GET'], 'CANNOT_NARROW'],
    [['--fault', 'stall', '--only', 'GET'], 'CANNOT_NARROW', '--fault oom'],
    [['--fault', 'oom', '--only', 'GETT'], 'UNKNOWN_COMMAND', '--only GET'],
    [['--fault', 'oom', '--family', 'convs'], 'UNKNOWN_FAMILY', '--family conv'],
    [['--fault', 'oom', '--probability', 'half'], 'BAD_PROBABILITY'],
    [['--list', '--reporter', 'junit'], 'CONFLICTING_FLAGS'],
    [['--ready', 'http://127.0.0.1:3000/'], 'NO_COMMAND'],
    [APP, 'NO_READY_URL'],
    [['--subject', 'library', ...READY, ...APP], 'CONFLICTING_FLAGS'],
    [['--url', 'nonsense'], 'BAD_URL', '--url http://127.0.0.1:3000'],
    [['--url', 'http://127.0.0.1:1', '--fault', 'stall', '--probe', 'GET /'], 'NO_PROXY'],
    [['--url', 'http://127.0.0.1:1', '--subject', 'library'], 'BAD_USAGE'],
  ])('%j', async (args, code, suggestion) => {
    // What follows -- is not ours, and neither is --json there.
    const at = args.indexOf('--')
    const own = at === -1 ? args : ['--json', ...args]
    const { code: exit, error } = await refusedOf(own)
    expect(error).toMatchObject({ kind: 'usage', code })
    expect(exit).toBe(2)
    if (suggestion !== undefined) expect(error?.suggestions).toContain(suggestion)
  })
})

test('a directory that nobody may write to is told before the run', async () => {
  if (process.getuid?.() === 0) return
  chmodSync(directory, 0o500)
  const { error } = await refusedOf(['--hgrm', join(directory, 'hgrm')])
  expect(error).toMatchObject({
    code: 'HGRM_NOT_WRITABLE',
    message: expect.stringContaining('permission denied'),
  })
})

test.each([
  [{ convs: {} }, 'UNKNOWN_FAMILY', 'load.traffic.families: conv'],
  [{ ratelimit: {} }, 'FAMILY_NOT_CACHED', 'load.traffic.limiter says how much is asked of them'],
  [{ session: {} }, 'FAMILY_NOT_CACHED', 'leave it out, or put the app itself under load: -- COMMAND'],
])('traffic on %j', async (families, code, suggestion) => {
  const declared = { session: { pattern: 'app:session:{userId}', ttl: 900, type: 'hash' } }
  writeFileSync(
    join(directory, 'cache.config.json'),
    JSON.stringify({ load: { traffic: { families } }, families: declared }),
  )
  vi.spyOn(process, 'cwd').mockReturnValue(directory)
  const { code: exit, error } = await refusedOf([])
  expect([exit, error?.code, error?.suggestions]).toEqual([2, code, [suggestion]])
})
