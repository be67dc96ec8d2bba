import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until, type TestCache } from '../../support/clients.js'
import { seededRandom, type Random } from '../../../src/ops/experiment/random.js'

/**
 * Three processes read through `getOrLoad`, change the source and invalidate, while connections are refused, hang and are
 * killed, the server freezes and is demoted. What every read may return is known: see `Model`. A run of a minute:
 * SOAK_SECONDS=60 npx vitest run test/library/cache/model.test.ts; MODEL_SEED repeats one.
 */
const SECONDS = Number(process.env['SOAK_SECONDS'] ?? 12)
const KEYS = 12
const WORKERS = 12

interface Process extends TestCache {
  name: string
  door: TcpDoor
  rejected: unknown[]
  longestWaitMs: number
}

/** Versions only grow, so what a read returns must not be older than what its process may still be told. */
class Model {
  readonly source = new Map<string, number>()
  /** Newest version whose del has returned: in the process itself it holds at once. */
  readonly #own = new Map<string, number>()
  /** Dels that have returned, until everybody must have heard of them. */
  #waiting: { key: string; version: number; at: number }[] = []
  readonly #everybody = new Map<string, number>()
  healthySince = Infinity

  floor(process: string, key: string): number {
    this.#settle()
    return Math.max(this.#own.get(`${process} ${key}`) ?? 0, this.#everybody.get(key) ?? 0)
  }

  acknowledged(process: string, key: string, version: number): void {
    const id = `${process} ${key}`
    this.#own.set(id, Math.max(version, this.#own.get(id) ?? 0))
    this.#waiting.push({ key, version, at: performance.now() })
  }

  #settle(): void {
    const before = performance.now() - 1000
    if (this.healthySince > before) return
    for (const { key, version } of this.#waiting.filter(({ at }) => at <= before)) {
      this.#everybody.set(key, Math.max(version, this.#everybody.get(key) ?? 0))
    }
    this.#waiting = this.#waiting.filter(({ at }) => at > before)
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test(
  'no read ever returns what was invalidated before it began',
  async () => {
    const seed = Number(process.env['MODEL_SEED'] ?? Math.floor(Math.random() * 1e9))
    const random = seededRandom(seed)
    const sandbox = await startSandbox()
    const raw = new Redis(sandbox.redis.url)
    const processes = await Promise.all(['a', 'b', 'c'].map((name) => startProcess(name, sandbox)))
    const model = new Model()
    const stale: string[] = []
    const end = performance.now() + SECONDS * 1000
    let hits = 0

    const worker = async () => {
      while (performance.now() < end) {
        const me = processes[Math.floor(random() * processes.length)]!
        const key = `k${Math.floor(random() * KEYS)}`
        if (random() < 0.9) {
          if (await read(me, key)) hits++
        } else await write(me, key)
        await sleep(random() * 8)
      }
    }
    const read = async (me: Process, key: string): Promise<boolean> => {
      const floor = model.floor(me.name, key)
      let loaded = false
      const load = async () => {
        loaded = true
        await sleep(random() * 5)
        const version = model.source.get(key) ?? 0
        await sleep(random() < 0.03 ? random() * 1500 : random() * 30)
        return { version }
      }
      const found = (await timed(me, () => me.cache.getOrLoad(key, load))) as { version: number }
      if (found.version < floor) stale.push(`${me.name} ${key}: ${found.version} after ${floor}`)
      return !loaded
    }
    const write = async (me: Process, key: string) => {
      const version = (model.source.get(key) ?? 0) + 1
      model.source.set(key, version)
      await timed(me, () => me.cache.del(key))
      model.acknowledged(me.name, key, version)
    }

    try {
      const faults = (async () => {
        while (performance.now() < end) await oneFault(random, model, processes, sandbox, raw, end)
      })()
      await Promise.all([faults, ...Array.from({ length: WORKERS }, worker)])
      await until('everybody to be up again', () =>
        processes.every(({ cache }) => {
          const { state, pendingInvalidations } = cache.getStatus()
          return state === 'up' || (pendingInvalidations === 0 && state === 'degraded')
        }),
      )
      expect(stale, `seed ${seed}`).toEqual([])
      expect(
        processes.flatMap(({ rejected }) => rejected),
        `seed ${seed}`,
      ).toEqual([])
      expect(hits, `seed ${seed}`).toBeGreaterThan(SECONDS * 10)
      // The slowest load takes 1.5 s; the rest is what the cache and a busy machine may add.
      expect(Math.max(...processes.map(({ longestWaitMs }) => longestWaitMs)), `seed ${seed}`).toBeLessThan(
        2500,
      )
    } finally {
      await Promise.all(processes.map((each) => each.close()))
      await Promise.all(processes.map(({ door }) => door.close()))
      raw.disconnect()
      await sandbox.stop()
    }
  },
  SECONDS * 1000 + 30_000,
)

async function startProcess(name: string, sandbox: Sandbox): Promise<Process> {
  const door = await createTcpDoor({ upstream: { host: sandbox.redis.host, port: sandbox.redis.port } })
  return { ...openCache(`redis://${door.host}:${door.port}`), name, door, rejected: [], longestWaitMs: 0 }
}

async function timed<T>(me: Process, operation: () => Promise<T>): Promise<T | null> {
  const startedAt = performance.now()
  try {
    return await operation()
  } catch (error) {
    me.rejected.push(error)
    return null
  } finally {
    me.longestWaitMs = Math.max(me.longestWaitMs, performance.now() - startedAt)
  }
}

/** One fault, and a healthy spell after it, long enough in most cases for everybody to have heard of everything. */
async function oneFault(
  random: Random,
  model: Model,
  processes: Process[],
  { redis }: Sandbox,
  raw: Redis,
  end: number,
): Promise<void> {
  const { door } = processes[Math.floor(random() * processes.length)]!
  const lasting = () => sleep(Math.min(random() * 2500, Math.max(0, end - performance.now())))
  const faults = [
    async () => {
      await door.refuse()
      await lasting()
      await door.open()
    },
    async () => {
      await door.stall()
      await lasting()
      await door.open()
    },
    async () => {
      redis.freeze()
      await lasting()
      redis.thaw()
    },
    async () => {
      await raw.replicaof('127.0.0.1', '1')
      await lasting()
      await raw.replicaof('NO', 'ONE')
    },
    async () => void (await raw.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')),
    async () => void (await raw.script('FLUSH')),
  ]
  model.healthySince = Infinity
  await faults[Math.floor(random() * faults.length)]!()
  model.healthySince = performance.now()
  await sleep(Math.min(300 + random() * 2000, Math.max(0, end - performance.now())))
}
