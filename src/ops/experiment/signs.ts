import type { Measurement, Signal } from './measurement.js'

/**
 * What showed from the fault on, in order of time. A line that was also printed in the steady state before the fault, numbers
 * aside, is not a sign of it; one of the start is, as a subject may have asked its backend before it had connected.
 */
export function signsOfTheFault({
  signals,
  ...times
}: Pick<Measurement, 'signals' | 'faultAtMs' | 'metAtMs'>): Signal[] {
  const faultAtMs = metAtMs(times)
  const usual = new Set(
    signals.filter(({ atMs }) => atMs >= 0 && atMs < faultAtMs).map(({ text }) => withoutNumbers(text)),
  )
  return signals
    .filter(({ atMs, text }) => atMs >= faultAtMs && !usual.has(withoutNumbers(text)))
    .sort((left, right) => left.atMs - right.atMs)
}

/** When the fault was first there to be noticed. */
export function metAtMs({ metAtMs: at, faultAtMs }: Pick<Measurement, 'metAtMs' | 'faultAtMs'>): number {
  return at ?? faultAtMs
}

/** Nor what changes with every request, such as its id or a duration. */
function withoutNumbers(text: string): string {
  return text.replace(/[\w.-]+/g, (word) => (/\d/.test(word) ? '#' : word))
}
