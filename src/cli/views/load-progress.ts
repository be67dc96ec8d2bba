type Waiting =
  | { type: 'starting' }
  | { type: 'phase'; phase: 'warm-up' | 'before' | 'during' | 'after'; run?: number; of?: number }

/** For whoever waits. */
export function describeLoad(event: Waiting, fault: string, { isApp = false } = {}): string {
  if (event.type === 'starting') return isApp ? 'starting Redis and the app' : 'starting Redis'
  const { phase, run = 1, of = 1 } = event
  const during = fault === 'none' ? 'during: still healthy' : `during: ${fault}`
  const after = fault === 'none' ? 'after: still healthy' : 'after: healthy again'
  const what = { 'warm-up': 'warming up', before: 'before: steady load', during, after }[phase]
  return of === 1 ? what : `run ${run} of ${of}, ${what}`
}
