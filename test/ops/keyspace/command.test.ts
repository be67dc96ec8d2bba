import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { GetKeyReport, KeysReport, PurgeReport } from '../../../src/ops/report/keys-report.js'
import { mixedKeys, startServer, type TestServer } from './servers.js'

interface Run {
  code: number | null
  stdout: string
  stderr: string
}

interface RunOptions {
  env?: Record<string, string>
  cwd?: string
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void
}

let redis: TestServer
let name: string

beforeAll(async () => {
  redis = await startServer()
  name = redis.named.target.name
})
afterAll(() => redis.stop())

/** Runs the built command against the server of this file. */
function cache(args: string[], { env = {}, cwd, onStderr }: RunOptions = {}): Promise<Run> {
  const { REDIS_PASSWORD: _password, FORCE_COLOR: _colour, ...inherited } = process.env
  return new Promise((done) => {
    const child = spawn(process.execPath, [resolve('bin/run.js'), 'keys', ...args], {
      env: { ...inherited, REDIS_URL: redis.named.url, ...env },
      ...(cwd !== undefined && { cwd }),
    })
    const run: Run = { code: null, stdout: '', stderr: '' }
    child.stdin.end()
    child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => {
      run.stderr += chunk.toString()
      onStderr?.(run.stderr, (signal) => child.kill(signal))
    })
    child.on('close', (code) => done({ ...run, code }))
  })
}

const jsonOf = <T>(run: Run) => JSON.parse(run.stdout) as T
const plain = (text: string) => text.replaceAll(name, 'HOST:PORT').replace(/fingerprint \w+/, 'fingerprint F')

describe('a small database', () => {
  beforeEach(async () => {
    await redis.server.client.send('FLUSHALL')
    await redis.fill([
      ['SET', 'copilot:conv:conversation-1', '{"a":1}', 'EX', 50],
      ['SET', 'copilot:conv:conversation-2', '{"a":1}'],
      ['SET', 'copilot:conv:a:b', 'x'],
      ['SET', 'session:old:4711', 'x', 'EX', 500],
      ['SET', 'copilot:llm:policy:\u001b[31mred', 'x', 'EX', 90],
    ])
  })

  test('keys: the transcript', async () => {
    const run = await cache([])
    expect(run.code).toBe(0)
    const text = run.stdout.replace(/in \d+ ms \([\d,]+\/s\)/, 'in T').replace(/\d+s\.\.\d+s/g, 'T')
    expect(plain(text)).toMatchInlineSnapshot(`
      "target   HOST:PORT, db 0, Redis 7.0.15, master, counts as production
      pass     5 keys in T, DBSIZE 5; every key measured

      family           keys  share  memory     TTL     p5..p95  no TTL
      auth.validation     0      -       -    300s           -       0
      conv                2   40 %   176 B     60s    T       1
      llm.policy          1   20 %    88 B    300s    T       0
      ratelimit           0      -       -  window           -       0
      conv-config         0      -       -    300s           -       0
      (orphans)           2   40 %   176 B       -  T       1

      warn     conv: 1 key without a TTL: what is stale in there stays until somebody
               deletes it, such as copilot:conv:con*** (no-ttl)
      warn     orphans: 2 keys of no family: no purge reaches them, and nobody
               declared their TTL (orphans)

      orphans           keys
      copilot:conv:*:*     1
      session:old:*        1

      note     SCAN returns each key that is there from beginning to end; of those
               that came or went meanwhile it may miss some

      ok       5 keys looked at; 2 findings above (--fail-on makes them count)
      "
    `)
    for (const line of run.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(run.stdout).not.toContain('\u001b')
  })

  test('keys --fail-on: exit 1 with and without --json', async () => {
    const args = ['--fail-on', 'orphans,no-ttl']
    const [text, json] = await Promise.all([cache([...args, '--quiet']), cache([...args, '--json'])])
    expect([text.code, json.code]).toEqual([1, 1])
    expect(text.stdout).toMatchInlineSnapshot(`
      "FAIL     conv: 1 key without a TTL: what is stale in there stays until somebody
               deletes it, such as copilot:conv:con*** (no-ttl)
      FAIL     orphans: 2 keys of no family: no purge reaches them, and nobody
               declared their TTL (orphans)

      FAIL     5 keys, 2 findings that --fail-on asks for
      "
    `)
    expect(jsonOf<KeysReport>(json)).toMatchObject({
      schema: 'cache.keys/1',
      verdict: 'fail',
      failOn: ['orphans', 'no-ttl'],
    })
    expect(json.stderr).toBe('')
  })

  test('purge: a dry run changes nothing and prints the command that does it', async () => {
    const before = await redis.keys()
    const run = await cache(['purge', 'conv'])
    expect(run.code).toBe(0)
    expect(plain(run.stdout)).toMatchInlineSnapshot(`
      "target   HOST:PORT, db 0, Redis 7.0.15, master, counts as production,
               fingerprint F
      family   conv (copilot:conv:{conversationId})
      matches  2 keys, 176 B
      sample   copilot:conv:con***, copilot:conv:con***
      effect   at worst 2 reads of the database at once, as the keys are asked for
               again; left alone, a TTL of 60 s spreads them
      method   UNLINK of exact names, each checked against the pattern; there is no
               undo yet
      left     1 key with a similar name but another pattern: never touched

      dry run  nothing was deleted. To do it:
               cache keys purge conv --apply --confirm HOST:PORT
      "
    `)
    expect(await redis.keys()).toEqual(before)
  })

  test('purge --apply without the name: exit 4 with the exact command, which then works', async () => {
    const before = await redis.keys()
    const [text, json] = await Promise.all([
      cache(['purge', 'conv', '--apply', '--gentle']),
      cache(['purge', 'conv', '--apply', '--json']),
    ])
    expect([text.code, json.code]).toEqual([4, 4])
    expect(text.stdout).toBe('')
    expect(jsonOf<PurgeReport>(json).error).toMatchObject({ kind: 'safety', code: 'NOT_CONFIRMED' })
    expect((await cache(['purge', 'conv', '--apply', '--confirm', 'redis'])).code).toBe(4)
    expect(await redis.keys()).toEqual(before)

    const command = /^Try: cache keys (purge .*)$/m.exec(text.stderr)![1]!
    expect(command).toBe(`purge conv --apply --gentle --confirm ${name}`)
    const applied = await cache(command.split(' '))
    expect(applied.code).toBe(0)
    expect(applied.stdout).toMatch(/^ok {7}2 keys deleted in /m)
    expect([...(await redis.keys())].filter((key) => key.startsWith('copilot:conv:'))).toEqual([
      'copilot:conv:a:b',
    ])
  })

  test('purge --apply where the project says that it is not production needs no name', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'cache-keys-'))
    const environments = { local: { hosts: [name], production: false } }
    writeFileSync(join(cwd, 'cache.config.json'), JSON.stringify({ environments }))
    const run = await cache(['purge', 'conv', '--apply', '--json'], { cwd })
    rmSync(cwd, { recursive: true })
    expect(run.code).toBe(0)
    expect(jsonOf<PurgeReport>(run)).toMatchObject({
      verdict: 'pass',
      target: { name: 'local', production: false },
      plan: { keys: 2, lookAlikes: 1 },
      result: { deleted: 2, complete: true },
    })
  })

  test('get', async () => {
    const [text, json, none] = await Promise.all([
      cache(['get', 'copilot:conv:conversation-2']),
      cache(['get', 'copilot:conv:conversation-2', '--show-value', '--json']),
      cache(['get', 'copilot:conv:none']),
    ])
    expect([text.code, json.code, none.code]).toEqual([0, 0, 3])
    expect(plain(text.stdout).replace(/, \d+ B of memory/, '')).toMatchInlineSnapshot(`
      "target   HOST:PORT, db 0, Redis 7.0.15, master, counts as production
      key      copilot:conv:con***
      family   conv, conversationId con***
      type     string, 7 B
      ttl      does not expire (declared 1 min)
      value    a JSON object with 1 field; --show-value prints it
      warn     it never expires, so what is stale in it stays until somebody deletes
               it

      ok       there it is
      "
    `)
    expect(jsonOf<GetKeyReport>(json).value).toEqual({
      kind: 'json',
      summary: 'a JSON object with 1 field',
      text: '{"a":1}',
    })
    expect(none.stdout).toMatch(/^skip {5}nothing is there under this key$/m)
  })
})

describe('bad input', () => {
  test.each([
    [['purg'], 'UNEXPECTED_ARGUMENT', 'cache keys purge'],
    [['purge'], 'MISSING_ARGUMENT', undefined],
    [['purge', 'conf'], 'UNKNOWN_FAMILY', 'cache keys purge conv'],
    [['purge', '*'], 'UNKNOWN_FAMILY', undefined],
    [['purge', 'copilot:conv:*'], 'UNKNOWN_FAMILY', undefined],
    [['purge', ''], 'UNKNOWN_FAMILY', undefined],
    [['--family', 'llm.polcy'], 'UNKNOWN_FAMILY', '--family llm.policy'],
    [['--fail-on', 'orphan'], 'UNKNOWN_RULE', '--fail-on orphans'],
    [['--sample', '0'], 'BAD_FLAG_VALUE', undefined],
    [['--family', 'conv', '--match', '*'], 'CONFLICTING_FLAGS', undefined],
    [['--match', ''], 'BAD_FLAG_VALUE', undefined],
    [['--url', 'http://h'], 'BAD_URL', undefined],
    [['purge', 'conv', '--apply', '--url', 'redis://h/x'], 'BAD_URL', '--url redis://host:6379/0'],
    [['--url', 'redis://:hunter22@h:1'], 'SECRET_IN_ARGUMENTS', undefined],
    [['get', ''], 'EMPTY_KEY', undefined],
  ])('%j exits 2 with and without --json', async (args, code, suggestion) => {
    const [json, text] = await Promise.all([cache([...args, '--json']), cache(args)])
    expect([json.code, text.code]).toEqual([2, 2])
    const { error } = jsonOf<KeysReport>(json)
    expect(error).toMatchObject({ kind: 'usage', code })
    if (suggestion) expect(error!.suggestions).toContain(suggestion)
    expect(text.stdout).toBe('')
    expect(text.stderr + json.stdout).not.toContain('hunter22')
  })

  test('no server named: 2; Upstash: 3, not yet', async () => {
    const upstash = {
      UPSTASH_REDIS_REST_URL: 'https://u.example',
      UPSTASH_REDIS_REST_TOKEN: 'token-of-upstash',
    }
    const [none, not] = await Promise.all([
      cache([], { env: { REDIS_URL: '' } }),
      cache([], { env: { REDIS_URL: '', ...upstash } }),
    ])
    expect([none.code, not.code]).toEqual([2, 3])
    expect(none.stderr).toMatch(/^Error: No server is named: REDIS_URL is not set/m)
  })
})

test('a database that is not there: exit 3, and nothing is deleted from database 0', async () => {
  await redis.server.client.send('FLUSHALL')
  await redis.fill([['SET', 'copilot:conv:stays', '{}', 'EX', 50]])
  const url = `${redis.named.url}/99`
  for (const args of [[], ['purge', 'conv', '--apply', '--confirm', name], ['get', 'copilot:conv:stays']]) {
    const run = await cache([...args, '--url', url])
    expect([run.code, run.stdout]).toEqual([3, ''])
    expect(run.stderr).toMatch(/has no database 99: ERR DB index is out of range/)
  }
  expect(await redis.keys()).toEqual(new Set(['copilot:conv:stays']))
})

describe('a server that does not answer: exit 3, soon, and why', () => {
  test.each(['', 'purge conv', 'get k'])('refused: cache keys %s', async (line) => {
    const env = { REDIS_URL: 'redis://:sesame-open@127.0.0.1:1' }
    const args = line.split(' ').filter((word) => word !== '')
    const [text, json] = await Promise.all([cache(args, { env }), cache([...args, '--json'], { env })])
    expect([text.code, json.code]).toEqual([3, 3])
    expect(text.stderr).toContain('Nobody listens on 127.0.0.1:1')
    expect(jsonOf<KeysReport>(json).error).toMatchObject({ kind: 'environment', code: 'REDIS_ECONNREFUSED' })
    expect(text.stderr + json.stdout).not.toContain('sesame-open')
  })

  test('accepts and says nothing', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await new Promise((ready) => silent.once('listening', ready))
    const { port } = silent.address() as { port: number }
    const begun = performance.now()
    const run = await cache([], { env: { REDIS_URL: `redis://127.0.0.1:${port}` } })
    expect(run.code).toBe(3)
    expect(run.stderr).toContain('did not answer within 2000 ms')
    expect(performance.now() - begun).toBeLessThan(15_000)
    silent.close()
  })

  test('asks for a password', async () => {
    const own = await startServer()
    await own.server.client.send('CONFIG', 'SET', 'requirepass', 'sesame-open')
    const env = { REDIS_URL: own.named.url }
    const [none, wrong, right] = await Promise.all([
      cache([], { env }),
      cache([], { env: { ...env, REDIS_PASSWORD: 'sesame-shut' } }),
      cache([], { env: { ...env, REDIS_PASSWORD: 'sesame-open' } }),
    ])
    expect([none.code, wrong.code, right.code]).toEqual([3, 3, 0])
    expect(none.stderr).toMatch(/asks for a password.*\nTry: set REDIS_PASSWORD/)
    expect(none.stderr + wrong.stderr + right.stdout).not.toContain('sesame')
    await own.stop()
  })
})

const MORE = 80_000

describe('Ctrl-C', () => {
  beforeAll(async () => {
    await redis.server.client.send('FLUSHALL')
    await redis.fill(mixedKeys())
    // So many that a fast machine is not done before the signal reaches it.
    const more = Array.from(
      { length: MORE },
      (_, index) => ['SET', `copilot:conv:more${index}`, '{}'] as const,
    )
    await redis.fill(more)
  })

  const interruptAt = (sign: RegExp, signal: NodeJS.Signals = 'SIGINT', before = () => {}) => {
    let sent = false
    return (text: string, kill: (signal: NodeJS.Signals) => void) => {
      if (sent || !sign.test(text)) return
      sent = true
      before()
      kill(signal)
    }
  }

  test('keys: a marked partial report', async () => {
    const run = await cache(['--gentle'], { onStderr: interruptAt(/^scanning: /m) })
    expect(run.code).toBe(130)
    expect(run.stdout).toMatch(
      /^partial {2}stopped early after [\d,]+ keys of about [\d,]+: nothing here is a/m,
    )
  })

  test('purge: while it counts, nothing has been deleted, and it does not say otherwise', async () => {
    const before = (await redis.keys()).size
    const args = ['purge', 'conv', '--apply', '--gentle', '--confirm', name]
    const run = await cache(args, { onStderr: interruptAt(/^counting: /m) })
    expect(run.code).toBe(130)
    expect(run.stderr).toContain('SIGINT: stopping; nothing has been deleted.')
    expect(run.stdout).toMatch(/^partial {2}stopped while counting; nothing was deleted/m)
    expect((await redis.keys()).size).toBe(before)
  })

  test('purge: stops after the batch and says what was done', async () => {
    const before = (await redis.keys()).size
    const args = ['purge', 'conv', '--apply', '--gentle', '--confirm', name, '--output', 'json=/dev/null']
    const run = await cache(args, { onStderr: interruptAt(/^deleting: /m) })
    expect(run.code).toBe(130)
    const deleted = Number(
      /^partial {2}stopped: ([\d,]+) keys? deleted/m.exec(run.stdout)![1]!.replaceAll(',', ''),
    )
    expect(run.stderr).toContain('SIGINT: stopping after this batch; what is deleted stays deleted.')
    expect((await redis.keys()).size).toBe(before - deleted)
    expect(deleted).toBeGreaterThan(0)
    expect(deleted).toBeLessThan(MORE)
  })

  describe('on a server that hangs', () => {
    let file: string
    beforeAll(() => {
      file = join(mkdtempSync(join(tmpdir(), 'cache-keys-')), 'report.json')
    })
    afterAll(() => rmSync(dirname(file), { recursive: true }))
    const document = () => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>

    test.each([
      ['SIGINT', 130, ''],
      ['SIGTERM', 143, 'get copilot:conv:conversation-1'],
      ['SIGHUP', 129, 'purge conv'],
      ['SIGINT', 130, 'purge conv --apply --confirm NAME'],
    ] as const)('%s, exit %i, does not wait for it: keys %s', async (signal, code, line) => {
      redis.sandbox.redis.freeze()
      try {
        const words = line.replace('NAME', name).split(' ')
        const args = [...words.filter((word) => word !== ''), '--output', `json=${file}`]
        const run = await cache(args, { onStderr: interruptAt(/^connecting to /m, signal) })
        expect([run.code, run.stdout]).toEqual([code, ''])
        expect(run.stderr).toContain('Stopped before there was a result.')
        expect(document()).toMatchObject({ verdict: 'inconclusive', interrupted: true })
        expect(document()).not.toHaveProperty('error')
      } finally {
        redis.sandbox.redis.thaw()
      }
    })

    test('in the middle of the pass: what was seen, and no error', async () => {
      const freeze = () => redis.sandbox.redis.freeze()
      try {
        const args = ['--gentle', '--output', `json=${file}`]
        const run = await cache(args, { onStderr: interruptAt(/^scanning: /m, 'SIGINT', freeze) })
        expect(run.code).toBe(130)
        expect(run.stdout).toMatch(/^partial {2}stopped early after [\d,]+ keys of about/m)
        expect(document()).toMatchObject({ interrupted: true, scan: { complete: false } })
        expect(document()).not.toHaveProperty('error')
      } finally {
        redis.sandbox.redis.thaw()
      }
    })
  })
})
