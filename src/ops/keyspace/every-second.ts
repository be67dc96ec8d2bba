/** Something countable is getting on. At most one per second. */
export interface ProgressEvent {
  type: 'progress'
  /** What is being done, such as `counting`. */
  phase: 'scanning' | 'counting' | 'deleting' | 'fading' | 'reading' | 'restoring'
  done: number
  /** How many there are, as far as it is known. */
  of: number
  perSecond: number
}

/** Calls through at most once per second, with the rate since the beginning. */
export function everySecond(report: (done: number, perSecond: number) => void): (done: number) => void {
  const begun = performance.now()
  let last = begun
  return (done) => {
    const now = performance.now()
    if (now - last < 1000) return
    last = now
    report(done, (done * 1000) / (now - begun))
  }
}
