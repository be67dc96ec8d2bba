import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS, findCommand, keyPositions } from '../../../../src/ops/faults/resp/commands.js'
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

const LETTERS = { write: 'w', denyoom: 'm', readonly: 'r', loading: 'l', stale: 's', allow_busy: 'b' }

function entryOf([name, arity, flags, ...keys]: Described): string {
  const letters = Object.entries(LETTERS).flatMap(([flag, letter]) => (flags.includes(flag) ? [letter] : []))
  const [first] = keys
  const where = flags.includes('readonly') && first > 0 ? `:${keys.slice(0, 3).join(',')}` : ''
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
  ['get', 2, [1]],
  ['mget', 4, [1, 2, 3]],
  ['object|encoding', 3, [2]],
  ['lcs', 5, [1, 2]],
  ['set', 3, []],
])('keys of %s with %i words are at %j', (name, count, positions) => {
  expect(keyPositions(COMMANDS.get(name)!, count)).toEqual(positions)
})
