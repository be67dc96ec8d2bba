import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ConnectionWatchdog } from '../../../src/library/backends/connection-watchdog.js'
import { createKeyValueClient } from '../../../src/library/backends/create.js'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'

const COMMAND_MS = 1000
const SOCKET_MS = 2000

/** What the watchdog sees of ioredis, with commands that are answered by hand. */
function connection() {
  const clock = createVirtualClock()
  const sent: { name: string; command: { reject(error: Error): void } }[] = []
  const given: string[] = []
  const stream = { bytesRead: 0, destroyed: false, destroy: () => (stream.destroyed = true) }
  const onConnect: (() => void)[] = []
  const redis = {
    status: 'ready',
    stream,
    commandQueue: {
      get length() {
        return sent.length
      },
      peekAt: (index: number) => sent[index],
    },
    on: (_event: 'connect', listener: () => void) => onConnect.push(listener),
  }
  const send = (name: string) => sent.push({ name, command: { reject: () => given.push(name) } })
  const options = { clock, commandTimeout: COMMAND_MS, socketTimeout: SOCKET_MS }
  const watchdog = ConnectionWatchdog.of(redis as never, options)!
  return {
    clock,
    given,
    redis,
    stream,
    watchdog,
    connect: () => onConnect.forEach((listener) => listener()),
    ask(name: string) {
      watchdog.watch()
      send(name)
    },
    send,
    answer() {
      stream.bytesRead += 10
      sent.shift()
    },
  }
}

describe('a command', () => {
  test('is given up when it has waited for so long, and not before', async () => {
    const { clock, given, ask } = connection()
    ask('a')
    await clock.advance(COMMAND_MS)
    expect(given).toEqual([])
    await clock.advance(200)
    expect(given).toEqual(['a'])
  })

  test('is not given up with an older one', async () => {
    const { clock, given, ask } = connection()
    ask('a')
    await clock.advance(500)
    ask('b')
    await clock.advance(700)
    expect(given).toEqual(['a'])
    await clock.advance(600)
    expect(new Set(given)).toEqual(new Set(['a', 'b']))
  })

  test('that was answered is left alone, however many are asked', async () => {
    const { clock, given, ask, answer, stream } = connection()
    ask('0')
    for (let index = 1; index < 100; index++) {
      ask(String(index))
      await clock.advance(60)
      answer()
    }
    expect(given).toEqual([])
    expect(stream.destroyed).toBe(false)
  })
})

describe('a connection', () => {
  test('is ended when nothing arrives for so long while something waits', async () => {
    const { clock, ask, answer, stream } = connection()
    ask('answered')
    answer()
    ask('a')
    await clock.advance(SOCKET_MS)
    expect(stream.destroyed).toBe(false)
    await clock.advance(200)
    expect(stream.destroyed).toBe(true)
  })

  test('lives while something arrives', async () => {
    const { clock, ask, stream } = connection()
    ask('a')
    for (let second = 0; second < 10; second++) {
      await clock.advance(1000)
      stream.bytesRead++
    }
    expect(stream.destroyed).toBe(false)
  })

  test('that was idle is not ended for the time before it was asked', async () => {
    const { clock, ask, answer, stream } = connection()
    ask('a')
    await clock.advance(150)
    answer()
    await clock.advance(60_000)
    ask('b')
    await clock.advance(SOCKET_MS)
    expect(stream.destroyed).toBe(false)
  })

  test('is not ended for the silence of the one before it', async () => {
    const { clock, ask, redis, stream } = connection()
    ask('a')
    await clock.advance(SOCKET_MS - 500)
    redis.stream = { ...stream, destroy: () => (stream.destroyed = true) }
    await clock.advance(1000)
    expect(stream.destroyed).toBe(false)
  })

  test('costs no timer while nothing waits', async () => {
    const { clock, ask, answer } = connection()
    ask('a')
    expect(clock.pendingTimers).toBe(1)
    answer()
    await clock.advance(100)
    expect(clock.pendingTimers).toBe(0)
  })

  test('is watched before it is usable, when ioredis asks by itself', async () => {
    const { clock, connect, redis, send, stream, watchdog } = connection()
    redis.status = 'connect'
    connect()
    await clock.advance(5000)
    send('info')
    await clock.advance(SOCKET_MS + 200)
    expect(stream.destroyed).toBe(true)
    watchdog.stop()
    expect(clock.pendingTimers).toBe(0)
  })
})

test('there is none for an ioredis that does not show what waits', () => {
  const options = { clock: createVirtualClock(), commandTimeout: COMMAND_MS, socketTimeout: SOCKET_MS }
  expect(ConnectionWatchdog.of({ on: () => undefined } as never, options)).toBeNull()
})

describe.each(['ioredis', 'ioredis5'])('on a Redis that hangs, through %s', (ioredis) => {
  let sandbox: Sandbox
  beforeAll(async () => {
    vi.doMock('ioredis', () => vi.importActual(ioredis))
    sandbox = await startSandbox()
  })
  afterAll(async () => {
    vi.doUnmock('ioredis')
    await sandbox.stop()
  })

  test('what was asked is given up, and so is the connection', async () => {
    const door = await createTcpDoor({ upstream: sandbox.redis })
    const client = createKeyValueClient({ backend: 'redis', url: `redis://127.0.0.1:${door.port}` })
    const isUp = () => vi.waitFor(async () => expect(await client.get('a')).toBeNull(), { timeout: 5000 })
    await isUp()
    await door.stall()
    const [first, second] = await Promise.allSettled([client.get('a'), client.get('b')])
    expect([first.status, second.status]).toEqual(['rejected', 'rejected'])
    expect(String((first as PromiseRejectedResult).reason)).toContain('Command timed out')
    await vi.waitFor(() => expect(door.counts().connectionsAccepted).toBe(2), { timeout: 5000 })
    await door.open()
    await isUp()
    await client.close!()
    await door.close()
  })
})
