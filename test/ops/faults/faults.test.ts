import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { faults } from '../../../src/ops/faults/index.js'
import { refused } from '../../../src/ops/faults/refused.js'
import { stall } from '../../../src/ops/faults/stall.js'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../sandbox/until.js'
import { rawClient } from './raw-client.js'

let sandbox: Sandbox
let door: TcpDoor
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(async () => {
  await direct(['FLUSHALL'])
  door = await createTcpDoor({ upstream: sandbox.redis })
})
afterEach(() => door.close())

function direct(...commands: string[][]): Promise<string[]> {
  const { host, port } = sandbox.redis
  return ask({ host, port, deadlineMs: 5000 }, ...commands)
}

function throughDoor(deadlineMs: number, ...commands: string[][]): Promise<string[]> {
  return ask({ host: door.host, port: door.port, deadlineMs }, ...commands)
}

const SET_A = '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$5\r\nstale\r\n'

describe.each(faults.map((fault) => [fault.name, fault] as const))('%s', (name, fault) => {
  test('can be lifted without having been applied, and twice', async () => {
    await fault.lift(door)
    await fault.apply(door)
    await fault.lift(door)
    await fault.lift(door)
    expect(await throughDoor(5000, ['PING'])).toEqual(['PONG'])
  })

  test('that touches nobody is not witnessed', async () => {
    const before = door.counts()
    await fault.apply(door)
    await fault.lift(door)
    expect(fault.witness(before, door.counts()).witnessed).toBe(false)
  })

  test('that was met before does not count again', async () => {
    const one = await rawClient(door.port)
    await fault.apply(door)
    await one.write('x')
    if (name === 'stall') await until('held', () => door.counts().bytesHeldToServer > 0)
    one.socket.destroy()
    await fault.lift(door)
    await until('gone', () => door.openConnections() === 0)
    const before = door.counts()
    await fault.apply(door)
    await fault.lift(door)
    expect(fault.witness(before, door.counts()).witnessed).toBe(false)
  })

  test('has its page, which names every clause it can break', () => {
    const page = join(import.meta.dirname, '../../../docs/faults', `${name}.md`)
    expect(existsSync(page)).toBe(true)
    const text = readFileSync(page, 'utf8')
    for (const clause of fault.breaks) expect(text).toMatch(new RegExp(`\\b${clause}\\b`))
    expect(text).toContain(fault.summary)
  })
})

describe('refused', () => {
  test('is witnessed by the connection that was cut and the connects that were refused', async () => {
    const one = await rawClient(door.port)
    await until('accepted', () => door.openConnections() === 1)
    const before = door.counts()
    await refused.apply(door)
    await one.closed
    await expect(throughDoor(1000, ['PING'])).rejects.toThrow('ECONNREFUSED')
    await refused.lift(door)
    expect(refused.witness(before, door.counts())).toEqual({
      witnessed: true,
      evidence: '1 connection cut; 2 of 2 connects refused',
      counts: { connectionsCut: 1, connectsRefused: 2, connectsNotRefused: 0 },
    })
  })

  test('is not witnessed when a single connect got through', () => {
    const none = door.counts()
    const some = { ...none, connectionsCut: 1, connectsRefused: 3, connectsNotRefused: 1 }
    expect(refused.witness(none, some)).toMatchObject({
      witnessed: false,
      evidence: '1 connection cut; 3 of 4 connects refused',
    })
  })
})

describe('stall', () => {
  test('withholds a SET from the real Redis and has it executed after the heal, its sender long gone', async () => {
    await direct(['SET', 'a', 'fresh'])
    const before = door.counts()
    await stall.apply(door)
    const victim = await rawClient(door.port)
    await victim.write(SET_A)
    await until('held', () => door.counts().bytesHeldToServer === SET_A.length)
    victim.socket.resetAndDestroy()
    await expect(throughDoor(200, ['GET', 'a'])).rejects.toThrow('no answer')
    expect(await direct(['GET', 'a'])).toEqual(['fresh'])
    const healing = door.counts()

    await stall.lift(door)

    await until('executed', async () => (await direct(['GET', 'a']))[0] === 'stale')
    const held = SET_A.length + '*2\r\n$3\r\nGET\r\n$1\r\na\r\n'.length
    expect(stall.witness(before, healing)).toEqual({
      witnessed: true,
      evidence: `2 connections held; ${held} bytes to the server and 0 bytes to the client withheld until the heal`,
      counts: { connectionsHeld: 2, bytesHeldToServer: held, bytesHeldToClient: 0 },
    })
    expect(await throughDoor(5000, ['PING'])).toEqual(['PONG'])
    await until('every connection ended', () => door.openConnections() === 0)
  })

  test('is not witnessed by a connection that stays silent', async () => {
    const silent = await rawClient(door.port)
    await until('accepted', () => door.openConnections() === 1)
    const before = door.counts()
    await stall.apply(door)
    expect(stall.witness(before, door.counts())).toMatchObject({
      witnessed: false,
      counts: { connectionsHeld: 1, bytesHeldToServer: 0 },
    })
    silent.socket.destroy()
  })
})

test('faults are in the order of the drills, each once', () => {
  expect(faults.map(({ name }) => name)).toEqual(['refused', 'stall'])
})
