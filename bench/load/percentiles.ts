import { quantile, readable } from '../statistics.js'
import { printTable, promise } from '../table.js'
import { closedLoop } from './closed-loop.js'
import { SHARES, type Delay, type OwnDelay } from './delay.js'
import { drive, READS, type Driven } from './drive.js'
import { knownServer, knownSubject, type Known } from './known-surfaces.js'

const RATE = 200
const WITHIN = 0.02
const KINDS = { fixed: 8, bimodal: 10, stalled: 12 } as const satisfies Partial<Record<Delay, number>>

/** Percentiles of what takes a time that is known, in the worker's process and over HTTP; and what a closed loop says of it. */
export async function benchPercentiles(): Promise<void> {
  const rows = [['known delay', 'where', ...Object.keys(SHARES).flatMap((name) => [name, 'known', 'off'])]]
  const worst: Record<string, number> = {}
  const p99 = { open: 0 }
  for (const [kind, seconds] of Object.entries(KINDS) as [keyof typeof KINDS, number][]) {
    for (const [where, open] of [
      ['subject', knownSubject],
      ['http', knownServer],
    ] as [string, (kind: Delay) => Promise<Known>][]) {
      const known = await open(kind)
      try {
        const { surface, variables } = known
        const driven = await drive({
          surface,
          variables,
          traffic: { ...READS, ratePerSecond: RATE },
          seconds,
        })
        const expected = expectedOf(await known.own(), driven, seconds)
        const cells = Object.entries(SHARES).flatMap(([name, share]) => {
          const seen = driven.latency.quantileMs(share) ?? NaN
          const off = seen / expected(name, share) - 1
          worst[kind] = Math.max(worst[kind] ?? 0, Number.isNaN(off) ? Infinity : Math.abs(off))
          return [readable(seen), readable(expected(name, share)), `${(off * 100).toFixed(1)} %`]
        })
        rows.push([kind, where, ...cells])
        if (where === 'http' && kind === 'stalled') p99.open = driven.latency.quantileMs(0.99) ?? NaN
      } finally {
        known.close()
      }
    }
  }
  printTable(rows)
  for (const [kind, off] of Object.entries(worst))
    promise(`percentiles of ${kind}: within 2 %`, `${(off * 100).toFixed(1)} % off at worst`, off <= WITHIN)
  await benchClosedLoop(p99.open)
}

/** For the stall from the schedule: what is due t into it waits for the rest. Otherwise what it says of itself. */
function expectedOf({ quantilesMs, stall }: OwnDelay, { originMs }: Driven, seconds: number) {
  if (!stall) return (name: string) => quantilesMs[name]!
  const normal = quantilesMs['p50']!
  const waits = Array.from({ length: RATE * seconds }, (_, index) => {
    const dueMs = originMs + (index * 1000) / RATE
    return dueMs >= stall.fromMs && dueMs < stall.toMs ? stall.toMs - dueMs : normal
  })
  return (_: string, share: number) => quantile(waits, share)
}

async function benchClosedLoop(open: number): Promise<void> {
  const server = await knownServer('stalled')
  try {
    const closed = quantile(await closedLoop(server.origin, RATE, KINDS.stalled), 0.99)
    printTable([
      ['a stall of 5 s in 12, at 200/s', 'p99'],
      ['the worker: begins what is due', readable(open)],
      ['a closed loop: asks when it has been answered', readable(closed)],
    ])
    promise(
      'a closed loop hides the stall, the worker does not',
      `${readable(closed)}, ${readable(open)}`,
      closed < 100 && open > 4000,
    )
  } finally {
    server.close()
  }
}
