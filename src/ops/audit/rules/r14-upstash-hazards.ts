import { upstashClientsIn } from '../recognise/upstash.js'
import type { Rule } from '../rule.js'
import { foreignOptionsIn } from './r14/foreign-options.js'
import { parsedTwiceIn } from './r14/parsed-twice.js'
import { ratelimitsIn } from './r14/ratelimit-client.js'
import { isRetried } from './r14/retry.js'
import { sharedSignal } from './r14/signal.js'

/** R14: what Upstash's clients take without complaint and then do otherwise than one thinks. */
export const upstashHazards: Rule = {
  id: 'R14',
  title: 'Upstash clients are used as they work',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    for (const { node, settings } of upstashClientsIn(file, context)) {
      const signal = settings.values.get('signal')
      const retry = settings.values.get('retry')
      const violations = [
        ...(signal ? (sharedSignal(signal, context) ?? []) : []),
        ...(retry ? (isRetried(retry) ?? []) : []),
      ]
      yield* violations
      if (signal && retry && violations.length === 0)
        yield {
          node,
          site: 'conforms',
          what: 'each request has a signal of its own, and the tries are counted',
        }
    }
    yield* parsedTwiceIn(file, context)
    yield* ratelimitsIn(file, context)
    yield* foreignOptionsIn(file, context)
  },
}
