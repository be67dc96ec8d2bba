import { median, readable } from './statistics.js'

/** One peer in one outage, times in ms. */
export interface Run {
  p50: number
  p99: number
  max: number
  recovery: number
  /** 0 to 1. */
  thrown: number
  stale: number
  staleForOthers: number
}

interface Figure {
  all: readonly number[]
  median: number
}

const TIMES = ['p50', 'p99', 'max', 'recovery'] as const

/** What the repeats say together: medians of times, and the worst of everything else. */
export interface Cell extends Record<(typeof TIMES)[number], Figure> {
  name: string
  thrown: number
  stale: number
  staleForOthers: number
}

export function cellOf(name: string, runs: readonly Run[]): Cell {
  const figure = (of: (typeof TIMES)[number]): Figure => {
    const all = runs.map((run) => run[of])
    return { all, median: median(all) }
  }
  const worst = (of: 'thrown' | 'stale' | 'staleForOthers') => Math.max(...runs.map((run) => run[of]))
  return {
    name,
    p50: figure('p50'),
    p99: figure('p99'),
    max: figure('max'),
    recovery: figure('recovery'),
    thrown: worst('thrown'),
    stale: worst('stale'),
    staleForOthers: worst('staleForOthers'),
  }
}

/** What a healthy read takes at worst on these two cores, with all peers at work: less is not told from nothing. */
const NOISE_MS = 10

/**
 * Where a peer is better than ours that throws no more and serves no more that is stale. Better is what the repeats
 * agree on: their medians differ by more than either's repeats do.
 */
export function lostTo(ours: Cell, peer: Cell): string[] {
  const isAsCorrect =
    peer.thrown <= ours.thrown && peer.stale + peer.staleForOthers <= ours.stale + ours.staleForOthers
  if (!isAsCorrect) return []
  return TIMES.filter((time) => {
    const noise = Math.max(NOISE_MS, spreadOf(ours[time]), spreadOf(peer[time]))
    return ours[time].median > peer[time].median + noise
  }).map((time) => `${time} ${readable(ours[time].median)}, ${peer.name} ${readable(peer[time].median)}`)
}

/** Infinity less Infinity is no spread. */
const spreadOf = ({ all }: Figure): number => Math.max(...all) - Math.min(...all) || 0
