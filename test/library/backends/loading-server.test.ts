import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { PASS, type Rule } from '../../../src/ops/faults/resp/rule.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until, type TestCache } from '../../support/clients.js'

/** INFO of a server that has a minute to go; what it says comes true sooner. */
const saysOneMinute: Rule = (_request, command) => {
  if (command.name !== 'info')
    return command.loading
      ? PASS
      : { kind: 'answer', line: '-LOADING Redis is loading the dataset in memory\r\n' }
  const text = '# Persistence\r\nloading:1\r\nloading_eta_seconds:60\r\n'
  return { kind: 'change', change: () => Buffer.from(`$${text.length}\r\n${text}\r\n`) }
}

let sandbox: Sandbox
let door: TcpDoor
let behindDoor: TestCache
beforeEach(async () => {
  sandbox = await startSandbox()
  door = await createTcpDoor({ upstream: { host: sandbox.redis.host, port: sandbox.redis.port } })
  behindDoor = openCache(`redis://${door.host}:${door.port}`)
  await until('connected', async () => {
    await behindDoor.cache.get('k')
    return behindDoor.log.at(-1) === 'get miss'
  })
})
afterEach(async () => {
  await behindDoor.close()
  await door.close()
  await sandbox.stop()
})

test('a server that has loaded is used again at once, whatever it said about the time that it takes', async () => {
  await door.refuse()
  await behindDoor.cache.del('k')
  expect(behindDoor.cache.getStatus().pendingInvalidations).toBe(1)
  await door.interfere(saysOneMinute)
  await until('the client to be told', () => door.counts().repliesChanged > 0)
  await door.open()
  // ioredis would wait for ten seconds.
  await until(
    'the invalidation to arrive',
    () => behindDoor.cache.getStatus().pendingInvalidations === 0,
    5000,
  )
})

test('a server that says it cannot serve yet is looked at now and then, and not as fast as it answers', async () => {
  await door.interfere((_request, command) =>
    command.name === 'info' ? PASS : { kind: 'answer', line: '-BUSY Redis is busy running a script.\r\n' },
  )
  const trip = async () => {
    await behindDoor.cache.get('k')
    return behindDoor.cache.getStatus().state === 'down'
  }
  await until('the breaker to open', trip)
  const atTrip = door.counts().commandsAnswered
  await until('three looks', () => door.counts().commandsAnswered >= atTrip + 3)
  expect(door.counts().commandsAnswered).toBeLessThanOrEqual(atTrip + 6)
})
