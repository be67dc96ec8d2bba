import { Writable } from 'node:stream'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKeyValueClient } from '../../../src/library/backends/create.js'
import { SCRIPT_WEIGHT, WriteBatch } from '../../../src/library/backends/write-batch.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'

/** How many pieces each of its writes had. */
class Recorder extends Writable {
  readonly writes: number[] = []

  override _write(_chunk: unknown, _encoding: string, done: () => void) {
    this.writes.push(1)
    done()
  }

  override _writev(chunks: unknown[], done: () => void) {
    this.writes.push(chunks.length)
    done()
  }
}

const send = (batch: WriteBatch, stream: Writable, commands: number, weight?: number) => {
  for (let i = 0; i < commands; i++) {
    batch.hold(stream, weight)
    stream.write('x')
  }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('what is written in one turn', () => {
  test.each([
    [1, [1]],
    [32, [32]],
    [33, [32, 1]],
    [80, [32, 32, 16]],
  ])('%i commands leave together, 32 at a time', async (commands, writes) => {
    const [batch, stream] = [new WriteBatch(), new Recorder()]
    send(batch, stream, commands)
    await turn()
    expect(stream.writes).toEqual(writes)
    send(batch, stream, 2)
    await turn()
    expect(stream.writes).toEqual([...writes, 2])
    expect(stream.writableCorked).toBe(0)
  })

  test('scripts leave together, 16 at a time', async () => {
    const [batch, stream] = [new WriteBatch(), new Recorder()]
    send(batch, stream, 40, SCRIPT_WEIGHT)
    await turn()
    expect(stream.writes).toEqual([16, 16, 8])
  })

  test('leaves in that turn, with what the callbacks of promises add', async () => {
    const [batch, stream] = [new WriteBatch(), new Recorder()]
    let atNextTimer: number[] = []
    await new Promise<void>((resolve) => {
      setImmediate(() => {
        void Promise.resolve()
          .then(() => send(batch, stream, 1))
          .then(() => send(batch, stream, 1))
        setImmediate(() => {
          atNextTimer = [...stream.writes]
          resolve()
        })
      })
    })
    expect(atNextTimer).toEqual([2])
  })

  test('to two streams, the second of a new connection, leaves on both', async () => {
    const [batch, before, after] = [new WriteBatch(), new Recorder(), new Recorder()]
    send(batch, before, 3)
    send(batch, after, 3)
    before.destroy()
    await turn()
    expect(after.writes).toEqual([3])
    expect([before.writableCorked, after.writableCorked]).toEqual([0, 0])
  })
})

describe('on a real Redis', () => {
  let sandbox: Sandbox
  let raw: Redis
  beforeAll(async () => {
    sandbox = await startSandbox()
    raw = new Redis(sandbox.redis.url)
  })
  afterAll(async () => {
    raw.disconnect()
    await sandbox.stop()
  })

  test('50 callers cost the server a few reads, and each gets its own answer', async () => {
    const client = createKeyValueClient({ backend: 'redis', url: sandbox.redis.url })
    await client.started
    const reads = async () => Number(/total_reads_processed:(\d+)/.exec(await raw.info('stats'))?.[1])
    const keys = Array.from({ length: 50 }, (_, index) => `key ${index}`)
    await Promise.all(keys.map((key) => client.set(key, `value of ${key}`)))
    const before = await reads()
    const values = await Promise.all(keys.map((key) => client.get(key)))
    expect((await reads()) - before).toBeLessThanOrEqual(10)
    expect(values).toEqual(keys.map((key) => `value of ${key}`))
    await client.close?.()
  })
})
