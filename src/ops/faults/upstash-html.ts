import type { RestDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { requestsAnswered } from './requests-answered.js'
import type { RestRule, RestTreatment } from './rest/rule.js'

const page = (status: number, title: string, text: string): RestTreatment => ({
  kind: 'answer',
  status,
  contentType: 'text/html; charset=utf-8',
  body: `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n<p>${text}</p>\n</body>\n</html>\n`,
})

/** What a proxy says whose counterpart is away. */
const BAD_GATEWAY = page(502, '502 Bad Gateway', 'The server that was asked got no valid response.')
/** What a captive portal or a protection against robots says: all is well, only this is not what was asked for. */
const PORTAL = page(200, 'Just a moment', 'Checking your browser before you can go on.')

const rule: RestRule = (index) => (index % 2 === 0 ? BAD_GATEWAY : PORTAL)

export const upstashHtml: Fault<RestDoor> = {
  name: 'upstash-html',
  summary: 'Something in between answers with a page of HTML, in turn as a 502 and as a 200.',
  protocols: ['rest'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness: requestsAnswered('with HTML'),
}
