import type { CachePeer, PeerCache } from '../cache-peers/cache-peer.js'
import type { OutageFigures } from './questions.js'
import { recovery } from './recovery.js'

const RATE_PER_SECOND = 100
const VICTIMS = 40
const WARM = 10
const SETTLE_MS = 3000
/** By when others must see it, by our contract (C9); the same for all. */
const OTHERS_MS = 1000

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, ms)))

interface Operation {
  isRead: boolean
  startedAt: number
  endedAt: number
  thrown: boolean
}

interface Setting {
  /** Through the door. */
  url: string
  /** Past it. */
  serverUrl: string
  prefix: string
}

/** One peer in one outage: reads, and 40 keys that are deleted or rewritten meanwhile. */
export class OutageRun {
  readonly #operations: Operation[] = []
  readonly #cache: PeerCache
  readonly #create: CachePeer['create']
  readonly #setting: Setting

  private constructor(cache: PeerCache, create: CachePeer['create'], setting: Setting) {
    this.#cache = cache
    this.#create = create
    this.#setting = setting
  }

  /** Stores what is there before the outage past the door, so that an outage may come first. */
  static async open(create: CachePeer['create'], setting: Setting): Promise<OutageRun> {
    const seeder = await create(setting.serverUrl)
    const keys = [...numbered(setting.prefix, 'victim', VICTIMS), ...numbered(setting.prefix, 'warm', WARM)]
    for (const key of keys) await store(seeder, key)
    await seeder.close()
    return new OutageRun(await create(setting.url), create, setting)
  }

  async warm(): Promise<void> {
    await this.#connected(this.#cache)
    for (let index = 0; index < 200; index++) await this.#cache.get(this.#warmKey(index)).catch(() => null)
  }

  /** An open model: what is due is begun, whatever has become of the rest. */
  async load(ms: number): Promise<void> {
    const victims = numbered(this.#setting.prefix, 'victim', VICTIMS)
    const start = performance.now()
    const total = Math.floor((ms * RATE_PER_SECOND) / 1000)
    const every = Math.floor(total / VICTIMS)
    for (let index = 0; index < total; index++) {
      await sleep(start + (index * 1000) / RATE_PER_SECOND - performance.now())
      const victim = index % every === every - 1 ? victims.pop() : undefined
      if (victim === undefined) this.#perform(true, () => this.#cache.get(this.#warmKey(index)))
      else if (victims.length % 2 === 0) this.#perform(false, () => this.#cache.del(victim))
      else this.#perform(false, () => this.#cache.set(victim, { key: victim, version: 2 }))
    }
    await sleep(start + ms - performance.now())
  }

  async end(healedAt: bigint): Promise<OutageFigures> {
    const sinceHealMs = Number(process.hrtime.bigint() - healedAt) / 1e6
    const healed = performance.now() - sinceHealMs
    const recoveryMs = await recovery((index) => this.#cache.get(this.#warmKey(index)), healed)
    const end = performance.now() + SETTLE_MS
    while (this.#operations.some(({ endedAt }) => endedAt === Infinity) && performance.now() < end)
      await sleep(20)
    const stale = await this.#stale(this.#cache)
    await sleep(healed + OTHERS_MS - performance.now())
    const other = await this.#create(this.#setting.serverUrl)
    await this.#connected(other)
    const staleForOthers = await this.#stale(other)
    const waits = this.#operations.filter(({ isRead }) => isRead)
    return {
      readMs: waits.map(({ startedAt, endedAt }) => (endedAt === Infinity ? null : endedAt - startedAt)),
      thrownShare: this.#operations.filter(({ thrown }) => thrown).length / this.#operations.length,
      recoveryMs,
      stale,
      staleForOthers,
    }
  }

  async #connected(cache: PeerCache): Promise<void> {
    const end = performance.now() + 10_000
    while ((await cache.get(this.#warmKey(0)).catch(() => null)) == null) {
      if (performance.now() > end) throw new Error('it does not get warm')
      await sleep(20)
    }
  }

  #perform(isRead: boolean, operation: () => Promise<unknown>): void {
    const record: Operation = { isRead, startedAt: performance.now(), endedAt: Infinity, thrown: false }
    this.#operations.push(record)
    const ended = (thrown: boolean) => Object.assign(record, { endedAt: performance.now(), thrown })
    Promise.resolve()
      .then(operation)
      .then(
        () => ended(false),
        () => ended(true),
      )
  }

  async #stale(reader: PeerCache): Promise<number> {
    const keys = numbered(this.#setting.prefix, 'victim', VICTIMS)
    const values = await Promise.all(keys.map((key) => within(2000, reader.get(key))))
    return values.filter((value) => (value as { version?: number } | null)?.version === 1).length
  }

  #warmKey(index: number): string {
    return `${this.#setting.prefix}:warm:${index % WARM}`
  }
}

const numbered = (prefix: string, what: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}:${what}:${index}`)

async function store(cache: PeerCache, key: string): Promise<void> {
  const end = performance.now() + 10_000
  const value = { key, version: 1 }
  for (;;) {
    const stored = await cache.set(key, value).then(
      () => cache.get(key).catch(() => null),
      () => null,
    )
    if (stored != null) return
    if (performance.now() > end) throw new Error('what is to be invalidated cannot be stored')
    await sleep(20)
  }
}

/** Null for a read that fails or does not return. */
function within(ms: number, reading: Promise<unknown>): Promise<unknown> {
  return Promise.race([reading.catch(() => null), sleep(ms).then(() => null)])
}
