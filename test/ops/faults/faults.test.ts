import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { busy } from '../../../src/ops/faults/busy.js'
import { cold } from '../../../src/ops/faults/cold.js'
import { cut } from '../../../src/ops/faults/cut.js'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { flap } from '../../../src/ops/faults/flap.js'
import { faults } from '../../../src/ops/faults/index.js'
import { latency } from '../../../src/ops/faults/latency.js'
import { loading } from '../../../src/ops/faults/loading.js'
import { masterdown } from '../../../src/ops/faults/masterdown.js'
import { misconf } from '../../../src/ops/faults/misconf.js'
import { oom } from '../../../src/ops/faults/oom.js'
import { readonly } from '../../../src/ops/faults/readonly.js'
import { refused } from '../../../src/ops/faults/refused.js'
import { reset } from '../../../src/ops/faults/reset.js'
import { stall } from '../../../src/ops/faults/stall.js'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../sandbox/until.js'
import { rawClient } from './raw-client.js'
import { ioredisClient } from './resp/ioredis-client.js'

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

/** Those for which a door is enough; the others have tests of their own. */
const ofRedis = faults.filter(({ protocols, needs }) => protocols.includes('resp') && needs === undefined)

describe.each(ofRedis.map((fault) => [fault.name, fault] as const))('%s', (name, fault) => {
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
    const silent = name === 'stall' || name === 'latency'
    await one.write(silent ? 'x' : '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n')
    if (name === 'stall') await until('held', () => door.counts().bytesHeldToServer > 0)
    if (name === 'oom' || name === 'loading' || name === 'busy')
      await until('answered', () => door.counts().commandsAnswered > 0)
    one.socket.destroy()
    await fault.lift(door)
    await until('gone', () => door.openConnections() === 0)
    const before = door.counts()
    await fault.apply(door)
    await fault.lift(door)
    expect(fault.witness(before, door.counts()).witnessed).toBe(false)
  })
})

describe.each(faults.map((fault) => [fault.name, fault] as const))('%s', (name, fault) => {
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

describe('reset', () => {
  test('is a reset for who is connected and for who comes, and nothing reaches the server', async () => {
    const one = await rawClient(door.port)
    await until('accepted', () => door.openConnections() === 1)
    const errors: (string | undefined)[] = []
    one.socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code))
    const before = door.counts()
    await reset.apply(door)
    await one.closed
    expect(errors).toEqual(['ECONNRESET'])
    await expect(throughDoor(1000, ['PING'])).rejects.toThrow(/ECONNRESET|EPIPE|closed/)
    expect(reset.witness(before, door.counts())).toEqual({
      witnessed: true,
      evidence: '2 connections reset',
      counts: { connectionsReset: 2 },
    })
    expect(door.counts()).toMatchObject({ bytesToServer: 0, bytesToClient: 0 })
  })
})

describe('latency', () => {
  test('delays each way, keeps the order, and delivers what is on its way at the heal', async () => {
    const before = door.counts()
    const ping = (count: number) => Buffer.from('PING\r\n'.repeat(count))
    const one = await rawClient(door.port)
    await latency.apply(door)
    const startedMs = performance.now()
    await one.write(Buffer.concat([ping(1), Buffer.from('ECHO last\r\n')]))
    await until('answered', () => one.received().toString() === '+PONG\r\n$4\r\nlast\r\n')
    expect(performance.now() - startedMs).toBeGreaterThan(2 * 240)
    await one.write(ping(3))
    await until(
      'on its way',
      () => latency.witness(before, door.counts()).counts['bytesDelayedToServer'] === 35,
    )
    await latency.lift(door)
    await until('all', () => one.received().toString().endsWith('+PONG\r\n+PONG\r\n+PONG\r\n'))
    expect(latency.witness(before, door.counts())).toMatchObject({
      witnessed: true,
      evidence: expect.stringMatching(
        /^35 bytes to the server and \d+ bytes to the client came 300 ms late$/,
      ),
    })
    one.socket.destroy()
  })

  test('delivers what was sent by a client that has gone', async () => {
    await latency.apply(door)
    const one = await rawClient(door.port)
    one.socket.end(SET_A)
    await until('executed', async () => (await direct(['GET', 'a']))[0] === 'stale')
    await until('gone', () => door.openConnections() === 0)
  })

  test('carries much at once, in order', async () => {
    await latency.apply(door)
    const one = await rawClient(door.port)
    const words = Array.from({ length: 20_000 }, (_, index) => `ECHO ${index}\r\n`).join('')
    await one.write(words)
    const last = '$5\r\n19999\r\n'
    await until('the last', () => one.received().subarray(-last.length).toString() === last)
    const answers = one
      .received()
      .toString()
      .split('\r\n')
      .filter((_, at) => at % 2 === 1)
    expect(answers).toEqual(Array.from({ length: 20_000 }, (_, index) => String(index)))
    one.socket.destroy()
  })
})

describe('flap', () => {
  test('is closed and open in turn, and stays open after the heal', async () => {
    const one = await rawClient(door.port)
    await until('accepted', () => door.openConnections() === 1)
    const before = door.counts()
    await flap.apply(door)
    await one.closed
    await until('open again', () =>
      throughDoor(1000, ['PING']).then(
        () => true,
        () => false,
      ),
    )
    await until('closed again', () =>
      throughDoor(1000, ['PING']).then(
        () => false,
        () => true,
      ),
    )
    await until('witnessed', () => flap.witness(before, door.counts()).witnessed)
    await flap.lift(door)
    const { timesClosed } = door.counts()
    for (let look = 0; look < 50; look++) {
      expect(await throughDoor(5000, ['PING'])).toEqual(['PONG'])
      await sleep(10)
    }
    expect(door.counts().timesClosed).toBe(timesClosed)
  })

  test('is over when another fault begins, and when the door closes', async () => {
    await flap.apply(door)
    await refused.apply(door)
    const { timesClosed } = door.counts()
    await sleep(500)
    expect(door.counts().timesClosed).toBe(timesClosed)
    await flap.apply(door)
    await door.close()
    await sleep(500)
    await expect(throughDoor(1000, ['PING'])).rejects.toThrow('ECONNREFUSED')
  })
})

describe('cut', () => {
  const GET_A = '*2\r\n$3\r\nGET\r\n$1\r\na\r\n'

  test('ends each connection in the middle of its first reply about data, and no sooner', async () => {
    await direct(['SET', 'a', 'x'.repeat(20)])
    const before = door.counts()
    await cut.apply(door)
    for (let round = 0; round < 2; round++) {
      const one = await rawClient(door.port)
      await one.write(`PING\r\nINFO server\r\n`)
      await until('ready', () => one.received().toString().endsWith('\r\n\r\n'))
      const ready = one.received().length
      await one.write(GET_A + GET_A)
      await one.closed
      expect(one.received().subarray(ready).toString()).toBe(`$20\r\n${'x'.repeat(8)}`)
    }
    expect(cut.witness(before, door.counts())).toEqual({
      witnessed: true,
      evidence: '2 connections cut in the middle of a reply',
      counts: { repliesCut: 2 },
    })
  })

  test('cuts a big reply and a transaction', async () => {
    await direct(['SET', 'a', 'x'.repeat(1_000_000)])
    await cut.apply(door)
    const big = await rawClient(door.port)
    await big.write(GET_A)
    await big.closed
    expect(big.received().length).toBeGreaterThan(1000)
    expect(big.received().length).toBeLessThan(500_000)
    const transaction = await rawClient(door.port)
    await transaction.write('MULTI\r\nGET b\r\nGET b\r\nEXEC\r\n')
    await transaction.closed
    expect(transaction.received().toString()).toMatch(/^\+OK\r\n\+QUEUED\r\n\+QUEUED\r\n\*2\r\n\$-1$/)
  })
})

describe('the faults of a server that answers', () => {
  test.each([
    [oom, "-OOM command not allowed when used memory > 'maxmemory'.", 'OOM'],
    [readonly, "-READONLY You can't write against a read only replica.", 'READONLY'],
    [
      misconf,
      '(stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.',
      'MISCONF',
    ],
  ])('$name is met on a connection from before, and counted', async (fault, error, word) => {
    const one = await rawClient(door.port)
    await until('accepted', () => door.openConnections() === 1)
    const before = door.counts()
    await fault.apply(door)
    await one.write(
      'SET a 1\r\nGET a\r\nEVAL "return 1" 0\r\n*3\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n$1\r\n0\r\n',
    )
    await until('answered', () => one.received().toString().endsWith(':1\r\n'))
    expect(one.received().toString()).toContain(`${error}\r\n$-1\r\n`)
    expect(fault.witness(before, door.counts())).toMatchObject({
      witnessed: true,
      evidence: `1 command answered ${word}; 2 scripts run under it`,
    })
    await fault.lift(door)
    await one.write('SET a 1\r\n')
    await until('stored', () => one.received().toString().endsWith('+OK\r\n'))
    one.socket.destroy()
  })

  test('busy answers everything, on a connection from before, and counts it', async () => {
    const one = await rawClient(door.port)
    await until('accepted', () => door.openConnections() === 1)
    const before = door.counts()
    await busy.apply(door)
    await one.write('GET a\r\nSET a 1\r\nPING\r\n')
    await until('answered', () => one.received().toString().split('\r\n').length === 4)
    expect(one.received().toString()).toMatch(/^(-BUSY Redis is busy running a script\.[^\r]*\r\n){3}$/)
    expect(busy.witness(before, door.counts())).toMatchObject({
      witnessed: true,
      evidence: '3 commands answered BUSY; 0 scripts run under it',
    })
    await busy.lift(door)
    await one.write('SET a 1\r\n')
    await until('stored', () => one.received().toString().endsWith('+OK\r\n'))
    one.socket.destroy()
  })

  test('masterdown answers reads, writes and scripts, and counts them', async () => {
    const before = door.counts()
    await masterdown.apply(door)
    const said = await throughDoor(5000, ['GET', 'a'], ['SET', 'a', '1'], ['EVAL', 'return 1', '0'])
    const noLink = "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."
    expect(said).toEqual([noLink, "-READONLY You can't write against a read only replica.", noLink])
    expect(masterdown.witness(before, door.counts())).toMatchObject({
      witnessed: true,
      evidence: '2 commands answered MASTERDOWN or READONLY; 1 script run under it',
    })
    await masterdown.lift(door)
    expect(await throughDoor(5000, ['SET', 'a', '1'], ['GET', 'a'])).toEqual(['OK', '1'])
  })

  test('loading keeps a client from becoming ready, and lets it go at the heal', async () => {
    const before = door.counts()
    await loading.apply(door)
    const client = ioredisClient(door.port)
    const answer = client.get('a')
    await until('asked', () => loading.witness(before, door.counts()).counts['repliesChanged']! >= 1)
    expect(client.status).not.toBe('ready')
    await loading.lift(door)
    expect(await answer).toBeNull()
    client.disconnect()
  })

  test('cold is a miss for every key, and counted', async () => {
    await direct(['SET', 'a', 'warm'])
    const before = door.counts()
    await cold.apply(door)
    expect(await throughDoor(5000, ['GET', 'a'], ['SET', 'b', '1'], ['GET', 'b'])).toEqual(['', 'OK', ''])
    expect(cold.witness(before, door.counts())).toEqual({
      witnessed: true,
      evidence: '2 commands found nothing',
      counts: { commandsReplaced: 2 },
    })
    await cold.lift(door)
    expect(await throughDoor(5000, ['GET', 'a'], ['GET', 'b'])).toEqual(['warm', '1'])
  })
})

// Through a black hole nobody comes.
test.each(ofRedis.filter(({ name }) => name !== 'blackhole'))(
  '$name: bytes that are no protocol harm nobody else',
  async (fault) => {
    await fault.apply(door)
    for (let round = 0; round < 10; round++) {
      const hostile = await rawClient(door.port).catch(() => null)
      hostile?.socket.write(Buffer.concat([Buffer.from('*3\r\n$3\r\nSET\r\n'), randomBytes(10_000)]))
      hostile?.socket.write('*1000000\r\n$5\r\n')
      if (round % 2 === 0) hostile?.socket.resetAndDestroy()
    }
    await fault.lift(door)
    expect(await throughDoor(5000, ['PING'])).toEqual(['PONG'])
  },
)

test('faults are in the order of the drills, each once', () => {
  expect(faults.map(({ name }) => name).join(' ')).toBe(
    'refused stall reset latency oom readonly flap loading cold cut busy misconf masterdown ' +
      'noauth wrongpass noperm clusterdown moved maxclients corrupt swapped-replies poison miss short-ttl ' +
      'dns tls-expired tls-wrong-host unset ' +
      'blackhole drip half-open slow-close ' +
      'sigkill sigstop maxmemory restart-empty replica-swap pause pause-writes clock-skew ' +
      'upstash-429 upstash-500 upstash-401 upstash-html upstash-hang upstash-slow ' +
      'supabase-down supabase-slow supabase-5xx',
  )
})
