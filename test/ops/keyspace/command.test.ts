import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { GetKeyReport } from '../../../src/ops/report/get-key-report.js'
import type { KeysReport } from '../../../src/ops/report/keys-report.js'
import { cache as runCache, interruptAt, type Run, type RunOptions } from '../../support/cache.js'
import { cacheHere } from '../../support/here.js'
import { mixedKeys, ownServer, startServer } from './servers.js'

const redis = ownServer()
let name: string

beforeAll(() => {
  name = redis.named.target.name
})

/** Against the server of this file. */
const cache = (args: string[], { env, ...options }: RunOptions = {}) =>
  runCache(['keys', ...args], { env: { REDIS_URL: redis.named.url, ...env }, ...options })

const keysHere = (args: string[], { env, ...options }: RunOptions = {}) =>
  cacheHere(['keys', ...args], { env: { REDIS_URL: redis.named.url, ...env }, ...options })

const jsonOf = <T>(run: Run) => JSON.parse(run.stdout) as T
const plain = (text: string) => text.replaceAll(name, 'HOST:PORT')

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

  test('keys --jsonl: a line for every key, then the report', async () => {
    const run = await cache(['--jsonl', '--no-ttl'])
    const lines = run.stdout.trimEnd().split('\n')
    const documents = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    const keys = documents.slice(0, -1)
    expect(keys.toSorted((a, b) => String(a['key']).localeCompare(String(b['key'])))).toEqual([
      {
        key: 'copilot:conv:***:***',
        family: null,
        ttlMs: null,
        type: 'string',
        bytes: expect.any(Number) as number,
      },
      {
        key: 'copilot:conv:con***',
        family: 'conv',
        ttlMs: null,
        type: 'string',
        bytes: expect.any(Number) as number,
      },
    ])
    expect(documents.at(-1)).toMatchObject({ schema: 'cache.keys/1', verdict: 'pass', scan: { keysSeen: 2 } })
    const shown = await keysHere(['--jsonl', '--family', 'conv', '--show-keys'])
    expect(shown.stdout).toContain('"copilot:conv:conversation-1"')
  })

  test('keys --jsonl: an error is a line as well, and a contradiction one', async () => {
    const run = await keysHere(['--jsonl', '--json'])
    expect(run.code).toBe(2)
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'CONFLICTING_FLAGS' } })
    expect(run.stdout.trimEnd()).not.toContain('\n')
  })

  test('keys: the transcript', async () => {
    const run = await cache(['--top', '0'])
    expect(run.code).toBe(0)
    const text = run.stdout.replace(/in \d+ ms \([\d,]+\/s\)/, 'in T').replace(/\d+s\.\.\d+s/g, 'T')
    expect(plain(text)).toMatchInlineSnapshot(`
      "target   HOST:PORT, db 0, Redis 7.0.15, master, counts as production
      pass     5 keys in T, DBSIZE 5; every key measured

      family           keys  share  memory     TTL     p5..p95  no TTL
      auth.validation     0      -       -    300s           -       0
      conv                2   40 %   176 B     60s    T       1
      llm.policy          1   20 %    88 B    300s    T       0
      ratelimit           0      -       -  varies           -       0
      conv-config         0      -       -    300s           -       0
      (orphans)           2   40 %   176 B       -  T       1

      memory per key   p50   p99  largest
      conv            88 B  88 B     88 B
      llm.policy      88 B  88 B     88 B
      (orphans)       88 B  88 B     88 B

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
    const [text, json] = await Promise.all([keysHere([...args, '--quiet']), keysHere([...args, '--json'])])
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

  test('get', async () => {
    const [text, json, none] = await Promise.all([
      keysHere(['get', 'copilot:conv:conversation-2']),
      keysHere(['get', 'copilot:conv:conversation-2', '--show-value', '--json']),
      keysHere(['get', 'copilot:conv:none']),
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
    const [json, text] = await Promise.all([keysHere([...args, '--json']), keysHere(args)])
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
      keysHere([], { env: { REDIS_URL: '' } }),
      keysHere([], { env: { REDIS_URL: '', ...upstash } }),
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
    const run = await keysHere([...args, '--url', url])
    expect([run.code, run.stdout]).toEqual([3, ''])
    expect(run.stderr).toMatch(/has no database 99: ERR DB index is out of range/)
  }
  expect(await redis.keys()).toEqual(new Set(['copilot:conv:stays']))
})

describe('a server that does not answer: exit 3, soon, and why', () => {
  test.each(['', 'purge conv', 'get k'])('refused: cache keys %s', async (line) => {
    const env = { REDIS_URL: 'redis://:sesame-open@127.0.0.1:1' }
    const args = line.split(' ').filter((word) => word !== '')
    const [text, json] = await Promise.all([keysHere(args, { env }), keysHere([...args, '--json'], { env })])
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
      keysHere([], { env }),
      keysHere([], { env: { ...env, REDIS_PASSWORD: 'sesame-shut' } }),
      keysHere([], { env: { ...env, REDIS_PASSWORD: 'sesame-open' } }),
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

  test('keys: a marked partial report', async () => {
    const run = await cache(['--gentle'], { onStderr: interruptAt(/^scanning: /m) })
    expect(run.code).toBe(130)
    expect(run.stdout).toMatch(
      /^partial {2}stopped early after [\d,]+ keys of about [\d,]+: nothing here is a/m,
    )
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
