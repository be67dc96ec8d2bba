import { expect, test } from 'vitest'
import { noCounts } from '../../../../src/ops/faults/doors/counts.js'
import { Conversation } from '../../../../src/ops/faults/resp/conversation.js'
import { encodeCommand } from '../../../../src/ops/faults/resp/encode.js'
import { ScriptShelf } from '../../../../src/ops/faults/resp/script-shelf.js'

function counted(command: string) {
  const counts = noCounts()
  const conversation = new Conversation(null, new ScriptShelf(), counts)
  conversation.fromClient(encodeCommand(command.split(' ')))
  return { seen: counts.commandsSeen, aboutData: counts.commandsAboutData }
}

const ABOUT_DATA = `GET k, SET k v EX 60, MGET a b, DEL k, TTL k, HGETALL h, XREAD STREAMS s 0, ZUNION 2 a b, WATCH k,
  EVAL s 1 k, EVAL s 0, EVALSHA sha 1 k, evalsha_ro sha 1 k, FCALL f 1 k`
const NOT = `TIME, WAIT 0 100, DBSIZE, MEMORY STATS, LATENCY LATEST, SENTINEL masters, SLOWLOG GET, PING, HELLO 3, INFO,
  CLIENT SETNAME a, CLUSTER SLOTS, COMMAND, CONFIG GET maxmemory, LASTSAVE, SCRIPT LOAD s, SUBSCRIBE c, SSUBSCRIBE c,
  PUBLISH c m, SPUBLISH c m, MULTI, READONLY, ROLE`

test.each(ABOUT_DATA.split(/,\s+/))('%s is about data', (command) => {
  expect(counted(command)).toEqual({ seen: 1, aboutData: 1 })
})

test.each(NOT.split(/,\s+/))('%s is about the connection or the server', (command) => {
  expect(counted(command)).toEqual({ seen: 1, aboutData: 0 })
})
