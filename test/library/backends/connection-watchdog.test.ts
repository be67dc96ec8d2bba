import { EventEmitter } from 'node:events'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ConnectionWatchdog } from '../../../src/library/backends/connection-watchdog.js'
import { createKeyValueClient } from '../../../src/library/backends/create.js'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'

const SILENT_MS = 2000

/** What the watchdog sees of ioredis, with commands that are answered by hand. */
function connection() {
  const clock = createVirtualClock()
  const waiting: (() => void)[] = []
  const stream = { bytesRead: 0, destroyed: false, destroy: () => (stream.destroyed = true) }
  const redis = Object.assign(new EventEmitter(), { stream })
  const watchdog = new ConnectionWatchdog(redis as never, { clock, silentMs: SILENT_MS })
  return {
    clock,
    redis,
    stream,
    watchdog,
    ask: () => watchdog.expect(new Promise<void>((resolve) => waiting.push(resolve))),
    async answer() {
      stream.bytesRead += 10
      waiting.shift()!()
      await Promise.resolve()
    },
  }
}

describe('a connection', () => {
  test('is ended when nothing arrives for so long while something waits', async () => {
    const { clock, ask, answer, stream } = connection()
    void ask()
    await answer()
    void ask()
    await clock.advance(SILENT_MS)
    expect(stream.destroyed).toBe(false)
    await clock.advance(200)
    expect(stream.destroyed).toBe(true)
  })

  test('is ended for the one that waits, whoever was answered after it', async () => {
    const { clock, ask, stream, watchdog } = connection()
    void ask()
    await watchdog.expect(Promise.resolve())
    await watchdog.expect(Promise.reject(new Error('refused'))).catch(() => undefined)
    await clock.advance(SILENT_MS + 200)
    expect(stream.destroyed).toBe(true)
  })

  test('lives while something arrives', async () => {
    const { clock, ask, stream } = connection()
    void ask()
    for (let second = 0; second < 10; second++) {
      await clock.advance(1000)
      stream.bytesRead++
    }
    expect(stream.destroyed).toBe(false)
  })

  test('that answers is left alone, however many are asked', async () => {
    const { clock, ask, answer, stream } = connection()
    void ask()
    for (let index = 1; index < 100; index++) {
      void ask()
      await clock.advance(60)
      await answer()
    }
    expect(stream.destroyed).toBe(false)
  })

  test('that was idle is not ended for the time before it was asked', async () => {
    const { clock, ask, answer, stream } = connection()
    void ask()
    await clock.advance(150)
    await answer()
    await clock.advance(60_000)
    void ask()
    await clock.advance(SILENT_MS)
    expect(stream.destroyed).toBe(false)
  })

  test('is not ended for the silence of the one before it', async () => {
    const { clock, ask, redis, stream } = connection()
    void ask()
    await clock.advance(SILENT_MS - 500)
    redis.stream = { ...stream, destroy: () => (stream.destroyed = true) }
    await clock.advance(1000)
    expect(stream.destroyed).toBe(false)
  })

  test('costs no timer while nothing waits', async () => {
    const { clock, ask, answer } = connection()
    void ask()
    expect(clock.pendingTimers).toBe(1)
    await answer()
    await clock.advance(100)
    expect(clock.pendingTimers).toBe(0)
  })

  test('is watched before it is usable, when ioredis asks by itself', async () => {
    const { clock, redis, stream, watchdog } = connection()
    redis.emit('connect')
    await clock.advance(SILENT_MS + 200)
    expect(stream.destroyed).toBe(true)
    watchdog.stop()
    expect(clock.pendingTimers).toBe(0)
  })

  test.each(['ready', 'close'])('is not awaited any more after %s', async (event) => {
    const { clock, redis, stream } = connection()
    redis.emit('connect')
    redis.emit(event)
    if (event === 'ready') redis.emit('close')
    await clock.advance(SILENT_MS + 200)
    expect([stream.destroyed, clock.pendingTimers]).toEqual([false, 0])
  })
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
    await vi.waitFor(() => expect(door.counts().connectionsAccepted).toBe(2), { timeout: 5000 })
    await door.open()
    await isUp()
    await client.close!()
    await door.close()
  })
})
