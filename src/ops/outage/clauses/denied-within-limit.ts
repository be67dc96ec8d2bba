import { ALIKE } from '../../experiment/identifiers.js'
import type { CheckRecord, LimiterDeclaration } from '../../experiment/limiting.js'
import type { Measurement } from '../../experiment/measurement.js'
import type { ClauseResult } from '../../report/drill-report.js'
import { byIdentifier } from '../limits.js'
import type { Budgets } from './clause.js'
import { duration, quantity } from './wording.js'

type Finding = NonNullable<ClauseResult['finding']>

/** An estimate may look back two windows, and no limiter further. */
const WINDOWS_BACK = 2
/** What an outage has held back may be carried out as late as this after the heal. */
const LATE_MS = 1000

/**
 * Somebody was denied who cannot have been counted as often as he may ask: even if each of his checks in two windows was, and
 * each that an outage had held back. What a closed policy denies is not told from that unless the limiter tells, so in its
 * case it is looked for outside the fault only.
 */
export function deniedWithinLimit(
  limiter: LimiterDeclaration,
  checks: readonly CheckRecord[],
  measurement: Measurement,
  { recoverMs }: Budgets,
): Finding | null {
  const { name, limit, windowMs, onUnavailable } = limiter
  const { faultAtMs, healAtMs } = measurement
  const isPolicy = ({ startMs, endMs }: CheckRecord) =>
    onUnavailable === 'deny' && (endMs ?? Infinity) > faultAtMs && startMs < healAtMs + recoverMs
  const [, ...others] = byIdentifier(checks)
  const denied = others.flatMap((asked) =>
    asked
      .filter((check) => check.allowed === false && check.counted && !isPolicy(check))
      .map((check) => ({ check, times: mayCount(check, asked, limiter, measurement) }))
      .filter(({ times }) => times <= limit),
  )
  const first = denied[0]
  if (!first) return null
  const { identifier = '' } = first.check
  return {
    happened: `The limiter ${name} denied ${quantity(denied.length, 'request')} within its limit: ${identifier} was asked about ${first.times} times in ${duration(WINDOWS_BACK * windowMs)}${first.check.startMs >= faultAtMs ? ', with what the fault may have held back' : ''}, and ${limit} are allowed in ${duration(windowMs)}.`,
    ...(ALIKE.includes(identifier) ? MERGED : COUNTED_AGAIN),
  }
}

const MERGED = {
  cause: `different identifiers are counted as one (asked about were ${ALIKE.join(', ')}): what tells them apart is replaced or cut off in the key`,
  change: 'encode what does not fit into a key, or hash it whole; replace nothing and cut nothing off',
}
const COUNTED_AGAIN = {
  cause:
    'a check is counted more than once, as the client sends it again when its answer was lost and the server has counted it already; or a count has no end',
  change:
    'no retries of what counts (ioredis: maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false; @upstash/redis: retries: 0), and one script that counts and sets the time to live',
}

/** How many checks of the same identifier, itself included, the server can have counted when it decided this one. */
function mayCount(
  { startMs, endMs }: CheckRecord,
  asked: readonly CheckRecord[],
  { windowMs }: LimiterDeclaration,
  measurement: Measurement,
): number {
  const fromMs = startMs - WINDOWS_BACK * windowMs
  return asked.filter((each) => each.startMs <= (endMs ?? Infinity) && landedBy(each, measurement) >= fromMs)
    .length
}

/** The last instant at which it can have been carried out. */
function landedBy({ counted, startMs, endMs }: CheckRecord, { faultAtMs, healAtMs }: Measurement): number {
  if (counted && endMs !== null) return endMs
  const heldUntilMs = startMs >= faultAtMs && startMs < healAtMs ? healAtMs : (endMs ?? Infinity)
  return heldUntilMs + LATE_MS
}
