import type { RestDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { requestsAnswered } from './requests-answered.js'
import { restError } from './rest/rest-error.js'

const answer = restError(500, 'Internal Server Error')

export const upstash500: Fault<RestDoor> = {
  name: 'upstash-500',
  summary: 'Every request is answered by an error of the service itself.',
  protocols: ['rest'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.interfere(() => answer),
  lift: (door) => door.open(),
  witness: requestsAnswered('500'),
}
