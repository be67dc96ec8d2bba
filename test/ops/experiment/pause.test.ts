import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createOperatorClient } from '../../../src/library/backends/operator.js'
import { ownKeys } from '../../../src/ops/experiment/shared-server/own-keys.js'
import { openRig, type Rig } from '../../../src/ops/experiment/rig.js'
import type { PausedDoor } from '../../../src/ops/faults/doors/paused-door.js'
import { pauseWrites } from '../../../src/ops/faults/pause-writes.js'
import { pause } from '../../../src/ops/faults/pause.js'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { until } from '../sandbox/until.js'
import { rawClient } from '../faults/raw-client.js'

let rig: Rig
let door: PausedDoor
beforeAll(async () => {
  rig = await openRig({ needs: 'pause' })
  door = rig.door as PausedDoor
})
afterAll(() => rig.close())
afterEach(async () => {
  expect(await past(['SET', 'a', 'old'], ['GET', 'a'])).toEqual(['OK', 'old'])
  await until('everybody gone', () => door.openConnections() === 0)
})

const past = (...commands: string[][]) =>
  ask({ host: rig.server.host, port: rig.server.port, deadlineMs: 3000 }, ...commands)
const silent = (port: number, ...commands: string[][]) =>
  expect(ask({ host: '127.0.0.1', port, deadlineMs: 200 }, ...commands)).rejects.toThrow('no answer')

describe.each([pause, pauseWrites])('$name', (fault) => {
  test('can be lifted without having been applied, and twice; nobody meets it, and it is not witnessed', async () => {
    await fault.lift(door)
    const before = door.counts()
    await fault.apply(door)
    await fault.lift(door)
    await fault.lift(door)
    expect(fault.witness(before, door.counts()).witnessed).toBe(false)
  })
})

test('pause holds everybody, without a gap between its slices, and is over soon', async () => {
  const waiting = await rawClient(door.port)
  const before = door.counts()
  await pause.apply(door)
  await waiting.write('SET a late\r\n')
  await silent(rig.server.port, ['PING'])
  await silent(door.port, ['GET', 'a'])
  // Several slices: whoever waits behind us is not let through between two of them.
  await until('renewed', () => door.counts().serverPauses >= before.serverPauses + 5)
  expect(waiting.received()).toHaveLength(0)
  const atHeal = door.counts()
  const sinceMs = performance.now()
  await pause.lift(door)
  expect(performance.now() - sinceMs).toBeLessThan(2000)
  await until('executed', () => waiting.received().toString() === '+OK\r\n')
  waiting.socket.destroy()
  expect(pause.witness(before, atHeal)).toMatchObject({
    witnessed: true,
    evidence: expect.stringMatching(
      /^told to pause \d+ times, one after the other, and a PING was not answered; \d+ bytes went to it, and 0 bytes came back$/,
    ) as string,
  })
})

test('pause-writes holds what writes, and nothing else', async () => {
  const before = door.counts()
  await pauseWrites.apply(door)
  expect(await past(['PING'], ['GET', 'a'])).toEqual(['PONG', 'old'])
  await silent(door.port, ['SET', 'a', 'new'])
  await silent(door.port, ['EVAL', 'return 1', '0'])
  await until('renewed', () => door.counts().serverPauses >= before.serverPauses + 6)
  await silent(rig.server.port, ['DEL', 'a'])
  const atHeal = door.counts()
  await pauseWrites.lift(door)
  expect(pauseWrites.witness(before, atHeal).witnessed).toBe(true)
})

test('a pause whose connection is lost ends by itself, and is not witnessed', async () => {
  const before = door.counts()
  await pauseWrites.apply(door)
  await silent(door.port, ['SET', 'a', 'new'])
  await past(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'])
  await until('lost', () => door.counts().pausesLost > before.pausesLost)
  await sleep(400)
  expect(await past(['SET', 'a', 'new'])).toEqual(['OK'])
  await pauseWrites.lift(door)
  expect(pauseWrites.witness(before, door.counts())).toMatchObject({
    witnessed: false,
    evidence: expect.stringContaining('was lost, and with it the pause') as string,
  })
})

test('own keys are counted and removed, wherever a client puts its own words, and no others', async () => {
  const prefix = 'drill-0123456789abcdef'
  const client = await createOperatorClient({ url: rig.server.url })
  const others = Array.from({ length: 1500 }, (_, index) => ['SET', `drill:workload:${index}`, 'x'] as const)
  await client.pipeline([
    ...others,
    ['SET', `${prefix}:workload:1`, 'x', 'PX', 60_000],
    ['SET', `${prefix}:workload:2`, 'x'],
    ['SET', `keyv::keyv:${prefix}:revoked:1`, 'x', 'PX', 1000],
    ['SET', 'drill-0123456789abcdee:workload:1', 'x'],
  ])
  client.close()
  const keys = ownKeys(() => createOperatorClient({ url: rig.server.url }), prefix)
  expect(await keys.look()).toEqual([
    { prefix: `${prefix}:workload`, keys: 2, withoutTtl: 1, longestTtlMs: expect.any(Number) as number },
    expect.objectContaining({ prefix: `keyv::keyv:${prefix}:revoked`, keys: 1, withoutTtl: 0 }),
  ])
  expect(await keys.remove()).toEqual({ removed: 3, left: 0 })
  expect(await past(['DBSIZE'], ['FLUSHALL'])).toEqual([expect.stringMatching(/^150[12]$/), 'OK'])
})
