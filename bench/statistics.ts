/** Value below which `share` of the sorted numbers lie (nearest rank). NaN when there are none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5)

export const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length

/** `0.12 ms`, `104 ms`, `6.0 s`, `never`. */
export function readable(ms: number): string {
  if (ms === Infinity) return 'never'
  if (Number.isNaN(ms)) return '-'
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`
  return `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`
}

/** `median (least–most)`. */
export function spread(numbers: readonly number[]): string {
  return `${readable(median(numbers))} (${readable(Math.min(...numbers))}–${readable(Math.max(...numbers))})`
}
