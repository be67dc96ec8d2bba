import type { Probe } from '../../config/probes/probe.js'
import { problemOf } from '../../experiment/app/answers.js'
import { TimeoutError, type Answer, type Exchange } from '../../experiment/app/exchange.js'
import { OUTCOME } from './outcome.js'

/** As in a drill: who has waited this long has given up. */
const ANSWER_WITHIN_MS = 10_000
const DENIED = 429

/** Sends one request; resolves with the bits of what became of it, null: it was never answered. Never rejects. */
export async function ask(exchange: Exchange, probe: Probe): Promise<number | null> {
  try {
    return bitsOf(probe, await exchange.send(probe, ANSWER_WITHIN_MS))
  } catch (error) {
    return error instanceof TimeoutError ? null : OUTCOME.error
  }
}

/** 429 is a no, whatever was expected; a 5xx that was expected is no error. */
function bitsOf(probe: Probe, answer: Answer): number {
  if (answer.status === DENIED) return OUTCOME.denied
  if (problemOf(probe, answer) === null) return 0
  return answer.status >= 500 ? OUTCOME.error | OUTCOME.serverError : OUTCOME.error
}
