/** Milliseconds on the machine's monotonic clock, which all its processes share; no adjustment of the time moves it. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
