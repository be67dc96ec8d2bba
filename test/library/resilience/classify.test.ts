import { expect, test } from 'vitest'
import { classify } from '../../../src/library/resilience/classify.js'

const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' })
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
  [new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }), 'failure', 'TypeError'],
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
