import type { OperatorClient } from '../../library/backends/operator.js'
import { parseInfo, readInfo, type Info } from './info.js'
import { ownConnections } from './own-connections.js'
import type { UpstashLink } from './upstash-link.js'

/** How long the counters are watched: long enough for a rate, short beside the ten seconds of a run. */
export const OBSERVED_MS = 1000

/** Two readings of INFO, and the time between them. */
export interface Interval {
  before: Info
  after: Info
  seconds: number
  /** Connections that doctor opened to the server meanwhile. */
  ours: number
  /** What was added to a counter; null when the service leaves it out, or when it was reset meanwhile. */
  grew(field: string): number | null
}

/** @throws OperatorError when the server does not allow INFO */
export async function observe(
  client: OperatorClient,
  pause: () => Promise<void>,
  own = ownConnections(),
): Promise<Interval> {
  // One that is under way may come before the first reading or after it.
  await own.settled()
  const already = own.begun
  const before = await readInfo(client)
  const begun = performance.now()
  await pause()
  const after = await readInfo(client)
  return between(before, after, (performance.now() - begun) / 1000, own.begun - already)
}

/** The same over REST; what is refused is left out. @throws NotAsked */
export async function observeUpstash(upstash: UpstashLink, pause: () => Promise<void>): Promise<Interval> {
  const read = async () => {
    const { refusal, result } = await upstash.send('INFO')
    return parseInfo(refusal === null ? String(result) : '')
  }
  const before = await read()
  const begun = performance.now()
  await pause()
  return between(before, await read(), (performance.now() - begun) / 1000)
}

export function between(before: Info, after: Info, seconds: number, ours = 0): Interval {
  return {
    before,
    after,
    seconds,
    ours,
    grew(field) {
      const [first, second] = [before.number(field), after.number(field)]
      return first === null || second === null || second < first ? null : second - first
    },
  }
}
