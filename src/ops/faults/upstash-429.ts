import type { RestDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { LOOKS_AGAIN_WITHIN_MS } from './looks-again.js'
import { requestsAnswered } from './requests-answered.js'
import { restError } from './rest/rest-error.js'

/** As Upstash says it of a free database, whose limit is that of the month. */
const QUOTA =
  'ERR max requests limit exceeded. Limit: 500000, Usage: 500000. See https://upstash.com/docs/redis/troubleshooting/max_requests_limit for details'

const answer = restError(429, QUOTA)

export const upstash429: Fault<RestDoor> = {
  name: 'upstash-429',
  summary: 'Every request is refused because the requests that were paid for are used up.',
  protocols: ['rest'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  looksAgainWithinMs: LOOKS_AGAIN_WITHIN_MS,
  apply: (door) => door.interfere(() => answer),
  lift: (door) => door.open(),
  witness: requestsAnswered('429'),
}
