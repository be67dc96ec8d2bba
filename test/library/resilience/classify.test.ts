import { expect, test } from 'vitest'
import { classify } from '../../../src/library/resilience/classify.js'

const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' })
const upstash = (message: string) => Object.assign(new Error(message), { name: 'UpstashError' })
const coded = (code: string) => Object.assign(new Error('x'), { code })

test.each([
  [reply("OOM command not allowed when used memory > 'maxmemory'."), 'refused', 'OOM'],
  [reply("READONLY You can't write against a read only replica."), 'refused', 'READONLY'],
  [reply('MISCONF Redis is configured to save RDB snapshots'), 'refused', 'MISCONF'],
  [reply("NOPERM this user has no permissions to run the 'set' command"), 'refused', 'NOPERM'],
  [
    reply('ERR Error running script (call to f_x): @user_script: 1: -OOM command not allowed'),
    'refused',
    'OOM',
  ],
  [reply('LOADING Redis is loading the dataset in memory'), 'failure', 'LOADING'],
  [reply('BUSY Redis is busy running a script.'), 'failure', 'BUSY'],
  [reply('CLUSTERDOWN The cluster is down'), 'failure', 'CLUSTERDOWN'],
  [reply('MASTERDOWN Link with MASTER is down'), 'failure', 'MASTERDOWN'],
  [reply('NOAUTH Authentication required.'), 'configuration', 'NOAUTH'],
  [reply('NOAUTH HELLO must be called with the client already authenticated'), 'configuration', 'NOAUTH'],
  [reply('WRONGPASS invalid username-password pair'), 'configuration', 'WRONGPASS'],
  [reply('NOSCRIPT No matching script.'), 'neither', 'NOSCRIPT'],
  [reply('WRONGTYPE Operation against a key holding the wrong kind of value'), 'neither', 'WRONGTYPE'],
  [reply('ERR syntax error'), 'neither', 'ERR'],
  [coded('ECONNREFUSED'), 'failure', 'ECONNREFUSED'],
  [coded('DEADLINE'), 'failure', 'DEADLINE'],
  [new Error('Command timed out'), 'failure', 'DEADLINE'],
  [new Error('Connection is closed.'), 'failure', 'NOT_CONNECTED'],
  [new Error("Stream isn't writeable and enableOfflineQueue options is false"), 'failure', 'NOT_CONNECTED'],
  [new TypeError('backend.del is not a function'), 'neither', 'TypeError'],
  [new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }), 'failure', 'ECONNREFUSED'],
  [new TypeError('fetch failed', { cause: new Error('bad port') }), 'failure', 'FETCH_FAILED'],
  [new TypeError('fetch failed', { cause: null }), 'failure', 'FETCH_FAILED'],
  [new DOMException('The operation was aborted due to timeout', 'TimeoutError'), 'failure', 'DEADLINE'],
  [upstash('Unauthorized, command was: ["get","k"]'), 'configuration', 'UNAUTHORIZED'],
  [
    upstash('WRONGPASS invalid or missing auth token, command was: ["get","k"]'),
    'configuration',
    'WRONGPASS',
  ],
  [upstash('Forbidden, command was: ["get","k"]'), 'configuration', 'FORBIDDEN'],
  [upstash('ERR max requests limit exceeded. Limit: 500000, Usage: 500000.'), 'configuration', 'QUOTA'],
  [upstash('ERR max daily request limit exceeded. Limit: 10000, Usage: 10000.'), 'configuration', 'QUOTA'],
  [upstash('Too Many Requests, command was: ["get","k"]'), 'configuration', 'QUOTA'],
  [upstash('ERR max request size exceeded. Limit: 1048576 bytes'), 'refused', 'TOO_LARGE'],
  [upstash("NOPERM this user has no permissions to run the 'set' command"), 'refused', 'NOPERM'],
  [upstash('Command failed: OOM command not allowed'), 'refused', 'OOM'],
  [upstash('NOSCRIPT No matching script.'), 'neither', 'NOSCRIPT'],
  [upstash('Command 1 [ set ] failed: ERR syntax error'), 'neither', 'ERR'],
  [upstash('ERR syntax error, command was: ["set","k"]'), 'neither', 'ERR'],
  [upstash('Internal Server Error, command was: ["get","k"]'), 'failure', 'REST_ERROR'],
  [upstash('Bad Gateway, command was: ["set","k","rate limit OOM "]'), 'failure', 'REST_ERROR'],
  [upstash('undefined, command was: ["get","k"]'), 'failure', 'REST_ERROR'],
  [
    Object.assign(new Error('Unable to parse response body: <html>'), { name: 'UpstashJSONParseError' }),
    'failure',
    'UNREADABLE_REPLY',
  ],
  [new Error('Redis down'), 'failure', 'Error'],
  ['a string', 'failure', 'unknown'],
  [null, 'failure', 'unknown'],
])('%s', (error, errorClass, errorType) => {
  expect(classify(error)).toEqual({ class: errorClass, errorType })
})

test('a label never carries what an error message or a hostile name says', () => {
  const hostile = Object.assign(new Error('set copilot:auth:validation:u1 secret'), {
    name: 'x y\u001b[31m',
    code: 'user:u1',
  })
  expect(classify(hostile)).toEqual({ class: 'failure', errorType: 'Error' })
})
