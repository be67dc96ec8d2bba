import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ask } from '../../../src/ops/sandbox/ask.js'
import * as ports from '../../../src/ops/sandbox/free-port.js'
import { startRedisServer, type RedisServerOptions } from '../../../src/ops/sandbox/redis-server.js'
import type { RedisServer } from '../../../src/ops/sandbox/sandbox.js'
import { startSandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { startWatchdog, type Watchdog } from '../../../src/ops/sandbox/watchdog.js'
import { isAlive, processState, until } from './until.js'

vi.mock('../../../src/ops/sandbox/free-port.js', { spy: true })

let temporary: string
let watchdog: Watchdog
const servers: RedisServer[] = []
const listeners: Server[] = []
beforeEach(async () => {
  // A TMPDIR of our own shows what is left behind; its name must survive Redis's own quoting.
  temporary = await mkdtemp(join(tmpdir(), `redis-server "test" it's \\ `))
  vi.stubEnv('TMPDIR', temporary)
  watchdog = startWatchdog()
})
afterEach(async () => {
  vi.mocked(ports.freePort).mockReset()
  vi.unstubAllEnvs()
  await Promise.all(servers.splice(0).map((server) => server.stop()))
  for (const listener of listeners.splice(0)) listener.close()
  await watchdog.stop()
  const left = readdirSync(temporary)
  await rm(temporary, { recursive: true, force: true })
  expect(left).toEqual([])
})

async function start(options: Partial<RedisServerOptions> = {}): Promise<RedisServer> {
  const server = await startRedisServer({ watchdog, ...options })
  servers.push(server)
  return server
}

function send(server: { host: string; port: number }, ...commands: string[][]): Promise<string[]> {
  return ask({ host: server.host, port: server.port, deadlineMs: 5000 }, ...commands)
}

async function takenPort(): Promise<number> {
  const port = await ports.freePort()
  const listener = createServer()
  listeners.push(listener)
  await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve))
  return port
}

function children(): string {
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
}

describe('a server', () => {
  test('answers, on loopback only, and keeps nothing on disk', async () => {
    const server = await start()
    expect(server.url).toBe(`redis://127.0.0.1:${server.port}`)
    expect(await send(server, ['SET', 'a', '1'], ['GET', 'a'], ['GET', 'none'])).toEqual(['OK', '1', ''])
    const [info] = await send(server, ['INFO', 'persistence'])
    expect(info).toContain('aof_enabled:0')
    expect(readlinkSync(`/proc/${server.pid}/cwd`).startsWith(join(temporary, 'transparent-cache-'))).toBe(
      true,
    )
    await server.stop()
    expect(isAlive(server.pid)).toBe(false)
    await expect(send(server, ['PING'])).rejects.toThrow('ECONNREFUSED')
    await server.stop()
  })

  test('can want a password, which ps does not show', async () => {
    const server = await start({ requirepass: `s3cret "quoted" \\ word` })
    expect(await send(server, ['PING'])).toEqual(['-NOAUTH Authentication required.'])
    const { host, port } = server
    expect(
      await ask({ host, port, password: `s3cret "quoted" \\ word`, deadlineMs: 5000 }, ['PING']),
    ).toEqual(['PONG'])
    await server.restart({ keepData: true })
    expect(await send(server, ['PING'])).toEqual(['-NOAUTH Authentication required.'])
  })

  test('takes further arguments', async () => {
    const server = await start({ extraArgs: ['--maxmemory', '1mb', '--maxmemory-policy', 'noeviction'] })
    const [info] = await send(server, ['INFO', 'memory'])
    expect(info).toContain('maxmemory:1048576')
  })
})

describe('taking it away', () => {
  test('kill: refused, and not reported as a death; restart: same port, no data', async () => {
    const server = await start()
    let death: string | undefined
    void server.died.then((how) => (death = how))
    await send(server, ['SET', 'a', '1'])
    const before = server.pid
    await server.kill()
    expect(isAlive(before)).toBe(false)
    await expect(send(server, ['PING'])).rejects.toThrow('ECONNREFUSED')
    await server.kill()
    await expect(server.restart({ keepData: true })).rejects.toThrow('its data with it')
    await server.restart({ keepData: false })
    expect(await send(server, ['GET', 'a'])).toEqual([''])
    expect(server.pid).not.toBe(before)
    expect(death).toBeUndefined()
  })

  test('freeze: accepts and says nothing; thaw: carries out what it was told meanwhile', async () => {
    const server = await start()
    server.freeze()
    await until('stopped', () => processState(server.pid) === 'T')
    const pending = send(server, ['SET', 'a', 'held'])
    await expect(
      ask({ host: server.host, port: server.port, deadlineMs: 200 }, ['SET', 'b', 'gone']),
    ).rejects.toThrow('no answer')
    server.thaw()
    expect(await pending).toEqual(['OK'])
    await until('the other write', async () => (await send(server, ['GET', 'b']))[0] === 'gone')
  })

  test('restart with its data, again and again; without, nothing old comes back', async () => {
    const server = await start()
    await send(server, ['SET', 'a', '1'])
    await server.restart({ keepData: true })
    expect(await send(server, ['GET', 'a'])).toEqual(['1'])
    await server.restart({ keepData: true })
    expect(await send(server, ['GET', 'a'])).toEqual(['1'])
    server.freeze()
    await server.restart({ keepData: false })
    expect(await send(server, ['GET', 'a'])).toEqual([''])
  })

  test('data that cannot be saved is not lost by a restart', async () => {
    const server = await start()
    await send(server, ['SET', 'a', '1'])
    await rm(readlinkSync(`/proc/${server.pid}/cwd`), { recursive: true })
    await expect(server.restart({ keepData: true })).rejects.toThrow(/could not save its data: .*SHUTDOWN/)
    expect(await send(server, ['GET', 'a'])).toEqual(['1'])
  })

  test('a frozen server can be stopped', async () => {
    const server = await start()
    server.freeze()
    await server.stop()
    expect(isAlive(server.pid)).toBe(false)
    expect(() => server.freeze()).toThrow('not running')
    server.thaw()
    await expect(server.restart({ keepData: false })).rejects.toThrow('stopped')
  })

  test('stop in the middle of a restart leaves nothing', async () => {
    const server = await start()
    const restart = server.restart({ keepData: false }).catch((error: unknown) => error)
    await server.stop()
    expect(await restart).toBeInstanceOf(Error)
    await expect(send(server, ['PING'])).rejects.toThrow('ECONNREFUSED')
  })

  test('a server that ends by itself says so, with its last word', async () => {
    const server = await start()
    process.kill(server.pid, 'SIGTERM')
    expect(await server.died).toMatch(
      /^\S+-server \S+ \(process \d+\) ended by itself: exit code 0; last log line: .*bye/,
    )
    await server.stop()
  })
})

describe('when it cannot start', () => {
  test('a port that is taken is named, with the way out', async () => {
    const port = await takenPort()
    await expect(start({ port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      kind: 'environment',
      message: expect.stringContaining(`port ${port} `),
      suggestions: [expect.stringContaining(`:${port}`)],
    })
  })

  test("a port on which a stranger's Redis answers is taken too", async () => {
    const stranger = await start()
    await expect(start({ port: stranger.port })).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    expect(await send(stranger, ['PING'])).toEqual(['PONG'])
  })

  test('a free port that was taken meanwhile is exchanged for another one', async () => {
    const stranger = await start()
    const free = await ports.freePort()
    vi.mocked(ports.freePort).mockResolvedValueOnce(stranger.port).mockResolvedValueOnce(free)
    const server = await start()
    expect(server.port).toBe(free)
  })

  test('a bad argument: the log line that says why', async () => {
    await expect(start({ extraArgs: ['--no-such-option', 'yes'] })).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      message: expect.stringMatching(/ended at its start \(exit code 1\): .*no-such-option.*Bad directive/),
    })
  })

  test('a directory that cannot be made', async () => {
    vi.stubEnv('TMPDIR', join(temporary, 'missing'))
    await expect(start()).rejects.toMatchObject({
      code: 'NO_DIRECTORY',
      message: expect.stringContaining('ENOENT'),
      suggestions: [expect.stringContaining('TMPDIR')],
    })
  })

  test('no binary', async () => {
    vi.stubEnv('CACHE_REDIS_SERVER', undefined)
    vi.stubEnv('PATH', '/nowhere')
    await expect(start()).rejects.toMatchObject({ code: 'NO_REDIS_SERVER' })
  })

  test('a start that is aborted rejects with the reason', async () => {
    const reason = new Error('enough')
    await expect(startRedisServer({ watchdog, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const starting = startRedisServer({ watchdog, signal: controller.signal })
    await until('its directory', () => readdirSync(temporary).length > 0)
    controller.abort(reason)
    await expect(starting).rejects.toBe(reason)
  })
})

describe('a sandbox', () => {
  test('two at once do not meet', async () => {
    const [one, two] = await Promise.all([startSandbox(), startSandbox()])
    try {
      await send(one.redis, ['SET', 'a', 'one'])
      expect(await send(two.redis, ['GET', 'a'])).toEqual([''])
      await one.stop()
      expect(await send(two.redis, ['PING'])).toEqual(['PONG'])
    } finally {
      await Promise.all([one.stop(), two.stop()])
    }
    for (const { redis, watchdog: dog } of [one, two]) {
      expect(isAlive(redis.pid)).toBe(false)
      expect(isAlive(dog.pid)).toBe(false)
    }
  })

  test('that cannot start leaves no watchdog', async () => {
    const port = await takenPort()
    const before = children()
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    expect(children()).toEqual(before)
  })
})
