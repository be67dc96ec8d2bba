import type { RestDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { LOOKS_AGAIN_WITHIN_MS } from './looks-again.js'
import { requestsAnswered } from './requests-answered.js'
import { restError } from './rest/rest-error.js'

const answer = restError(
  401,
  'WRONGPASS invalid or missing auth token. See https://docs.upstash.com/redis/troubleshooting/http_unauthorized for details.',
)

export const upstash401: Fault<RestDoor> = {
  name: 'upstash-401',
  summary: 'Every request is refused because the token is not valid any more.',
  protocols: ['rest'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  looksAgainWithinMs: LOOKS_AGAIN_WITHIN_MS,
  apply: (door) => door.interfere(() => answer),
  lift: (door) => door.open(),
  witness: requestsAnswered('401'),
}
