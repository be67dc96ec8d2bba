import type { RedisServer } from '../src/ops/sandbox/sandbox.js'
import { startSandbox } from '../src/ops/sandbox/start-sandbox.js'
import type { concurrent, sequential } from './cache-host/speed.js'
import { FOR_SPEED } from './cache-peers/index.js'
import { benchGuard } from './guard-overhead.js'
import { HostProcess } from './host-process.js'
import { pin } from './pin.js'
import { median, quantile } from './statistics.js'
import { printTable, promise } from './table.js'

const ROUNDS = 5
const SLICES = 5
const SLICE_MS = 80
const WARM_UP_MS = 400
const CALLERS = [50, 200] as const

type Sequential = Awaited<ReturnType<typeof sequential>>
type Concurrent = Awaited<ReturnType<typeof concurrent>>

/** Where redis-server runs: on the CPU of the client, or on another. The client's own work shows most on its own. */
const PLACES = { same: 0, other: 1 } as const
type Place = keyof typeof PLACES
const places = ['same', 'other'] as const

/** One peer's figures, one of each round. */
interface Figures {
  p50: Record<Place, number[]>
  p99: Record<Place, number[]>
  misses: number
  rate: Record<(typeof CALLERS)[number], number[]>
}

/** What a healthy `get` costs in ours and in others, all of them interleaved. */
export async function benchCache(): Promise<void> {
  const sandbox = await startSandbox()
  try {
    if (!pin(sandbox.redis.pid, PLACES.other))
      process.stdout.write('nothing is pinned to a CPU here: same and other tell of the scheduler\n')
    const figures = new Map<string, Figures>(FOR_SPEED.map(({ name }) => [name, noFigures()]))
    for (let round = 0; round < ROUNDS; round++) await measure(sandbox.redis, round, figures)
    printFigures(figures)
    keepPromises(figures)
  } finally {
    await sandbox.stop()
  }
  await benchGuard()
}

const noFigures = (): Figures => ({
  p50: { same: [], other: [] },
  p99: { same: [], other: [] },
  misses: 0,
  rate: { 50: [], 200: [] },
})

/** New processes each round: how one happens to lie in memory is part of the noise. */
async function measure(redis: RedisServer, round: number, figures: Map<string, Figures>): Promise<void> {
  const hosts = FOR_SPEED.map((peer) => ({ name: peer.name, host: new HostProcess(peer) }))
  // Whoever is first in one round is last in the next.
  if (round % 2 === 1) hosts.reverse()
  try {
    await Promise.all(hosts.map(({ host }) => host.ready))
    for (const { host } of hosts) pin(host.pid, PLACES.same)
    for (const { host } of hosts) {
      await host.ask({ ask: 'open', url: redis.url })
      await host.ask({ ask: 'warm-up', ms: WARM_UP_MS })
    }
    const slices = new Map(
      hosts.map(({ name }) => [
        name,
        { same: [] as number[], other: [] as number[], 50: [] as number[], 200: [] as number[] },
      ]),
    )
    for (let slice = 0; slice < SLICES; slice++) {
      for (const place of places) {
        pin(redis.pid, PLACES[place])
        for (const { name, host } of hosts) {
          const { waits, misses } = await host.ask<Sequential>({ ask: 'sequential', ms: SLICE_MS })
          slices.get(name)![place].push(...waits)
          figures.get(name)!.misses += misses
        }
      }
      for (const callers of CALLERS) {
        for (const { name, host } of hosts) {
          const { rate, misses } = await host.ask<Concurrent>({ ask: 'concurrent', callers, ms: SLICE_MS })
          slices.get(name)![callers].push(rate)
          figures.get(name)!.misses += misses
        }
      }
    }
    for (const [name, { same, other, ...rates }] of slices) {
      const { p50, p99, rate } = figures.get(name)!
      for (const [place, waits] of [
        ['same', same],
        ['other', other],
      ] as const) {
        p50[place].push(quantile(waits, 0.5) * 1000)
        p99[place].push(quantile(waits, 0.99) * 1000)
      }
      for (const callers of CALLERS) rate[callers].push(median(rates[callers]))
    }
  } finally {
    for (const { host } of hosts) host.kill()
  }
}

/** Ratios are of figures of the same round. */
const ratios = (of: readonly number[], to: readonly number[]) => of.map((each, round) => each / to[round]!)
const spread = (numbers: readonly number[], digits: number, unit = '') =>
  `${median(numbers).toFixed(digits)}${unit} (${Math.min(...numbers).toFixed(digits)}–${Math.max(...numbers).toFixed(digits)})`
const thousands = (rates: readonly number[]) =>
  spread(
    rates.map((rate) => rate / 1000),
    1,
    'k',
  )

/** Both majors are measured by the client of their own; others by ioredis 6, which they do not use. */
const rawOf = (name: string) => (/ioredis 5\)?/.test(name) ? 'ioredis 5' : 'ioredis 6')

function printFigures(figures: ReadonlyMap<string, Figures>): void {
  printTable([
    [
      `get, ${ROUNDS} rounds, median (least–most)`,
      ...places.flatMap((place) => [`one by one, Redis on ${place} CPU: p50 µs`, '× raw', 'p99 µs']),
      ...CALLERS.flatMap((callers) => [`${callers} at once, per second`, '× raw']),
      'misses',
    ],
    ...[...figures].map(([name, { p50, p99, rate, misses }]) => {
      const base = figures.get(rawOf(name))!
      return [
        name,
        ...places.flatMap((place) => [
          spread(p50[place], 0),
          spread(ratios(p50[place], base.p50[place]), 2),
          spread(p99[place], 0),
        ]),
        ...CALLERS.flatMap((callers) => [
          thousands(rate[callers]),
          spread(ratios(rate[callers], base.rate[callers]), 2),
        ]),
        String(misses),
      ]
    }),
  ])
}

function keepPromises(figures: ReadonlyMap<string, Figures>): void {
  const peers = [...figures.keys()].filter((name) => !/^(library|ioredis)/.test(name))
  for (const major of [6, 5]) {
    const ours = figures.get(`library (ioredis ${major})`)!
    const raw = figures.get(`ioredis ${major}`)!
    for (const place of places) {
      const wait = median(ratios(ours.p50[place], raw.p50[place]))
      const text = `get one by one, Redis on the ${place} CPU: p50 ≤ 1.15 × raw ioredis ${major}`
      promise(text, `${wait.toFixed(2)} ×`, wait <= 1.15)
    }
    const rate = median(ratios(ours.rate[50], raw.rate[50]))
    promise(`get, 50 at once: ≥ 0.85 × raw ioredis ${major}`, `${rate.toFixed(2)} ×`, rate >= 0.85)
    const to = (name: string) => median(ratios(ours.rate[50], figures.get(name)!.rate[50]))
    const nearest = peers.reduce((one, other) => (to(other) < to(one) ? other : one))
    promise(
      `get, 50 at once on ioredis ${major}: above every peer`,
      `${to(nearest).toFixed(2)} × ${nearest}`,
      to(nearest) > 1,
    )
  }
}
