import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { until } from '../sandbox/until.js'
import { connectOutcome, rawClient } from './raw-client.js'

interface Recorder {
  host: string
  port: number
  /** Connections in the order of their arrival. */
  connections: { socket: Socket; received: () => Buffer; ended: () => boolean }[]
}

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A server that records what reaches it, and behaves as told otherwise. */
async function recorder(onConnection: (socket: Socket) => void = () => {}, read = true): Promise<Recorder> {
  const connections: Recorder['connections'] = []
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const chunks: Buffer[] = []
    let ended = false
    socket.on('error', () => {})
    socket.on('end', () => (ended = true))
    if (read) socket.on('data', (chunk) => chunks.push(chunk))
    connections.push({ socket, received: () => Buffer.concat(chunks), ended: () => ended })
    closing.push(() => socket.destroy())
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return { host: '127.0.0.1', port: (server.address() as { port: number }).port, connections }
}

async function doorTo(upstream: { host: string; port: number }): Promise<TcpDoor> {
  const door = await createTcpDoor({ upstream })
  closing.push(() => door.close())
  return door
}

async function client(door: TcpDoor, options?: { allowHalfOpen?: boolean }) {
  const raw = await rawClient(door.port, options)
  closing.push(() => raw.socket.destroy())
  return raw
}

const echo = (socket: Socket) => void socket.pipe(socket)
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('open', () => {
  test('5 MB each way arrive intact, and are counted', async () => {
    const door = await doorTo(await recorder(echo, false))
    const bytes = randomBytes(5_000_000)
    const one = await client(door)
    one.socket.end(bytes)
    await one.closed
    expect(hash(one.received())).toBe(hash(bytes))
    expect(door.counts()).toMatchObject({
      connectionsAccepted: 1,
      bytesToServer: 5_000_000,
      bytesToClient: 5_000_000,
      bytesHeldToServer: 0,
      bytesHeldToClient: 0,
    })
    await until('no connection left', () => door.openConnections() === 0)
  })

  test('many connections at once keep their bytes apart', async () => {
    const door = await doorTo(await recorder(echo, false))
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const bytes = randomBytes(100_000)
        const one = await client(door)
        one.socket.end(bytes)
        await one.closed
        expect(hash(one.received())).toBe(hash(bytes))
      }),
    )
    expect(door.counts().connectionsAccepted).toBe(50)
  })

  test('half a close is passed on as half a close, both ways', async () => {
    const upstream = await recorder((socket) => void socket.on('end', () => socket.end('after the end')))
    const door = await doorTo(upstream)
    const one = await client(door, { allowHalfOpen: true })
    one.socket.end('last')
    await one.closed
    expect(upstream.connections[0]!.received().toString()).toBe('last')
    expect(one.received().toString()).toBe('after the end')

    const other = await recorder((socket) => void socket.end('first'))
    const two = await client(await doorTo(other), { allowHalfOpen: true })
    await until('the end', () => two.state() === 'ended')
    two.socket.end('still here')
    await until('what was said after', () => other.connections[0]!.received().toString() === 'still here')
  })

  test('a server that does not read is felt by the client', async () => {
    const door = await doorTo(await recorder((socket) => void socket.pause(), false))
    const one = await client(door)
    const chunk = Buffer.alloc(1024 * 1024)
    let written = 0
    while (written < 64 && one.socket.write(chunk)) written++
    for (let before = -1; before !== door.counts().bytesToServer;) {
      before = door.counts().bytesToServer
      await sleep(100)
    }
    one.socket.write(chunk)
    const accepted = door.counts().bytesToServer
    for (let more = 0; more < 64; more++) one.socket.write(chunk)
    await sleep(200)
    // What the kernel's buffers take is not ours to say, but it is far from all.
    expect(door.counts().bytesToServer - accepted).toBeLessThan(16 * 1024 * 1024)
    expect(one.socket.writableLength).toBeGreaterThan(32 * 1024 * 1024)
  })

  test('a client whose server is dead is cut, after what the server said', async () => {
    const upstream = await recorder()
    const door = await doorTo(upstream)
    const one = await client(door, { allowHalfOpen: true })
    await until('connected', () => upstream.connections.length === 1)
    upstream.connections[0]!.socket.write('last words')
    await until('said', () => one.received().length > 0)
    upstream.connections[0]!.socket.resetAndDestroy()
    await until('the end', () => one.state() === 'ended')
    expect(one.received().toString()).toBe('last words')
    // Cut, not half closed: there is nobody left to write to.
    await until('the cut', () => one.state() === 'closed' || (one.socket.write('anybody there?'), false))
  })

  test('a client of a server that is not there is cut', async () => {
    const nobody = await doorTo(await recorder())
    await nobody.refuse()
    const door = await doorTo(nobody)
    await (
      await client(door)
    ).closed
    await until('no connection left', () => door.openConnections() === 0)
  })

  test('clients that reset in the middle of everything do no harm', async () => {
    const door = await doorTo(await recorder(echo, false))
    for (let round = 0; round < 30; round++) {
      const one = await client(door)
      one.socket.write(randomBytes(200_000))
      one.socket.resetAndDestroy()
    }
    const survivor = await client(door)
    await survivor.write('ping')
    await until('an answer', () => survivor.received().toString() === 'ping')
    survivor.socket.destroy()
    await until('no connection left', () => door.openConnections() === 0)
  })
})

describe('stall', () => {
  test('holds both directions, then delivers all in order', async () => {
    const upstream = await recorder()
    const door = await doorTo(upstream)
    const one = await client(door)
    await one.write('1')
    await until('before', () => upstream.connections[0]?.received().toString() === '1')
    const { socket, received } = upstream.connections[0]!

    await door.stall()
    await one.write('2')
    socket.write('a')
    await until('held', () => door.counts().bytesHeldToServer === 1 && door.counts().bytesHeldToClient === 1)
    await one.write('34')
    socket.write('bc')
    await until('held', () => door.counts().bytesHeldToServer === 3 && door.counts().bytesHeldToClient === 3)
    expect(received().toString()).toBe('1')
    expect(one.received().toString()).toBe('')
    expect(one.state()).toBe('open')
    expect(door.counts()).toMatchObject({ connectionsHeld: 1, bytesToServer: 1, bytesToClient: 0 })

    await door.open()
    await one.write('5')
    socket.write('d')
    await until('delivered', () => received().toString() === '12345' && one.received().toString() === 'abcd')
    expect(door.counts()).toMatchObject({ bytesToServer: 5, bytesToClient: 4, connectionsCut: 0 })
  })

  test('accepts new connections and says nothing to them', async () => {
    const upstream = await recorder((socket) => void socket.write('greeting'))
    const door = await doorTo(upstream)
    await door.stall()
    const late = await client(door)
    await late.write('hello')
    await until('held', () => door.counts().bytesHeldToServer === 5 && door.counts().bytesHeldToClient === 8)
    expect(door.counts()).toMatchObject({ connectionsAccepted: 1, connectionsHeld: 1, bytesToServer: 0 })
    expect(late.received().length).toBe(0)
    await door.open()
    await until('delivered', () => upstream.connections[0]!.received().toString() === 'hello')
    await until('greeted', () => late.received().toString() === 'greeting')
  })

  test.each(['destroy', 'end', 'resetAndDestroy'] as const)(
    'delivers what a client sent that is gone by %s, then its end',
    async (how) => {
      const upstream = await recorder()
      const door = await doorTo(upstream)
      const gone = await client(door)
      await until('connected', () => upstream.connections.length === 1)
      await door.stall()
      await gone.write('held ')
      await gone.write('bytes')
      await until('held', () => door.counts().bytesHeldToServer === 10)
      gone.socket[how]()
      if (how === 'resetAndDestroy') await until('noticed', () => door.openConnections() === 0)
      // Time for an end to slip through, were it not held.
      await sleep(50)
      expect(upstream.connections[0]!.ended()).toBe(false)
      expect(upstream.connections[0]!.received().length).toBe(0)

      await door.open()
      await until('its end', () => upstream.connections[0]!.ended())
      expect(upstream.connections[0]!.received().toString()).toBe('held bytes')
      upstream.connections[0]!.socket.end('reply for nobody')
      await until('no connection left', () => door.openConnections() === 0)
    },
  )

  test.each([
    ['end', 300_000],
    // A reset drops what the sender's own kernel has not sent yet, so it must fit into what the door's takes.
    ['resetAndDestroy', 150_000],
    // So little more than the limit that Node would read on, and drop it at the reset.
    ['resetAndDestroy', 64 * 1024 + 1000],
  ] as const)(
    'stops reading at 64 KiB, and still delivers everything of a client that is gone by %s (%i bytes)',
    async (how, size) => {
      const upstream = await recorder()
      const door = await doorTo(upstream)
      const big = await client(door)
      await until('connected', () => upstream.connections.length === 1)
      await door.stall()
      const bytes = randomBytes(size)
      big.socket.write(bytes.subarray(0, 64 * 1024))
      await until('held', () => door.counts().bytesHeldToServer === 64 * 1024)
      big.socket.write(bytes.subarray(64 * 1024))
      await sleep(50)
      expect(door.counts().bytesHeldToServer).toBe(64 * 1024)
      big.socket[how]()
      await sleep(50)
      await door.open()
      await until('its end', () => upstream.connections[0]!.ended())
      expect(hash(upstream.connections[0]!.received())).toBe(hash(bytes))
    },
  )

  test('hides the death of the server until the heal', async () => {
    const upstream = await recorder()
    const door = await doorTo(upstream)
    const one = await client(door)
    await until('connected', () => upstream.connections.length === 1)
    await door.stall()
    upstream.connections[0]!.socket.write('last words')
    await until('held', () => door.counts().bytesHeldToClient === 10)
    upstream.connections[0]!.socket.resetAndDestroy()
    await sleep(50)
    expect(one.state()).toBe('open')
    await door.open()
    await one.closed
    expect(one.received().toString()).toBe('last words')
  })

  test('may come again and again', async () => {
    const door = await doorTo(await recorder(echo, false))
    const one = await client(door)
    for (let round = 0; round < 20; round++) {
      await door.stall()
      await one.write(`${round} `)
      await until('held', () => door.counts().bytesHeldToServer > 0)
      await door.open()
    }
    const expected = Array.from({ length: 20 }, (_, round) => `${round} `).join('')
    await until('all back', () => one.received().toString() === expected)
  })
})

describe('refuse', () => {
  test('cuts, is refused by the kernel, and comes back on the same port', async () => {
    const upstream = await recorder(echo, false)
    const door = await doorTo(upstream)
    const { port } = door
    const [one, two] = [await client(door), await client(door)]
    await until('connected', () => upstream.connections.length === 2)
    await door.refuse()
    await Promise.all([one.closed, two.closed])
    expect(await connectOutcome(port)).toBe('ECONNREFUSED')
    expect(door.counts()).toMatchObject({ connectionsCut: 2, connectsRefused: 1, connectsNotRefused: 0 })
    await until('the server sees the cut', () =>
      upstream.connections.every(({ socket }) => socket.readableEnded),
    )

    await door.open()
    expect(door.port).toBe(port)
    expect(door.counts()).toMatchObject({ connectsRefused: 2, connectsNotRefused: 0 })
    const back = await client(door)
    await back.write('again')
    await until('an answer', () => back.received().toString() === 'again')
  })

  test('is verified as long as it lasts', async () => {
    const door = await doorTo(await recorder())
    await door.refuse()
    await until('a third look', () => door.counts().connectsRefused >= 3)
    await door.open()
    expect(door.counts().connectsNotRefused).toBe(0)
  })

  test('a stranger on the port is seen, and stops the door from opening until it has gone', async () => {
    const door = await doorTo(await recorder(echo, false))
    await door.refuse()
    const stranger = createServer()
    await new Promise<void>((resolve) => stranger.listen(door.port, '127.0.0.1', resolve))
    await expect(door.open()).rejects.toMatchObject({ code: 'PORT_TAKEN', kind: 'environment' })
    expect(door.counts().connectsNotRefused).toBeGreaterThanOrEqual(1)
    await new Promise((resolve) => stranger.close(resolve))
    await door.open()
    expect(await connectOutcome(door.port)).toBe('connected')
  })

  test('a port that becomes free in time is enough', async () => {
    const door = await doorTo(await recorder())
    await door.refuse()
    const stranger = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => stranger.listen(door.port, '127.0.0.1', resolve))
    const opened = door.open()
    setTimeout(() => stranger.close(), 200)
    await opened
    expect(await connectOutcome(door.port)).toBe('connected')
  })

  test('and stall follow one another in any order', async () => {
    const door = await doorTo(await recorder(echo, false))
    await door.refuse()
    await door.stall()
    const silent = await client(door)
    await silent.write('x')
    await until('held', () => door.counts().bytesHeldToServer === 1)
    await door.refuse()
    await silent.closed
    expect(await connectOutcome(door.port)).toBe('ECONNREFUSED')
    // Asked at once, carried out in turn.
    await Promise.all([door.stall(), door.open(), door.refuse(), door.open(), door.open()])
    const one = await client(door)
    await one.write('works')
    await until('an answer', () => one.received().toString() === 'works')
  })
})

describe('a door', () => {
  test('says when its port is taken', async () => {
    const upstream = await recorder()
    await expect(createTcpDoor({ upstream, port: upstream.port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
    })
  })

  const ways = {
    open: (door: TcpDoor) => door.open(),
    stall: (door: TcpDoor) => door.stall(),
    refuse: (door: TcpDoor) => door.refuse(),
    reset: (door: TcpDoor) => door.reset(),
    delay: (door: TcpDoor) => door.delay(() => 60_000),
    drip: (door: TcpDoor) => door.drip({ bytes: 1, everyMs: 10_000 }),
    blackhole: (door: TcpDoor) => door.blackhole(),
    forget: (door: TcpDoor) => door.forget(),
    endLate: (door: TcpDoor) => door.endLate(60_000),
    interfere: (door: TcpDoor) => door.interfere(() => ({ kind: 'pass' })),
  }
  const held = () =>
    process
      .getActiveResourcesInfo()
      .filter((name) => /TCP|Worker|MessagePort/.test(name))
      .sort()

  test.each(Object.entries(ways))(
    'that is closed from %s leaves nothing and is deaf',
    async (name, enter) => {
      const upstream = await recorder()
      await until('only this recorder is there', () => held().join() === 'TCPServerWrap')
      const door = await doorTo(upstream)
      const one = await client(door)
      await until('connected', () => upstream.connections.length === 1)
      one.socket.write('x'.repeat(1000))
      await enter(door)
      await Promise.all([door.close(), door.close()])
      await door.close()
      await one.closed
      expect(await connectOutcome(door.port)).toBe('ECONNREFUSED')
      expect(door.openConnections()).toBe(0)
      await expect(door.open()).rejects.toThrow('closed')
      await expect(door.stall()).rejects.toThrow('closed')
      for (const { socket } of upstream.connections) socket.destroy()
      await until('nothing else is left', () => held().join() === 'TCPServerWrap')
      const counts = door.counts()
      // A port that is closed, or full, is looked at twice a second.
      if (name === 'refuse' || name === 'blackhole') await sleep(600)
      expect(door.counts()).toEqual(counts)
    },
  )

  test('does not warn about listeners, however long it lives', async () => {
    const warned = vi.fn()
    process.on('warning', warned)
    const door = await doorTo(await recorder(echo, false))
    const one = await client(door)
    for (let round = 0; round < 50; round++) {
      await door.stall()
      one.socket.write(randomBytes(100_000))
      await door.open()
    }
    await until('all back', () => one.received().length === 5_000_000)
    process.off('warning', warned)
    expect(warned).not.toHaveBeenCalled()
  })
})
