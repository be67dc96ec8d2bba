import type { RedisServer } from '../src/ops/sandbox/sandbox.js'
import { startSandbox } from '../src/ops/sandbox/start-sandbox.js'
import type { sequential } from './cache-host/speed.js'
import { FOR_STORES } from './cache-peers/index.js'
import { HostProcess } from './host-process.js'
import { pin } from './pin.js'
import { benchSource } from './source-flood.js'
import { median, quantile } from './statistics.js'
import { printTable, promise } from './table.js'

const ROUNDS = 5
const SLICES = 5
const SLICE_MS = 80
const WARM_UP_MS = 400
const MOST_TIMES = 2

/** The CPU of redis-server; the client is on 0. Its own work shows most on its own. */
const PLACES = { same: 0, other: 1 } as const
const places = ['same', 'other'] as const

type Waits = Record<(typeof places)[number], number[]>
const noWaits = (): Waits => ({ same: [], other: [] })

/** What a cached record costs beside the bare command, and what reaches the source while Redis is away. */
export async function benchStores(): Promise<void> {
  const sandbox = await startSandbox()
  try {
    await benchHit(sandbox.redis)
    await benchSource(sandbox.redis)
  } finally {
    await sandbox.stop()
  }
}

async function benchHit(redis: RedisServer): Promise<void> {
  if (!pin(redis.pid, PLACES.other))
    process.stdout.write('nothing is pinned to a CPU here: same and other tell of the scheduler\n')
  const p50s = FOR_STORES.map(noWaits)
  let misses = 0
  for (let round = 0; round < ROUNDS; round++) {
    const measured = await measure(redis)
    measured.waits.forEach((waits, peer) => {
      for (const place of places) p50s[peer]![place].push(quantile(waits[place], 0.5) * 1000)
    })
    misses += measured.misses
  }
  const bare = p50s.at(-1)!
  /** Of figures of the same round. */
  const ratio = (peer: number, place: keyof Waits) =>
    median(p50s[peer]![place].map((p50, round) => p50 / bare[place][round]!))
  printTable([
    [
      `one by one, ${ROUNDS} rounds, median (least–most)`,
      ...places.flatMap((place) => [`Redis on ${place} CPU: p50 µs`, '× bare']),
    ],
    ...FOR_STORES.map(({ name }, peer) => [
      name,
      ...places.flatMap((place) => [micros(p50s[peer]![place]), ratio(peer, place).toFixed(2)]),
    ]),
  ])
  if (misses > 0) process.stdout.write(`${misses} reads missed and are not counted\n`)
  for (const place of places) {
    const text = `cached getConversation, Redis on the ${place} CPU: p50 ≤ ${MOST_TIMES} × a bare GET of the same bytes`
    promise(text, `${ratio(0, place).toFixed(2)} ×`, ratio(0, place) <= MOST_TIMES)
  }
}

/** New processes each round: how one happens to lie in memory is part of the noise. */
async function measure(redis: RedisServer): Promise<{ waits: Waits[]; misses: number }> {
  const hosts = FOR_STORES.map((peer) => new HostProcess(peer))
  try {
    await Promise.all(hosts.map((host) => host.ready))
    for (const host of hosts) {
      pin(host.pid, 0)
      await host.ask({ ask: 'open', url: redis.url })
      await host.ask({ ask: 'warm-up', ms: WARM_UP_MS })
    }
    const waits = hosts.map(noWaits)
    let misses = 0
    for (let slice = 0; slice < SLICES; slice++) {
      for (const place of places) {
        pin(redis.pid, PLACES[place])
        // Whoever is first in one slice is last in the next.
        const order = [...hosts.keys()]
        for (const index of slice % 2 === 0 ? order : order.reverse()) {
          const question = { ask: 'sequential', ms: SLICE_MS } as const
          const taken = await hosts[index]!.ask<Awaited<ReturnType<typeof sequential>>>(question)
          waits[index]![place].push(...taken.waits)
          misses += taken.misses
        }
      }
    }

    return { waits, misses }
  } finally {
    for (const host of hosts) host.kill()
  }
}

const micros = (figures: readonly number[]) =>
  `${median(figures).toFixed(1)} (${Math.min(...figures).toFixed(1)}–${Math.max(...figures).toFixed(1)})`
