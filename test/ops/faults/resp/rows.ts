import type { Commands } from './real-states.js'

export const WRITES = "return redis.call('SET', KEYS[1], ARGV[1])"
export const READS = "return redis.call('GET', KEYS[1])"
export const script = (text: string, ...more: string[]) => ['EVAL', text, '1', 'a', ...more]

/** What is said to a real server and to the door. */
export interface Row {
  name: string
  /** Said before the state begins. */
  first?: Commands
  next: Commands
}

export const rows: Row[] = [
  {
    name: 'reads',
    next: [
      ['GET', 'a'],
      ['get', 'nothing'],
      ['MGET', 'a', 'b'],
      ['HGETALL', 'h'],
      ['TTL', 'a'],
    ],
  },
  {
    name: 'writes',
    next: [
      ['SET', 'a', '1'],
      ['set', 'b', '1', 'EX', '5'],
      ['INCR', 'n'],
      ['LPUSH', 'l', 'x'],
    ],
  },
  {
    name: 'deletes',
    next: [
      ['DEL', 'b'],
      ['UNLINK', 'b'],
      ['DEL', 'a'],
      ['EXPIRE', 'n', '100'],
      ['HDEL', 'h', 'f'],
    ],
  },
  {
    name: 'what is no command',
    next: [['SET', 'a'], ['NOSUCH', 'x'], ['EVAL'], ['XGROUP', 'CREATE', 'a'], ['GET']],
  },
  {
    name: 'subcommands',
    next: [
      ['XGROUP', 'CREATE', 'x', 'g', '$', 'MKSTREAM'],
      ['OBJECT', 'ENCODING', 'a'],
      ['xgroup', 'help', 'x'],
    ],
  },
  {
    name: 'no data',
    next: [['PING'], ['ECHO', 'x'], ['SELECT', '0'], ['CLIENT', 'SETNAME', 'x'], ['DBSIZE']],
  },
  { name: 'MULTI with a write', next: [['MULTI'], ['GET', 'a'], ['SET', 'a', '1'], ['EXEC'], ['PING']] },
  { name: 'MULTI with reads', next: [['MULTI'], ['GET', 'a'], ['PING'], ['EXEC'], ['GET', 'a']] },
  { name: 'MULTI with a delete', next: [['MULTI'], ['DEL', 'b'], ['EXEC'], ['GET', 'a']] },
  {
    name: 'MULTI with nothing',
    next: [['MULTI'], ['EXEC'], ['EXEC'], ['DISCARD'], ['MULTI'], ['DISCARD'], ['PING']],
  },
  {
    name: 'MULTI given up',
    next: [['MULTI'], ['SET', 'a', '1'], ['DISCARD'], ['MULTI'], ['MULTI'], ['EXEC'], ['PING']],
  },
  { name: 'MULTI with a mistake', next: [['MULTI'], ['SET', 'a'], ['NOSUCH'], ['EXEC'], ['PING']] },
  { name: 'MULTI with a script', next: [['MULTI'], script(WRITES, '1'), ['EXEC'], ['PING']] },
  { name: 'MULTI and RESET', next: [['MULTI'], ['SET', 'a', '1'], ['RESET'], ['SET', 'a', '1'], ['EXEC']] },
  { name: 'WATCH', next: [['WATCH', 'a'], ['MULTI'], ['GET', 'a'], ['EXEC'], ['UNWATCH']] },
  {
    name: 'a queue with a write from before',
    first: [['MULTI'], ['SET', 'a', '1'], ['GET', 'a']],
    next: [['EXEC'], ['GET', 'a'], ['EXEC']],
  },
  {
    name: 'a queue with a delete from before',
    first: [['MULTI'], ['DEL', 'b']],
    next: [['EXEC'], ['GET', 'a']],
  },
  {
    name: 'a queue with reads from before',
    first: [['MULTI'], ['GET', 'a']],
    next: [['EXEC'], ['GET', 'a']],
  },
  { name: 'a script that writes', next: [script(WRITES, '1'), script(WRITES.replace('call', 'pcall'), '1')] },
  {
    name: 'a script that reads',
    next: [script(READS), ['EVAL_RO', READS, '1', 'a'], ['EVAL_RO', WRITES, '1', 'a', '1']],
  },
  {
    name: 'a script that deletes, then writes',
    next: [script(`redis.call('DEL', 'b') ${WRITES}`, '1'), script("return redis.call('DEL', KEYS[1])")],
  },
  {
    name: 'a script that catches',
    next: [
      script(
        `local ok, e = pcall(function() ${WRITES} end) return type(e) == 'table' and e.err or tostring(e)`,
        '1',
      ),
      script(`return cjson.encode(redis.pcall('set', KEYS[1], '1'))`),
    ],
  },
  {
    name: 'a script on several lines',
    next: [script(`local a = 1\n-- two\n${WRITES}`, '1'), script("local t = redis.call('TIME')\nreturn #t")],
  },
  {
    name: 'a script with mistakes',
    next: [
      script("return redis.call('SET', KEYS[1])"),
      script("return redis.call('NOSUCH')"),
      script('return redis.call()'),
      script('return redis.call({})'),
      script('return nothing'),
      script('return (('),
    ],
  },
  {
    name: 'a script that uses more of redis',
    next: [
      script("return redis.sha1hex('x')"),
      script("return redis.status_reply('GOOD')"),
      script("return redis.error_reply('BAD')"),
      script("redis.setresp(3) return redis.call('HGETALL', 'h')"),
    ],
  },
  {
    name: 'a script that declares flags',
    next: [
      script(`#!lua\n${READS}`),
      script(`#!lua flags=no-writes\n${READS}`),
      script(`#!lua flags=no-writes\n${WRITES}`, '1'),
      script(`#!lua flags=xx\n${READS}`),
      script(`#!lua flags=allow-stale\n${READS}`),
    ],
  },
  {
    name: 'EVALSHA',
    first: [['SCRIPT', 'LOAD', WRITES], script(READS)],
    next: [
      ['EVALSHA', '4f2e6e8a0d6d3b5b3c0c1f8dd2bda5e2bb9a9c55', '0'],
      ['EVALSHA', 'd8f2fad9f8e86a53d2a6ebd960b33c4972cacc37', '1', 'a', '1'],
    ],
  },
  {
    name: 'SCRIPT',
    next: [
      ['SCRIPT', 'LOAD', WRITES],
      ['SCRIPT', 'EXISTS', 'd8f2fad9f8e86a53d2a6ebd960b33c4972cacc37'],
      ['SCRIPT', 'FLUSH', 'BAD'],
    ],
  },
  {
    name: 'functions',
    next: [['FUNCTION', 'LOAD', "#!lua name=l\nredis.register_function('f', function() return 1 end)"]],
  },
]

export const versions: [string, Commands][] = [
  ['RESP2', []],
  ['RESP3', [['HELLO', '3', 'SETNAME', 'x']]],
]
