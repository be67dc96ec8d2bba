import type { Vitals } from '../messages.js'

export interface Growth {
  process: string
  rssMiB: [number, number]
  heapMiB: [number, number]
  sockets: [number, number]
  timers: [number, number]
  logLines: number
}

/** What may be there more in the last tenth of a run than in the second. */
export const GROWTH_BOUNDS = { rssMiB: 32, heapMiB: 4, sockets: 2, timers: 20 }

/** The least of the second and of the last tenth: what a fault adds for a while is no growth. Null for a process that did not live through both. */
export function growthOf(
  process: string,
  vitals: readonly Vitals[],
  startMs: number,
  endMs: number,
): Growth | null {
  const tenth = (endMs - startMs) / 10
  const early = vitals.filter(({ atMs }) => atMs >= startMs + tenth && atMs < startMs + 2 * tenth)
  const late = vitals.filter(({ atMs }) => atMs >= endMs - tenth)
  if (early.length === 0 || late.length === 0) return null
  const both = (value: (each: Vitals) => number): [number, number] => [
    least(early.map(value)),
    least(late.map(value)),
  ]
  const mebibytes = (bytes: number) => Math.round((bytes / 1024 / 1024) * 10) / 10
  return {
    process,
    rssMiB: both(({ rssBytes }) => mebibytes(rssBytes)),
    heapMiB: both(({ heapBytes }) => mebibytes(heapBytes)),
    sockets: both(({ sockets }) => sockets),
    timers: both(({ timers }) => timers),
    logLines: late.at(-1)!.logLines,
  }
}

/** A shorter run is over before it is warm, and a fault may fill its last tenth. */
const JUDGED_FROM_SECONDS = 60

/** What grew beyond its bound, in words. */
export function grewTooMuch(growth: Growth, seconds: number, linesPerTenSeconds: number): string | null {
  for (const what of ['rssMiB', 'heapMiB', 'sockets', 'timers'] as const) {
    if (seconds < JUDGED_FROM_SECONDS) break
    const [early, late] = growth[what]
    if (late - early > GROWTH_BOUNDS[what])
      return `${what} of process ${growth.process}: ${early} in the second tenth, ${late} in the last; bound +${GROWTH_BOUNDS[what]}`
  }
  const lines = Math.ceil(seconds / 10 + 1) * linesPerTenSeconds
  if (growth.logLines > lines)
    return `process ${growth.process} wrote ${growth.logLines} log lines; bound ${lines}`
  return null
}

function least(values: number[]): number {
  return Math.min(...values)
}
