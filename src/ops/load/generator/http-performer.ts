import { KEY_TRAFFIC, type LimitProbe, type Probe } from '../../config/probes/probe.js'
import { createExchange } from '../../experiment/app/exchange.js'
import { seededRandom } from '../../experiment/random.js'
import { countAdmissions } from './admissions.js'
import { nowMs } from './clock.js'
import { ask } from './http-answer.js'
import { httpKeys, withBits } from './http-keys.js'
import type { Surface } from './messages.js'
import { OUTCOME, outcomeOf } from './outcome.js'
import type { Call, Performer } from './performer.js'
import type { Traffic } from './traffic.js'
import { weighted } from './zipf.js'

/** Each is a socket here, and one in the app. */
const MAX_IN_FLIGHT = 2000
/** A key that could not be warmed is cold, as keys are; more of them, and the app is not ready. */
const WARM_SHARE = 0.99

/** Asks an app over HTTP/1.1, on connections that are kept alive: its endpoints, its keys and its limiter by their weights. */
export function httpPerformer(
  surface: Extract<Surface, { type: 'http' }>,
  { seed }: Pick<Traffic, 'seed'>,
): Performer {
  const { origin, endpoints, declared } = surface
  const random = seededRandom(seed)
  const exchange = createExchange(new URL(origin), MAX_IN_FLIGHT)
  const send = (probe: Probe) => ask(exchange, probe)
  const keys = httpKeys(surface, send, random)
  const { limit } = declared
  const parts: { weight: number; draw: () => Call }[] = [
    ...endpoints.map(({ probe, weight }, index) => {
      const outcome = outcomeOf('request', index)
      const call = { outcome, start: () => withBits(outcome, send(probe)) }
      return { weight, draw: () => call }
    }),
    ...(keys ? [{ weight: (declared.keys ?? KEY_TRAFFIC).weight, draw: () => keys.draw() }] : []),
    ...(limit ? [{ weight: limit.weight ?? 1, draw: checksOf(limit, send) }] : []),
  ]
  const pick = weighted(
    parts.map(({ weight }) => weight),
    random,
  )

  return {
    limiters: limit ? [declarationOf(limit)] : [],
    mostInFlight: MAX_IN_FLIGHT,
    warm: async (deadlineMs) => {
      // Nobody sees what an app answers from its cache.
      const untilMs = nowMs() + deadlineMs
      const share = keys ? await keys.warm(() => nowMs() < untilMs) : 1
      return { settled: share >= WARM_SHARE, hitRatio: share }
    },
    draw: () => parts[pick()]!.draw(),
    close: () => Promise.resolve(exchange.close()),
  }
}

/** From outside an answer does not tell whether it was counted, so an `allow` by policy is one too many as well. */
function checksOf(limit: LimitProbe, send: (probe: Probe) => Promise<number | null>): () => Call {
  const outcome = outcomeOf('check', 0)
  const admissions = countAdmissions(limit)
  const start = async () => {
    const beginMs = nowMs()
    const bits = await send(limit)
    const isAllowed = bits !== null && (bits & (OUTCOME.denied | OUTCOME.error)) === 0
    const isOver = isAllowed && admissions.admitted(0, beginMs, nowMs())
    return bits === null ? null : outcome | bits | (isOver ? OUTCOME.overAdmitted : 0)
  }
  const call = { outcome, start }
  return () => call
}

function declarationOf({ name, limit, windowMs, onUnavailable }: LimitProbe) {
  return { name, limit, windowMs, onUnavailable }
}
