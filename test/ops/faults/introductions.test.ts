import { expect, test } from 'vitest'
import { noCounts } from '../../../src/ops/faults/doors/counts.js'
import { Introductions } from '../../../src/ops/faults/doors/introductions.js'
import { introducedClients } from '../../../src/ops/experiment/introduced-clients.js'
import { Conversation } from '../../../src/ops/faults/resp/conversation.js'
import { encodeCommand } from '../../../src/ops/faults/resp/encode.js'
import { ScriptShelf } from '../../../src/ops/faults/resp/script-shelf.js'

const setInfo = (what: string, value: string) => ['CLIENT', 'SETINFO', what, value]

function heard(...commands: string[][]) {
  const introductions = new Introductions()
  const counts = noCounts()
  const conversation = new Conversation(null, new ScriptShelf(), counts, { taken: 0 }, introductions)
  for (const words of commands) conversation.fromClient(encodeCommand(words))
  return { said: introductions.list(), seen: counts.commandsSeen }
}

test.each([
  ['the version first', [setInfo('LIB-VER', '6.0.0'), setInfo('LIB-NAME', 'ioredis')], 'ioredis@6'],
  ['the name first', [setInfo('LIB-NAME', 'ioredis'), setInfo('LIB-VER', '5.11.1')], 'ioredis@5'],
  [
    'with a tag',
    [setInfo('LIB-VER', '6.1.0'), ['client', 'setinfo', 'lib-name', 'ioredis(ours)']],
    'ioredis@6',
  ],
  ['another client', [setInfo('LIB-NAME', 'node-redis'), setInfo('LIB-VER', '5.1.0')], null],
  ['a major that nobody knows', [setInfo('LIB-VER', '7.0.0'), setInfo('LIB-NAME', 'ioredis')], null],
  ['no version', [setInfo('LIB-NAME', 'ioredis')], null],
  ['nothing', [['GET', 'k']], null],
])('a client that introduces itself: %s', (_, commands, library) => {
  const { said, seen } = heard(...commands)
  expect(seen).toBe(commands.length)
  const clients = introducedClients(said).clients?.map((each) => each.library)
  expect(clients).toEqual(library === null ? undefined : [library])
})

test('what it says is kept only where it can be shown, and only so much of it', () => {
  expect(heard(setInfo('LIB-NAME', '\u001b[31mred'), setInfo('LIB-NAME', 'x'.repeat(65))).said).toEqual([])
  const many = Array.from({ length: 50 }, (_, index) => setInfo('LIB-NAME', `client-${index}`))
  expect(heard(...many).said).toHaveLength(20)
  expect(heard(setInfo('LIB-NAME', 'a'), setInfo('LIB-VER', '1'), ['PING']).said).toEqual([
    { name: 'a', version: '1' },
  ])
})

test('of Upstash, too', () => {
  expect(introducedClients([{ name: '@upstash/redis', version: '1.39.0' }]).clients).toEqual([
    { library: 'upstash', options: {}, introducedAs: '@upstash/redis@1.39.0' },
  ])
})
