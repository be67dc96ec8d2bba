import { quantile, readable } from '../statistics.js'
import { printTable, promise } from '../table.js'
import { closedLoop } from './closed-loop.js'
import { SHARES, type Delay, type OwnDelay } from './delay.js'
import { drive, READS, type Driven } from './drive.js'
import { promiseOn } from './promise-on.js'
import { knownServer, knownSubject, type Known } from './known-surfaces.js'

const WITHIN = 0.02
/** A closed loop must be able to keep the rate while nothing is wrong. */
const STALLED = { kind: 'stalled', ratePerSecond: 4, seconds: 30 } as const
const RUNS: { kind: Delay; ratePerSecond: number; seconds: number }[] = [
  { kind: 'fixed', ratePerSecond: 200, seconds: 10 },
  { kind: 'bimodal', ratePerSecond: 200, seconds: 10 },
  STALLED,
]

const PLACES: [string, (kind: Delay) => Promise<Known>][] = [
  ['subject', knownSubject],
  ['http', knownServer],
]
/** They are all read before the load begins, and the stall does not wait for that. */
const FEW_KEYS = READS.families.map((family) => ({ ...family, keys: 20 }))
/** Until connections are there and the code is compiled. */
const SETTLED_MS = 1000
const percent = (part: number) => `${(part * 100).toFixed(1)} %`

/** Percentiles of what takes a time that is known, in the worker's process and over HTTP; and what a closed loop says of it. */
export async function benchPercentiles(): Promise<void> {
  const rows = [['known delay', 'where', ...Object.keys(SHARES).flatMap((name) => [name, 'known', 'off'])]]
  const worst = new Map<Delay, { off: number; machineMs: number }>()
  let openP99Ms = NaN
  for (const run of RUNS) {
    for (const [where, open] of PLACES) {
      const known = await open(run.kind)
      try {
        const traffic = { ...READS, families: FEW_KEYS, ratePerSecond: run.ratePerSecond }
        const driven = await drive({ ...known, traffic, seconds: run.seconds, fromMs: SETTLED_MS })
        const expected = expectedOf(await known.own(), driven, run)
        const offs = Object.entries(SHARES).map(([name, share]) => {
          const seen = driven.latency.quantileMs(share) ?? NaN
          return { seen, known: expected(name, share), off: seen / expected(name, share) - 1 }
        })
        const { off, machineMs } = worst.get(run.kind) ?? { off: 0, machineMs: 0 }
        worst.set(run.kind, {
          // Nothing that was not answered is left out: it would be what had waited longest.
          off: driven.unanswered > 0 ? Infinity : Math.max(off, ...offs.map((each) => Math.abs(each.off))),
          machineMs: Math.max(machineMs, driven.beats.quantileMs(0.99) ?? 0),
        })
        rows.push([
          run.kind,
          where,
          ...offs.flatMap((each) => [readable(each.seen), readable(each.known), percent(each.off)]),
        ])
        if (run === STALLED) openP99Ms = driven.latency.quantileMs(0.99) ?? NaN
      } finally {
        known.close()
      }
    }
  }
  printTable(rows)
  for (const [kind, { off, machineMs }] of worst)
    promiseOn(machineMs, `percentiles of ${kind}: within 2 %`, `${percent(off)} off at worst`, off <= WITHIN)
  await benchClosedLoop(openP99Ms)
}

/** For the stall from the schedule: what is due t into it waits for the rest. Otherwise what it says of itself. */
function expectedOf(
  { quantilesMs, stall }: OwnDelay,
  { originMs }: Driven,
  { ratePerSecond, seconds }: (typeof RUNS)[number],
) {
  if (!stall) return (name: string) => quantilesMs[name]!
  const normal = quantilesMs['p50']!
  const first = (SETTLED_MS * ratePerSecond) / 1000
  const waits = Array.from({ length: ratePerSecond * seconds - first }, (_, index) => {
    const dueMs = originMs + ((first + index) * 1000) / ratePerSecond
    return dueMs >= stall.fromMs && dueMs < stall.toMs ? stall.toMs - dueMs : normal
  })
  return (_: string, share: number) => quantile(waits, share)
}

async function benchClosedLoop(open: number): Promise<void> {
  const server = await knownServer('stalled')
  try {
    const closed = quantile(await closedLoop(server.origin, STALLED.ratePerSecond, STALLED.seconds), 0.99)
    printTable([
      [`a stall of 5 s in ${STALLED.seconds}, at ${STALLED.ratePerSecond}/s`, 'p99'],
      ['the worker: begins what is due', readable(open)],
      ['a closed loop: asks when it has been answered', readable(closed)],
    ])
    promise(
      'a closed loop hides the stall, the worker does not',
      `${readable(closed)}, ${readable(open)}`,
      closed < 400 && open > 4000,
    )
  } finally {
    server.close()
  }
}
