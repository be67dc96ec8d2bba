import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until } from '../../support/clients.js'

const breaker = { openMs: 20, maxOpenMs: 50 }

interface World {
  redis: Sandbox['redis']
  raw: Redis
}

// A server each: they wait for seconds, and need not wait for one another.
const onServer = test.extend<World>({
  redis: async ({ onTestFinished }, use) => {
    const { redis, stop } = await startSandbox()
    onTestFinished(stop)
    await use(redis)
  },
  raw: async ({ redis, onTestFinished }, use) => {
    const raw = new Redis(redis.url)
    onTestFinished(() => raw.disconnect())
    await use(raw)
  },
})

describe.concurrent('the database that a URL names', () => {
  onServer.for(['99', 'abc'])(
    'a database that is not there (%s) is an outage, and never database 0',
    async (name, { redis, raw }) => {
      await raw.set('k', '"of another application"')
      const { cache, close } = openCache(`${redis.url}/${name}`, { deadlineMs: 1000 })
      for (let i = 0; i < 6; i++) {
        expect(await cache.get('k')).toBeNull()
        await cache.set('k', 'ours')
        await cache.del('k')
      }
      expect(cache.getStatus()).toMatchObject({ state: 'down', cause: 'WRONG_DATABASE' })
      await close()
      expect([await raw.get('k'), await raw.dbsize()]).toEqual(['"of another application"', 1])
    },
  )

  onServer('it is used, also after the connection was lost', async ({ redis, raw }) => {
    const { cache, close } = openCache(`${redis.url}/3`, { deadlineMs: 1000 })
    await cache.set('k', 1)
    await raw.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await until('a hit', async () => (await cache.get('k')) === 1)
    await until('stored', async () => {
      await cache.set('k', 2)
      return (await cache.get('k')) === 2
    })
    expect(await raw.dbsize()).toBe(0)
    await raw.select(3)
    expect(await raw.get('k')).toBe('2')
    await close()
  })

  onServer(
    'a server that hung when it was asked for the database is used when it answers again',
    async ({ redis }) => {
      let asked = 0
      const held: Buffer[] = []
      let isHeld = false
      const sockets: Socket[] = []
      const door = createServer((client) => {
        const server = connect(redis.port, redis.host)
        sockets.push(client, server)
        client.on('data', (data) => {
          // The first is ioredis' own.
          if (/select/i.test(data.toString()) && ++asked === 2) isHeld = true
          server.write(data)
        })
        server.on('data', (data) => void (isHeld ? held.push(data) : client.write(data)))
        for (const socket of [client, server]) socket.on('error', () => undefined)
        client.on('close', () => server.destroy())
      })
      await once(door.listen(0, '127.0.0.1'), 'listening')
      const { port } = door.address() as AddressInfo
      const { cache, close } = openCache(`redis://127.0.0.1:${port}/3`, { breaker })
      await until('given up', async () => {
        await cache.get('k')
        return cache.getStatus().cause === 'WRONG_DATABASE'
      })
      isHeld = false
      for (const data of held) sockets[0]!.write(data)
      await until('a hit', async () => {
        await cache.set('k', 1)
        return (await cache.get('k')) === 1
      })
      await close()
      for (const socket of sockets) socket.destroy()
      door.close()
    },
  )

  onServer(
    'a user who may choose the database from now on gets it without a new connection',
    async ({ redis, raw }) => {
      await raw.call('ACL', 'SETUSER', 'app', 'on', '>pass', '~*', '&*', '+@all', '-select')
      const { host, port } = redis
      const { cache, close } = openCache(`redis://app:pass@${host}:${port}/3`, { breaker })
      await until('given up', async () => {
        await cache.get('k')
        return cache.getStatus().cause === 'WRONG_DATABASE'
      })
      await raw.call('ACL', 'SETUSER', 'app', '+select')
      await until('a hit', async () => {
        await cache.set('k', 1)
        return (await cache.get('k')) === 1
      })
      await close()
    },
  )
})
