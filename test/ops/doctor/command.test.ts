import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOperatorClient } from '../../../src/library/backends/operator.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import type { DoctorReport } from '../../../src/ops/report/doctor-report.js'
import { cache, type Run } from '../../support/cache.js'
import { cacheHere } from '../../support/here.js'

const KEY = 'sb_secret_canary-supabase-0123456789'
const PASSWORD = 'canary-redis-4711'

let sandbox: Sandbox
let supabase: Server
let env: Record<string, string>
let directory: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cache-doctor-'))
  // Times are not what these transcripts are about.
  const slow = Object.fromEntries(
    ['LAT-001', 'SUP-001', 'LIM-001'].map((id) => [id, { warn: 60_000, fail: 60_000 }]),
  )
  const doctor = { client: { library: 'transparent-cache' }, thresholds: slow }
  writeFileSync(join(directory, 'cache.config.json'), JSON.stringify({ doctor }))
  sandbox = await startSandbox()
  const admin = await createOperatorClient({ url: sandbox.redis.url })
  await admin.send('CONFIG', 'SET', 'maxmemory', '1gb', 'maxmemory-policy', 'allkeys-lru')
  await admin.send('SET', 'copilot:conv:1', '{}', 'EX', 60)
  await admin.send('CONFIG', 'SET', 'requirepass', PASSWORD)
  admin.close()
  supabase = createServer(
    (_request, response) => void response.setHeader('content-type', 'application/json').end('{}'),
  )
  await new Promise<void>((done) => supabase.listen(0, '127.0.0.1', done))
  env = {
    REDIS_URL: sandbox.redis.url.replace('//', `//:${PASSWORD}@`),
    SUPABASE_URL: `http://127.0.0.1:${(supabase.address() as AddressInfo).port}`,
    SUPABASE_SERVICE_ROLE_KEY: KEY,
  }
})
afterAll(async () => {
  rmSync(directory, { recursive: true })
  supabase.close()
  await sandbox.stop()
})

const doctor = (args: string[] = [], more: Record<string, string> = {}) =>
  cache(['doctor', ...args], { env: { ...env, ...more }, cwd: directory })
const doctorHere = (args: string[] = [], more: Record<string, string> = {}) =>
  cacheHere(['doctor', ...args], { env: { ...env, ...more }, cwd: directory })
const reportOf = (run: Run) => JSON.parse(run.stdout) as DoctorReport
/** Without what changes from run to run, and with wrapped lines put together, because they wrap where numbers say. */
const plain = (text: string) =>
  text
    .replaceAll(String(sandbox.redis.port), 'PORT')
    .replaceAll(new URL(env['SUPABASE_URL']!).port, 'PORT')
    .replace(/\n {9,}(?!fix:|\s*\$|Users|Limits|Supabase|If |cache)/g, ' ')
    .replace(/[\d.]+ (?:ms|s|MiB|%|PINGs)(?!\w)/g, 'N')

/** A transcript of all checks would change with each new one. */
const CORE = (
  'CON-001 LAT-001 REP-001 WRI-001 WRI-002 TTF-001 LIM-001 MEM-001 MEM-002 MEM-003 KEY-001 KEY-008 ' +
  'ENV-001 ENV-003 ENV-004 SEC-006 SUP-001'
)
  .split(' ')
  .flatMap((id) => ['--check', id])

test('healthy: the transcript, exit 0', async () => {
  const run = await doctor(['--probe-writes', ...CORE])
  expect(plain(run.stdout)).toMatchInlineSnapshot(`
    "redis    127.0.0.1:PORT, from REDIS_URL
    supabase 127.0.0.1:PORT
    now      Redis answers.
             If it were lost now, one cache call would wait up to N (transparent-cache).
    probes   reads, and writes to scratch keys

    connectivity
      ok       CON-001  Redis answers: PONG 3 of 3 times, first in N
      ok       LAT-001  round trip p99: N (p50 N, max N, N); of N on average network N, server N, this process N
      ok       REP-001  the server takes writes: it is a primary
      ok       WRI-001  writes are accepted: SET, GET and DEL of a scratch key
      ok       WRI-002  scripts may write: EVAL of a script that writes a scratch key

    failover
      ok       TTF-001  worst-case time to fallback: up to N (deadlineMs 100); transparent-cache
      ok       LIM-001  the limiter limits: request 6 of a limit of 5 was denied, N per check

    memory
      ok       MEM-001  memory in use: N of 1 GiB (N); a cache that evicts may be full
      ok       MEM-002  eviction policy: allkeys-lru
      ok       MEM-003  memory limit: 1 GiB

    keys
      ok       KEY-001  cached keys expire: 1 of 1; every key looked at (1)
      ok       KEY-008  TTLs as declared: 1 of 1; every key looked at (1)

    environment
      ok       ENV-001  required variables: all are set
      ok       ENV-003  settings agree: provider, URL and credentials
      ok       ENV-004  nothing is switched off: all feature flags are on

    security
      ok       SEC-006  no service key is public: none found

    supabase
      ok       SUP-001  Supabase answers: 200 in N

    ok       17 ok in N: nothing found
    next     cache simulate-outage
    "
  `)
  expect(run.code).toBe(0)
  for (const line of run.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  expect(run.stdout).not.toContain('\u001b')
})

test('ready to lose Redis: said only where the database is known to carry it', async () => {
  const admin = await createOperatorClient({ url: env['REDIS_URL']! })
  const traffic = setInterval(() => void admin.send('GET', 'copilot:conv:1').catch(() => undefined), 5)
  const ids = 'CON-001,TTF-001,LIM-001,SUP-001,DB-004'
  const declared = mkdtempSync(join(tmpdir(), 'doctor-declared-'))
  try {
    const client = { library: 'transparent-cache' }
    const thresholds = { 'DB-004': { fail: 1e6 }, 'LIM-001': { warn: 1e4 }, 'SUP-001': { warn: 1500 } }
    writeFileSync(join(declared, 'cache.config.json'), JSON.stringify({ doctor: { client, thresholds } }))
    const run = (cwd: string) => cache(['doctor', '--probe-writes', '--only', ids], { env, cwd })
    const [ready, unknown] = await Promise.all([run(declared), run(directory)])
    const said = (run: Run) => run.stdout.replace(/\n +/g, ' ')
    expect(said(ready)).toMatch(/ 5 ok in .*: healthy, and ready to lose Redis$/m)
    expect(said(ready)).toMatch(/Supabase would get \d+ reads\/s more, which it takes \(DB-004\)\./)
    expect(said(unknown)).toMatch(/: nothing found; unknown is not ok$/m)
    expect(said(unknown)).toMatch(/reads\/s more, and whether it takes them is not known/)
    expect([ready.code, unknown.code]).toEqual([0, 0])
  } finally {
    clearInterval(traffic)
    admin.close()
    rmSync(declared, { recursive: true })
  }
})

test('refused: the transcript, exit 1, and no secret in any output', async () => {
  const file = join(directory, 'report.json')
  const away = { REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:1`, NEXT_PUBLIC_KEY: KEY, DEBUG: 'cache:*' }
  const [text, json, output] = await Promise.all([
    doctor(CORE, away),
    doctor(['--json'], away),
    doctorHere(['--quiet', '--output', `text=${file}`], away),
  ])
  expect([text.code, json.code, output.code]).toEqual([1, 1, 1])
  expect(plain(text.stdout)).toMatchInlineSnapshot(`
    "redis    127.0.0.1:1, from REDIS_URL
    supabase 127.0.0.1:PORT
    now      Redis is away (refused).
             Users: no errors; each cache call falls back within N (transparent-cache).
             Limits: none is declared (limiters in cache.config.json); with the default, onUnavailable 'allow', nobody is limited.
             Supabase gets every read that the cache would have answered (how much more is not known: declare doctor.hitRatio); it answers (200 in N).
    probes   reads only; --probe-writes also tries SET, EVAL and the limiter

    connectivity
      FAIL     CON-001  Redis answers: refused: Nobody listens on 127.0.0.1:1: the connection was refused.  fix: Start the server, or correct host and port in REDIS_URL.
                 $ systemctl status redis-server
                 $ ss -ltnp | grep -w redis-server

    failover
      ok       TTF-001  worst-case time to fallback: up to N (deadlineMs 100); transparent-cache

    environment
      ok       ENV-001  required variables: all are set
      ok       ENV-003  settings agree: provider, URL and credentials
      ok       ENV-004  nothing is switched off: all feature flags are on

    security
      FAIL     SEC-006  no service key is public: NEXT_PUBLIC_KEY: every browser that loads the application gets a key of the server  fix: Count the key as stolen: replace it at the service, rename the variable, build again.

    supabase
      ok       SUP-001  Supabase answers: 200 in N

    not judged, which is no ok
      skip     LAT-001 REP-001 MEM-001 MEM-002 MEM-003 KEY-001 KEY-008: Redis is away (CON-001)
      unknown  WRI-001 WRI-002 LIM-001: only a write can tell (--probe-writes)

    FAIL     5 ok, 2 FAIL, 7 skip, 3 unknown in N: Redis does not do its job now
    next     cache explain CON-001
             cache runbook run redis-unavailable
    "
  `)
  expect(reportOf(json)).toMatchObject({
    schema: 'cache.doctor/1',
    command: 'doctor',
    verdict: 'fail',
    target: { redis: '127.0.0.1:1', decidedBy: 'REDIS_URL' },
    impact: { redis: 'away', kind: 'refused' },
  })
  expect(reportOf(json).checks[0]).toMatchObject({
    id: 'CON-001',
    group: 'connectivity',
    status: 'FAIL',
    unit: 'tries lost',
    threshold: { warn: 1, fail: 3 },
    docs: 'docs/checks/CON-001.md',
  })
  for (const run of [text, json, output]) expect(run.stdout + run.stderr).not.toMatch(/canary/)
})

test('hung: within its time, exit 1', async () => {
  sandbox.redis.freeze()
  try {
    const run = await doctor(['--json', '--timeout', '6s'])
    expect(run.code).toBe(1)
    const report = reportOf(run)
    expect(report.impact).toMatchObject({ redis: 'away', kind: 'stalled' })
    expect(report.durationMs).toBeLessThan(6000)
  } finally {
    sandbox.redis.thaw()
  }
})

test('Ctrl-C: exit 130 with one document that says it is partial', async () => {
  sandbox.redis.freeze()
  try {
    let sent = false
    const run = await cache(['doctor', '--output', 'json=/dev/null'], {
      env,
      cwd: directory,
      onStderr(text, kill) {
        if (sent || !text.includes('looking at')) return
        sent = true
        kill('SIGINT')
      },
    })
    expect(run.code).toBe(130)
    expect(run.stdout).toMatch(/^stopped {2}.*interrupted/m)
  } finally {
    sandbox.redis.thaw()
  }
})

test('a user who may not INFO: the report says so, and no client does on stderr', async () => {
  const admin = await createOperatorClient({ url: sandbox.redis.url, password: PASSWORD })
  await admin.send('ACL', 'SETUSER', 'blind', 'on', '>blind-canary', '~*', '+@all', '-info')
  admin.close()
  const as = { REDIS_URL: sandbox.redis.url.replace('//', '//blind:blind-canary@') }
  const args = ['--probe-writes', '--only', 'LIM-001,MEM-001', '--quiet']
  const [calm, debugging] = await Promise.all([doctor(args, as), doctor(args, { ...as, DEBUG: 'cache:*' })])
  expect(calm.stderr).toBe('')
  expect(debugging.stderr).toContain('Skipping the ready check because INFO command fails')
  expect(calm.stdout + debugging.stderr).not.toContain('canary')
})

describe('what makes the exit code', () => {
  const warning = { ENABLE_RATE_LIMITER_REDIS: 'false' }
  test.each<[string[], Record<string, string>, number]>([
    [['--only', 'ENV-004'], warning, 0],
    [['--check', 'ENV-004', '--fail-on', 'warn'], warning, 1],
    [['--only', 'ENV-001', '--fail-on', 'never'], { SUPABASE_URL: '' }, 0],
    [['--skip', 'ENV-004', '--only', 'ENV-004', '--only', 'ENV-001', '--fail-on', 'warn'], warning, 0],
    [['--group', 'environment', '--fail-on', 'warn'], warning, 1],
    [['--group', 'environment', '--skip', 'ENV-002,ENV-003,ENV-004', '--fail-on', 'warn'], warning, 0],
    [['--only', 'wri-001'], {}, 3],
  ])('%j: %j exits %d, with --json too', async (args, more, code) => {
    const runs = await Promise.all([doctorHere(args, more), doctorHere([...args, '--json'], more)])
    expect(runs.map((run) => run.code)).toEqual([code, code])
  })
})

describe('bad input', () => {
  test.each([
    [['--only', 'CON-01'], 'UNKNOWN_CHECK', '--only CON-001'],
    [['--skip', 'nothing'], 'UNKNOWN_CHECK', 'cache doctor --list'],
    [['--group', 'memry'], 'UNKNOWN_GROUP', '--group memory'],
    [['--baseline', 'none.json'], 'BASELINE_UNUSABLE', 'cache doctor --output json=baseline.json'],
    [['--timeout', 'soon'], 'CONFIG_INVALID', undefined],
    [['--fail-on', 'error'], 'BAD_VALUE', undefined],
  ])('%j exits 2 with and without --json', async (args, code, suggestion) => {
    const [json, text] = await Promise.all([doctorHere([...args, '--json']), doctorHere(args)])
    expect([json.code, text.code]).toEqual([2, 2])
    expect(reportOf(json).error).toMatchObject({ kind: 'usage', code })
    if (suggestion) expect(reportOf(json).error?.suggestions).toEqual([suggestion])
    expect(text.stdout).toBe('')
    expect(text.stderr).toMatch(/^Error: /)
  })

  test('a misspelt client option exits 2: as none it would be judged wrongly', async () => {
    const other = mkdtempSync(join(directory, 'app-'))
    const client = { library: 'ioredis@6', options: { comandTimeout: 100 } }
    writeFileSync(join(other, 'cache.config.json'), JSON.stringify({ doctor: { client } }))
    const run = await cacheHere(['doctor'], { env, cwd: other })
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('did you mean commandTimeout?')
  })
})

describe('compared with a baseline', () => {
  const file = 'baseline.json'
  const args = ['--only', 'MEM-002,ENV-004', '--fail-on', 'warn']

  test('what was as bad then is accepted; what is new is shown, and makes the exit code', async () => {
    const admin = await createOperatorClient({ url: sandbox.redis.url, password: PASSWORD })
    const off = { ENABLE_RATE_LIMITER_REDIS: 'false' }
    const first = await doctorHere([...args, '--output', `json=${join(directory, file)}`], off)
    const same = await doctorHere([...args, '--baseline', file], off)
    await admin.send('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
    const [worse, json] = await Promise.all([
      doctorHere([...args, '--baseline', file], off),
      doctorHere([...args, '--baseline', file, '--json'], off),
    ])
    await admin.send('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    admin.close()
    expect([first.code, same.code, worse.code, json.code]).toEqual([1, 0, 1, 1])
    expect(same.stdout).toMatch(/^warn {5}1 ok, 1 warn in .*: nothing changed since the baseline$/m)
    expect(same.stdout).not.toContain('ENV-004')
    expect(worse.stdout).toContain('worse than in the baseline\n  ')
    expect(worse.stdout).toMatch(
      /MEM-002 .*noeviction[^]*was: ok: allkeys-lru[^]*: 1 worse since the baseline/,
    )
    expect(worse.stdout).not.toContain('ENV-004')
    expect(reportOf(json).baseline).toMatchObject({
      file,
      changes: [{ id: 'MEM-002', kind: 'worse', was: { status: 'ok' }, counts: true }],
      leftOut: [],
    })
    expect(reportOf(json).checks).toHaveLength(2)
    const lines = worse.stdout.split('\n').filter((line) => !line.trim().startsWith('$ '))
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('what is lost with Redis is one line', async () => {
    const saved = join(directory, 'up.json')
    const which = ['--only', 'CON-001,REP-001,MEM-003']
    await doctorHere([...which, '--output', `json=${saved}`])
    const run = await doctorHere([...which, '--baseline', 'up.json'], { REDIS_URL: 'redis://127.0.0.1:1' })
    expect(run.code).toBe(1)
    expect(run.stdout).toContain(
      'judged in the baseline, not judged now\n  skip     REP-001 MEM-003: Redis is away (CON-001)\n',
    )
  })

  test('one of another Redis is used, with a warning', async () => {
    const run = await doctorHere(['--only', 'ENV-004', '--baseline', file], {
      REDIS_URL: 'redis://127.0.0.1:1',
    })
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(/^warn the baseline is about another Redis: .*, and now 127\.0\.0\.1:1$/m)
  })
})

describe('in every format', () => {
  const FORMATS = ['text', 'json', 'junit', 'markdown', 'github']

  test('text of others is escaped, no secret is in it, and a step summary is added to', async () => {
    const summary = join(directory, 'summary.md')
    writeFileSync(summary, 'of another command\n')
    const outputs = FORMATS.flatMap((format) => [
      '--output',
      `${format}=${format === 'markdown' ? summary : join(directory, `hostile.${format}`)}`,
    ])
    const run = await doctorHere(['--only', 'CON-001,SEC-006', ...outputs], {
      REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:1`,
      // A name may hold anything but `=`.
      'NEXT_PUBLIC_<b>|@x%0A\n::error::*y*\u001B[31mKEY': KEY,
      GITHUB_STEP_SUMMARY: summary,
    })
    expect(run.code).toBe(1)
    const read = (name: string) => readFileSync(join(directory, name), 'utf8')
    const [text, json, junit, github] = ['text', 'json', 'junit', 'github'].map((name) =>
      read(`hostile.${name}`),
    )
    const markdown = read('summary.md')
    expect(text).toMatch(/NEXT_PUBLIC_<b>\|@x%0A\s+: :error::\*y\*KEY:/)
    expect(reportOf({ ...run, stdout: json! }).checks[1]?.message).toContain(
      '@x%0A\n::error::*y*\u001B[31mKEY',
    )
    expect(junit).toContain('NEXT_PUBLIC_&lt;b&gt;|@x%0A&#10;:&#58;error::*y*[31mKEY')
    expect(markdown).toMatch(/^of another command\n## cache doctor: FAIL\n/)
    expect(markdown).toContain('NEXT\\_PUBLIC\\_&lt;b&gt;\\|@<!-- -->x%0A ::error::\\*y\\*KEY')
    expect(github!.split('\n').filter((line) => line.startsWith('::'))).toEqual([
      expect.stringContaining('::FAIL: refused: '),
      expect.stringContaining('::FAIL: NEXT_PUBLIC_<b>|@x%250A ::error::*y*KEY'),
    ])
    for (const each of [text, json, junit, github, markdown, run.stdout, run.stderr])
      expect(each).not.toContain('canary')
  })

  test.each(FORMATS)(
    'an error as %s, on stdout and in the file, without the secret in it',
    async (format) => {
      const file = join(directory, `error.${format}`)
      const run = await doctorHere(['--only', KEY, '--reporter', format, '--output', `${format}=${file}`])
      const written = readFileSync(file, 'utf8')
      expect(run.code).toBe(2)
      expect(written).toContain('There is no check')
      expect(format === 'text' ? run.stderr : run.stdout).toContain('There is no check')
      expect(written + run.stdout + run.stderr).not.toContain('canary')
    },
  )

  test('--list has no results to write as tests or annotations', async () => {
    const run = await doctorHere(['--list', '--reporter', 'junit'])
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('--list has nothing to say as junit')
  })
})

test('--list names every check and connects to nothing', async () => {
  const [text, json] = await Promise.all([doctor(['--list']), doctorHere(['--list', '--json'])])
  const { checks } = JSON.parse(json.stdout) as { checks: { id: string }[] }
  expect([text.code, json.code]).toEqual([0, 0])
  for (const { id } of checks) expect(text.stdout).toContain(id)
  const memory = await doctorHere(['--list', '--group', 'memory'])
  expect(memory.stdout).toContain('MEM-002')
  expect(memory.stdout).not.toContain('CON-001')
})
