import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS, findCommand } from '../../../../src/ops/faults/resp/commands.js'
import { keysOf } from '../../../../src/ops/faults/resp/key-positions.js'
import { COMMAND_TABLE } from '../../../../src/ops/faults/resp/command-table.js'
import { startSandbox, type Sandbox } from '../../../../src/ops/sandbox/start-sandbox.js'
import { ioredisClient } from './ioredis-client.js'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())

type Described = [
  name: string,
  arity: number,
  flags: string[],
  first: number,
  last: number,
  step: number,
  ...unknown[],
]

const LETTERS = {
  write: 'w',
  denyoom: 'm',
  readonly: 'r',
  loading: 'l',
  stale: 's',
  allow_busy: 'b',
  no_auth: 'n',
}

function entryOf([name, arity, flags, ...keys]: Described): string {
  const letters = Object.entries(LETTERS).flatMap(([flag, letter]) => (flags.includes(flag) ? [letter] : []))
  const [first] = keys
  const where = first > 0 ? `:${keys.slice(0, 3).join(',')}` : ''
  return `${name}/${arity}/${letters.join('') || '-'}${where}`
}

test('the table is what the real server says', async () => {
  const client = ioredisClient(sandbox.redis.port)
  const described = (await client.call('COMMAND')) as Described[]
  client.disconnect()
  const entries = described
    .flatMap((command) => [command, ...((command[9] as Described[] | undefined) ?? [])])
    .map(entryOf)
  const table = COMMAND_TABLE.trim().split(/\s+/)
  // Later servers have more commands; what they have in common must agree.
  const [known, common] = [new Set(table), new Set(entries)]
  if (sandbox.redis.version.includes('7.0.')) expect([...entries].sort()).toEqual([...table].sort())
  else
    for (const entry of table.filter((each) => !common.has(each)))
      expect(known.has(entry) && entries.some((each) => each.startsWith(`${entry.split('/')[0]}/`))).toBe(
        false,
      )
})

const request = (...words: string[]) => ({
  words: words.map((word) => Buffer.from(word)),
  count: words.length,
  complete: true,
})

describe('findCommand', () => {
  test.each([
    [['get', 'a'], 'get'],
    [['SeT', 'a', 'b', 'EX', '1'], 'set'],
    [['XGROUP', 'create', 'a', 'b', '$'], 'xgroup|create'],
    [['COMMAND'], 'command'],
    [['get'], null],
    [['get', 'a', 'b'], null],
    [['config', 'nosuch'], null],
    [['nosuch'], null],
    [['__proto__'], null],
    [[''], null],
    [[], null],
  ])('%j is %s', (words, name) => {
    expect(findCommand(request(...words))?.name ?? null).toBe(name)
  })
})

test.each([
  ['get a', 'a'],
  ['mget a b c', 'a b c'],
  ['set a b', 'a'],
  ['del a b', 'a b'],
  ['mset a 1 b 2', 'a b'],
  ['object encoding a', 'a'],
  ['lcs a b LEN', 'a b'],
  ['blpop a b 1', 'a b'],
  ['eval x 2 a b c', 'a b'],
  ['eval x 0 a', ''],
  ['eval x 3 a b', ''],
  ['eval x many a', ''],
  ['zunion 2 a b WITHSCORES', 'a b'],
  ['zunionstore a 2 b c', 'a b c'],
  ['xread COUNT 1 STREAMS a b 0 0', 'a b'],
  ['xreadgroup GROUP g c STREAMS a >', 'a'],
  ['sort a BY w STORE b', 'a b'],
  ['migrate h 1 a 0 1', 'a'],
  ['migrate h 1 "" 0 1 KEYS a b', 'a b'],
  ['ping', ''],
  ['acl whoami', ''],
])('%s is about the keys %j', (text, keys) => {
  const said = request(...text.split(' '))
  const command = findCommand(said)!
  expect(keysOf(said, command).join(' ')).toBe(keys)
})

// The server asked where the keys are: what has to be right for commands that no test thought of.
test('the server finds the same keys', async () => {
  const client = ioredisClient(sandbox.redis.port)
  for (const { name, arity, keys } of COMMANDS.values()) {
    if (keys === null) continue
    const words = [...name.split('|'), ...Array.from({ length: Math.abs(arity) + 2 }, (_, at) => `w${at}`)]
    const said = request(...words.slice(0, arity > 0 ? arity : Math.abs(arity)))
    const command = findCommand(said)!
    const expected = await client.call('COMMAND', 'GETKEYS', ...said.words).catch(() => null)
    if (expected !== null) expect([name, keysOf(said, command).map(String)]).toEqual([name, expected])
  }
  client.disconnect()
})
