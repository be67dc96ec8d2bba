import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createOperatorClient,
  type Command,
  type OperatorClient,
} from '../../../src/library/backends/operator.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import type { RedisServer } from '../../../src/ops/sandbox/sandbox.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../support/clients.js'
import { cache } from '../../support/cache.js'
import { check, doctor } from './run.js'

const KEYS = ['copilot:conv:1', 'of-another-application', 'a-list']
/** Whatever doctor could leave behind would show somewhere: a log, a replica, an append-only file, a key's frequency. */
const EVERYTHING_ON: Command[] = [
  ['CONFIG', 'SET', 'maxmemory', '500mb', 'maxmemory-policy', 'allkeys-lfu', 'lfu-decay-time', '0'],
  ['CONFIG', 'SET', 'appendonly', 'yes', 'repl-diskless-sync-delay', '0', 'repl-ping-replica-period', '3600'],
  ['CONFIG', 'SET', 'latency-monitor-threshold', '1000', 'slowlog-log-slower-than', '1000000'],
  ['ACL', 'SETUSER', 'app', 'on', '>pw-canary', '~copilot:*', '+@all', '-@dangerous'],
  ['SCRIPT', 'LOAD', 'return 1'],
  ['FUNCTION', 'LOAD', `#!lua name=lib\nredis.register_function('f', function() return 1 end)`],
  ['SET', KEYS[0]!, '{}', 'EX', 100_000],
  ['SET', KEYS[1]!, '1'],
  ['RPUSH', KEYS[2]!, '1', '2', '3'],
]

let sandbox: Sandbox
let replica: RedisServer
let admin: OperatorClient

beforeAll(async () => {
  sandbox = await startSandbox()
  const { watchdog, redis } = sandbox
  admin = await createOperatorClient({ url: redis.url, deadlineMs: 10_000 })
  for (const reply of await admin.pipeline(EVERYTHING_ON)) if (reply instanceof Error) throw reply
  replica = await startRedisServer({ watchdog, extraArgs: ['--replicaof', '127.0.0.1', String(redis.port)] })
  await until('the replica follows, and the file is written', async () => {
    const info = await infoNow()
    return (
      /state=online/.test(info.get('slave0') ?? '') &&
      info.get('aof_rewrite_in_progress') === '0' &&
      info.get('rdb_bgsave_in_progress') === '0'
    )
  })
})
afterAll(async () => {
  admin.close()
  await replica.stop()
  await sandbox.stop()
})

/** Time that passes, work that was done, and the memory that work takes for a moment. */
const MOVES = [
  /^(?:server_time_usec|uptime_in_|lru_clock|expire_cycle_cpu_|eventloop_|active_time_)/,
  /^(?:used_cpu_|used_active_time_|instantaneous_|total_net_|total_(?:reads|writes|commands)_processed)/,
  /^(?:total_connections_received|cmdstat_|latency_percentiles_usec_|reply_buffer_|io_threaded_)/,
  /^(?:used_memory|mem_|allocator_|rss_overhead_|client_recent_max_|lazyfreed_)/,
  // The sample asks for the TTL of keys.
  /^keyspace_hits/,
]
/** And where it writes: scratch keys that come and go, in whatever is told of writes, and the scripts that it tried. */
const WRITES = [
  /^(?:rdb_changes_since_last_save|aof_|master_repl_offset|repl_backlog_|slave0|keyspace_misses)/,
  /^number_of_cached_scripts/,
  // The limiter's own client introduces itself, which Redis before 7.2 counts as errors.
  /^(?:errorstat_ERR|total_error_replies|unexpected_error_replies)/,
]

async function infoNow(): Promise<Map<string, string>> {
  const lines = String(await admin.send('INFO', 'everything')).split('\r\n')
  return new Map(lines.filter((line) => line.includes(':')).map((line) => splitOnce(line)))
}

function splitOnce(line: string): [field: string, value: string] {
  const colon = line.indexOf(':')
  // How long ago a replica reported, and how long keys still live on average, is time that passes.
  return [line.slice(0, colon), line.slice(colon + 1).replace(/,(?:lag|avg_ttl)=\d+/, '')]
}

/** Everything that a server tells of itself, but for what moves by itself. */
async function traces(moves: readonly RegExp[]): Promise<Record<string, unknown>> {
  await until('doctor has gone', async () => !/name=cache-cli|name=transparent/.test(await othersNow()))
  const info = [...(await infoNow())].filter(([field]) => !moves.some((each) => each.test(field)))
  return {
    info: Object.fromEntries(info),
    clients: (await othersNow()).replaceAll(
      / (?:age|idle|cmd|tot-|qbuf|rbp|rbs|omem|oll|obl|multi-mem)\S*/g,
      '',
    ),
    settings: await admin.send('CONFIG', 'GET', '*'),
    users: await admin.send('ACL', 'LIST'),
    refusals: await admin.send('ACL', 'LOG'),
    slow: await admin.send('SLOWLOG', 'LEN'),
    events: await admin.send('LATENCY', 'LATEST'),
    functions: await admin.send('FUNCTION', 'LIST'),
    size: await admin.send('DBSIZE'),
    keys: await Promise.all(
      KEYS.map(async (key) => [
        await admin.send('OBJECT', 'FREQ', key),
        await admin.send('PEXPIRETIME', key),
      ]),
    ),
  }
}

/** Asked before the first traces and after the last, because it is a use of the key. */
const values = (): Promise<unknown> => Promise.all(KEYS.map((key) => admin.sendBytes('DUMP', key)))

/** But for the connection that asks. */
async function othersNow(): Promise<string> {
  const me = `id=${String(await admin.send('CLIENT', 'ID'))} `
  const lines = String(await admin.send('CLIENT', 'LIST')).split('\n')
  return lines.filter((line) => !line.startsWith(me)).join('\n')
}

const env = () => ({ REDIS_URL: sandbox.redis.url })

test('doctor leaves nothing: no key, no connection, no setting, no write, no error, no key looked more used', async () => {
  const held = await values()
  const before = await traces(MOVES)
  const { code, stdout } = await cache(['doctor', '--json'], { env: env(), cwd: '/' })
  expect(code).toBe(1)
  expect(stdout).toContain('"id": "KEY-001"')
  expect(await traces(MOVES)).toEqual(before)
  expect(await values()).toEqual(held)
})

test('--probe-writes leaves two scripts, which no command takes away, and nothing else', async () => {
  const moves = [...MOVES, ...WRITES]
  const scripts = async () => Number((await infoNow()).get('number_of_cached_scripts'))
  const [held, before, already] = [await values(), await traces(moves), await scripts()]
  const probed = await doctor(env(), { probeWrites: true })
  for (const id of ['WRI-001', 'WRI-002', 'LIM-001']) expect(check(probed, id).status).toBe('ok')
  expect(await traces(moves)).toEqual(before)
  expect(await values()).toEqual(held)
  expect(await scripts()).toBe(already + 2)
  await doctor(env(), { groups: ['connectivity', 'failover'], probeWrites: true })
  expect(await scripts()).toBe(already + 2)
})
