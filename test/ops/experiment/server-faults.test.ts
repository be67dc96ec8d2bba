import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openRig, type Rig } from '../../../src/ops/experiment/rig.js'
import type { ServedDoor } from '../../../src/ops/faults/doors/served-door.js'
import { harmsServer } from '../../../src/ops/faults/fault.js'
import { faults } from '../../../src/ops/faults/index.js'
import { maxmemory } from '../../../src/ops/faults/maxmemory.js'
import { replicaSwap } from '../../../src/ops/faults/replica-swap.js'
import { restartEmpty } from '../../../src/ops/faults/restart-empty.js'
import { sigkill } from '../../../src/ops/faults/sigkill.js'
import { sigstop } from '../../../src/ops/faults/sigstop.js'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { rawClient } from '../faults/raw-client.js'
import { processState, until } from '../sandbox/until.js'

// One rig for all: it has a standby, and each fault gives its server back.
let rig: Rig
let door: ServedDoor
beforeAll(async () => {
  rig = await openRig({ needs: 'standby' })
  door = rig.door as ServedDoor
})
afterAll(() => rig.close())
afterEach(async () => {
  expect(await through(['SET', 'a', 'x'], ['GET', 'a'])).toEqual(['OK', 'x'])
  expect(await past(['SET', 'a', 'old'], ['GET', 'a'])).toEqual(['OK', 'old'])
  await until('everybody gone', () => door.openConnections() === 0)
})

const through = (...commands: string[][]) =>
  ask({ host: door.host, port: door.port, deadlineMs: 3000 }, ...commands)
const past = (...commands: string[][]) =>
  ask({ host: rig.server.host, port: rig.server.port, deadlineMs: 3000 }, ...commands)

/** A client whom the server knows. */
async function served() {
  const one = await rawClient(door.port)
  await one.write('PING\r\n')
  await until('answered', () => one.received().length > 0)
  return one
}

describe.each(faults.filter(harmsServer))('$name', (fault) => {
  test('can be lifted without having been applied, and twice; nobody meets it, and it is not witnessed', async () => {
    await fault.lift(door)
    const before = door.counts()
    await fault.apply(door)
    await fault.lift(door)
    await fault.lift(door)
    expect(fault.witness(before, door.counts()).witnessed).toBe(false)
  })
})

describe('is met by who comes through the door, and past it', () => {
  test('sigkill', async () => {
    const one = await served()
    const { pid } = rig.server
    const before = door.counts()
    await sigkill.apply(door)
    await one.closed
    await expect(through(['PING'])).rejects.toThrow('ECONNREFUSED')
    await expect(past(['PING'])).rejects.toThrow('ECONNREFUSED')
    await sigkill.lift(door)
    expect(rig.server.pid).not.toBe(pid)
    expect(await through(['GET', 'a'])).toEqual([''])
    expect(sigkill.witness(before, door.counts())).toMatchObject({
      witnessed: true,
      evidence: expect.stringMatching(
        /^killed 1 time, which ended 1 connection; (\d+) of \1 connects refused$/,
      ),
    })
  })

  test('sigstop, and what was sent to it is executed at the heal', async () => {
    const one = await rawClient(door.port)
    const before = door.counts()
    await sigstop.apply(door)
    expect(processState(rig.server.pid)).toBe('T')
    await one.write('SET a late\r\n')
    await until('handed on', () => door.counts().bytesToServer > before.bytesToServer)
    const { host, port } = rig.server
    await expect(ask({ host, port, deadlineMs: 100 }, ['PING'])).rejects.toThrow('no answer')
    expect(one.received()).toHaveLength(0)
    const atHeal = door.counts()
    one.socket.destroy()
    await sigstop.lift(door)
    await until('executed', async () => (await past(['GET', 'a']))[0] === 'late')
    expect(sigstop.witness(before, atHeal)).toEqual({
      witnessed: true,
      evidence: 'stopped 1 time; 12 bytes went to it, and 0 bytes that it had sent before came back',
      counts: { serverFreezes: 1, bytesToServer: 12, bytesToClient: 0 },
    })
  })

  test('maxmemory', async () => {
    const before = door.counts()
    await maxmemory.apply(door)
    const set = ['SET', 'a', 'new']
    const byScript = ['EVAL', '#!lua\nreturn redis.call("SET", KEYS[1], "new")', '1', 'a']
    const said = await through(set, byScript, ['GET', 'a'])
    expect(said).toEqual([
      "-OOM command not allowed when used memory > 'maxmemory'.",
      expect.stringMatching(/^-OOM /),
      'old',
    ])
    expect((await past(set))[0]).toMatch(/^-OOM /)
    expect(maxmemory.witness(before, door.counts())).toMatchObject({
      witnessed: true,
      evidence: '2 commands refused with OOM by the server',
    })
    await maxmemory.lift(door)
  })

  test('restart-empty', async () => {
    const one = await served()
    const [sha = ''] = await past(['SCRIPT', 'LOAD', 'return 1'])
    const before = door.counts()
    await restartEmpty.apply(door)
    await one.closed
    expect((await through(['GET', 'a'], ['EVALSHA', sha, '0']))[1]).toMatch(/^-NOSCRIPT /)
    expect(await past(['DBSIZE'])).toEqual(['0'])
    expect(restartEmpty.witness(before, door.counts())).toMatchObject({
      witnessed: true,
      evidence: 'killed and started again, empty, which ended 1 connection; 1 script no longer known',
    })
    await restartEmpty.lift(door)
  })

  test('replica-swap, and its data is what it was', async () => {
    const before = door.counts()
    await replicaSwap.apply(rig.door as Parameters<typeof replicaSwap.apply>[0])
    const said = await through(['SET', 'a', 'new'], ['DEL', 'a'], ['GET', 'a'], ['INFO', 'replication'])
    const readOnly = "-READONLY You can't write against a read only replica."
    expect(said).toEqual([readOnly, readOnly, expect.any(String), expect.stringContaining('role:slave')])
    expect(await past(['SET', 'a', 'new'])).toEqual([readOnly])
    expect(replicaSwap.witness(before, door.counts())).toMatchObject({
      witnessed: true,
      evidence: 'made a replica 1 time; 2 commands refused with READONLY by the server',
    })
    await replicaSwap.lift(rig.door as Parameters<typeof replicaSwap.lift>[0])
  })
})
