import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { onEvent, type LibraryEvent } from '../../../src/library/kernel/events.js'
import type { RateLimiterOptions } from '../../../src/library/rate-limit/options.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import type { Rule } from '../../../src/ops/faults/resp/rule.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../support/clients.js'
import { openLimiter, type TestLimiter } from './limiters.js'

let sandbox: Sandbox
let door: TcpDoor
let raw: Redis
let open: TestLimiter[]
let events: LibraryEvent[]
let stop: () => void

beforeEach(async () => {
  open = []
  events = []
  stop = onEvent((event) => events.push(event))
  sandbox = await startSandbox()
  door = await createTcpDoor({ upstream: { host: sandbox.redis.host, port: sandbox.redis.port } })
  raw = new Redis(sandbox.redis.url)
})
afterEach(async () => {
  stop()
  await Promise.all(open.map((each) => each.close()))
  raw.disconnect()
  await door.close()
  await sandbox.stop()
})

/** Time is not the subject here, so a busy machine has plenty of it. */
function limiter(options: Partial<RateLimiterOptions> = {}, credentials = ''): TestLimiter {
  const opened = openLimiter(`redis://${credentials}${door.host}:${door.port}`, {
    deadlineMs: 5000,
    ...options,
  })
  open.push(opened)
  return opened
}

const stateOf = ({ limiter }: TestLimiter) => limiter.getStatus().selfCheck
const warnings = () => events.flatMap((event) => (event.type === 'warning' ? [event.message] : []))
const said = (message: string) => warnings().filter((each) => each.includes(message)).length
const concluded = (tested: TestLimiter) => until('a self-check', () => stateOf(tested) !== 'pending')

/** How often the server ran a script, and was asked for a setting. */
async function asked() {
  const stats = await raw.info('commandstats')
  const calls = (name: string) =>
    Number(new RegExp(`^cmdstat_${name}:calls=(\\d+)`, 'm').exec(stats)?.[1] ?? 0)
  return { scripts: calls('eval') + calls('evalsha'), config: calls('config\\|get') }
}

/** A server on which scripts with a text in them do something else. */
const scripts =
  (from: string, to: string): Rule =>
  ({ words }, { name }) => {
    const lua = words[1]?.toString() ?? ''
    if (name !== 'eval' || !lua.includes(from)) return { kind: 'pass' }
    return { kind: 'instead', words: words.map((word, at) => (at === 1 ? lua.replace(from, to) : word)) }
  }

describe('H26: the self-check', () => {
  test('sees once per limiter that the server denies, in nobody’s name, and leaves nothing behind', async () => {
    const a = limiter()
    expect(stateOf(a)).toBe('pending')
    await concluded(a)
    expect(stateOf(a)).toBe('passed')
    expect(await asked()).toMatchObject({ scripts: 3 })
    const b = limiter()
    await concluded(b)
    expect(await asked()).toMatchObject({ scripts: 6 })
    await raw.call('CLIENT', 'KILL', 'TYPE', 'normal')
    await until('another connection', async () => (await a.limiter.limit('u')).reason === 'ok')
    const counted = a.log.filter((line) => line === 'allowed').length
    expect((await asked()).scripts).toBe(6 + counted)
    expect(await raw.keys('*self-check*')).toEqual([])
    expect(events.filter(({ type }) => type === 'check')).toHaveLength(a.log.length)
    expect(warnings()).toEqual([])
    expect(a.limiter.getStatus().state).toBe('up')
  })

  test.each([
    ['allows everything', 'used + cost > limit', 'false', 'the second request of a limit of 1 was allowed'],
    ['denies everything', 'used + cost > limit', 'true', 'the first request of a limit of 1 was denied'],
    ['forgets the TTL', ", 'PX', ARGV[4]", '', 'counts do not end by themselves: their key has no TTL'],
    [
      'answers nonsense',
      'local now',
      "do return 'OK' end local now",
      'the script is answered with something else',
    ],
    ['has no scripts', 'local now', 'syntax error', 'the server refuses to count (ERR)'],
  ])('one that %s: one warning, and the status says so', async (_, from, to, reason) => {
    await door.interfere(scripts(from, to))
    const tested = limiter()
    await until('the warning', () => warnings().length > 0)
    expect(events).toContainEqual(expect.objectContaining({ type: 'limiter-state', to: 'degraded' }))
    expect(tested.limiter.getStatus()).toMatchObject({
      selfCheck: 'failed',
      state: 'degraded',
      cause: 'SELF_CHECK',
    })
    expect(warnings()).toEqual([`Self-check failed, requests may pass unlimited: ${reason}`])
    expect(await raw.keys('*self-check*')).toEqual([])

    await door.open()
    await raw.script('FLUSH')
    await raw.call('CLIENT', 'KILL', 'TYPE', 'normal')
    await until('another look', () => stateOf(tested) === 'passed')
    expect(tested.limiter.getStatus()).toMatchObject({ state: 'up', cause: null })
    expect(warnings()).toHaveLength(1)
  })

  test('a user who may not run scripts limits nobody; one who may not ask for a TTL does', async () => {
    await raw.acl('SETUSER', 'none', 'on', '>pw', '~*', '+@all', '-eval', '-evalsha')
    await raw.acl(
      'SETUSER',
      'least',
      'on',
      '>pw',
      '~copilot:ratelimit:*',
      '+@connection',
      '+eval',
      '+evalsha',
      '+time',
      '+get',
      '+set',
      '+del',
    )
    const [none, least] = [limiter({}, 'none:pw@'), limiter({}, 'least:pw@')]
    await Promise.all([none, least].map(concluded))
    expect([stateOf(none), stateOf(least)]).toEqual(['failed', 'passed'])
    expect(said('refuses to count (NOPERM)')).toBe(1)
    expect(await raw.keys('*')).toEqual([])
  })

  test.each([
    ['a full server', () => raw.config('SET', 'maxmemory', '1')],
    ['a replica', () => raw.replicaof('127.0.0.1', '1')],
  ])('%s is no verdict: looked at again on the next connection', async (_, fail) => {
    await fail()
    const tested = limiter()
    await until('a refused check', async () => (await tested.limiter.limit('u')).reason === 'unavailable')
    expect(stateOf(tested)).toBe('pending')
    await raw.config('SET', 'maxmemory', '0')
    await raw.replicaof('NO', 'ONE')
    await raw.call('CLIENT', 'KILL', 'TYPE', 'normal')
    await until('a verdict', () => stateOf(tested) === 'passed')
    expect(warnings()).toEqual([])
  })

  test('a service that starts in the outage is looked at once Redis is there', async () => {
    await door.refuse()
    const late = limiter({ deadlineMs: 300 })
    expect(await late.limiter.limit('u')).toMatchObject({ reason: 'unavailable' })
    expect(stateOf(late)).toBe('pending')
    await door.open()
    await until('a verdict', () => stateOf(late) === 'passed')
  })

  test('can be switched off', async () => {
    const tested = limiter({ selfCheck: false })
    expect(await tested.limiter.check('u')).toBe(true)
    expect(stateOf(tested)).toBe('off')
    expect((await asked()).scripts).toBe(1)
  })
})

test('H26: a window shorter than a second limits as any other', async () => {
  const { limiter: a } = limiter({ limit: 2, windowMs: 999 })
  const answers = await Promise.all([1, 2, 3].map(() => a.limit('u')))
  expect(answers.map(({ allowed, reason }) => [allowed, reason])).toEqual([
    [true, 'ok'],
    [true, 'ok'],
    [false, 'limited'],
  ])
})

describe('H31: a Redis that evicts forgets who has used what', () => {
  const evicts = async (policy: string) => {
    await raw.config('SET', 'maxmemory', String(64 * 1024 * 1024))
    await raw.config('SET', 'maxmemory-policy', policy)
  }

  /** Asked after the self-check on the same connection, whose answer therefore comes first. */
  async function settled(credentials?: string) {
    const tested = limiter({ deadlineMs: 4000 + open.length }, credentials)
    await concluded(tested)
    await tested.limiter.check('u')
    await tested.limiter.check('u')
  }

  test('is said once in a process, naming the policy', async () => {
    await evicts('volatile-ttl')
    for (let i = 0; i < 2; i++) await settled()
    await until('the warning', () => said('maxmemory-policy noeviction') > 0)
    expect(warnings()).toEqual([expect.stringContaining('(volatile-ttl)')])
    expect(await asked()).toMatchObject({ config: 0 })
  })

  test('is learnt from CONFIG where INFO is refused, and asked once per connection', async () => {
    await evicts('allkeys-lfu')
    await raw.acl('SETUSER', 'app', 'on', '>pw', '~*', '+@all', '-info')
    await settled('app:pw@')
    await until('the warning', () => said('(allkeys-lfu)') === 1)
    await raw.call('CLIENT', 'KILL', 'TYPE', 'normal')
    await until(
      'another connection',
      async () => (await open[0]!.limiter.limit('u')).reason !== 'unavailable',
    )
    expect(await asked()).toMatchObject({ config: 1 })
  })

  test.each([
    ['where neither is allowed', 'allkeys-random', ['-info', '-config']],
    ['where nothing is evicted', 'noeviction', []],
  ])('is not claimed %s', async (_, policy, forbidden) => {
    await evicts(policy)
    await raw.acl('SETUSER', 'app', 'on', '>pw', '~*', '+@all', ...forbidden)
    await settled('app:pw@')
    expect(said('maxmemory-policy')).toBe(0)
  })

  test('without a memory limit nothing is evicted, whatever the policy', async () => {
    await evicts('volatile-lru')
    await raw.config('SET', 'maxmemory', '0')
    await settled()
    expect(said('maxmemory-policy')).toBe(0)
  })
})
