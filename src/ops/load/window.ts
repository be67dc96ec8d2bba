import { createHistogram, type Histogram } from './histogram.js'
import type { Parts } from './parts.js'

/** The phases, and the parts of `during` and `after` in which things change and in which they have changed. */
export const WINDOWS = ['before', 'during', 'after', 'onset', 'settled', 'recovery', 'recovered'] as const
export type WindowName = (typeof WINDOWS)[number]

/** What callers and the source saw of the operations that were due in a stretch of time. All counts can be added up. */
export interface Window {
  /** Since the first instant of `before`. */
  fromMs: number
  durationMs: number
  /** Operations that were begun, and those that could not be: the generator had no time for them. */
  sent: number
  unstarted: number
  /** Answered without an error, and not denied. */
  ok: number
  errors: number
  /** Of the errors, those that an app answered with 5xx. */
  serverErrors: number
  /** Never answered: neither in the run nor in the time of grace after it, or too much was in flight to begin it. */
  pending: number
  /** Turned away by a limiter, or with 429. */
  denied: number
  /** Reads that were answered, those of them that the cache answered, and those of the others for which it had been given the value. */
  reads: number
  hits: number
  fallbacks: number
  /** Reads of the source of truth. */
  loads: number
  /** Of a limiter: questions that were answered, how many by policy as it could not count, and how many were let through too many. */
  checks: number
  uncounted: number
  overAdmitted: number
  /** Of everything that was answered, errors as well, from when it was due. */
  latency: Histogram
  /** From when it was due to when it was begun. */
  lateness: Histogram
  /** Of each part of the traffic; of a second nobody counts them. */
  parts: Parts
  /** What its processes used; null where nobody saw them. */
  rssMaxBytes: number | null
  cpuMs: number | null
  printedBytes: number | null
}

export function createWindow(fromMs: number): Window {
  return {
    fromMs,
    durationMs: 0,
    sent: 0,
    unstarted: 0,
    ok: 0,
    errors: 0,
    serverErrors: 0,
    pending: 0,
    denied: 0,
    reads: 0,
    hits: 0,
    fallbacks: 0,
    loads: 0,
    checks: 0,
    uncounted: 0,
    overAdmitted: 0,
    latency: createHistogram(),
    lateness: createHistogram(),
    parts: new Map(),
    rssMaxBytes: null,
    cpuMs: null,
    printedBytes: null,
  }
}

/**
 * The time that this share of the operations did not exceed, those that were never answered counting as endless.
 * Infinity when it lies among them; null without any.
 */
export function quantileOf(
  { latency, pending }: Pick<Window, 'latency' | 'pending'>,
  share: number,
): number | null {
  const total = latency.count + pending
  if (total === 0) return null
  const rank = Math.max(1, Math.ceil(share * total - 1e-9))
  return rank > latency.count ? Infinity : latency.quantileMs(rank / latency.count)
}
