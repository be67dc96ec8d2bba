import type { RestDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { requestsAnswered } from './requests-answered.js'
import type { RestRule, RestTreatment } from './rest/rule.js'
import { SPARED_BY_THE_SOURCE } from './spared-by-the-source.js'

const json = (status: number, body: object): RestTreatment => ({
  kind: 'answer',
  status,
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
})

/** Of the gateway, of PostgREST without its database, and of a proxy in front of both. */
const ANSWERS: readonly RestTreatment[] = [
  json(500, { message: 'An unexpected error occurred' }),
  json(503, {
    code: 'PGRST002',
    details: null,
    hint: null,
    message: 'Could not query the database for the schema cache. Retrying.',
  }),
  {
    kind: 'answer',
    status: 502,
    contentType: 'text/html; charset=utf-8',
    body: '<!DOCTYPE html>\n<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<h1>502 Bad Gateway</h1>\n</body>\n</html>\n',
  },
]

const rule: RestRule = (index) => ANSWERS[index % ANSWERS.length] as RestTreatment

export const supabase5xx: Fault<RestDoor> = {
  name: 'supabase-5xx',
  summary:
    'Every request to Supabase is answered by an error, in turn as a 500, a 503 and a page of HTML; Redis is well.',
  protocols: ['postgrest'],
  breaks: ['C1', 'C2', 'C3', 'C5', 'C6', 'C7', 'C8', 'C11'],
  spares: SPARED_BY_THE_SOURCE,
  takesSource: true,
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness: requestsAnswered('5xx'),
}
