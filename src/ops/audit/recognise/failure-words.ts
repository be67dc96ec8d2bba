import type ts from 'typescript'
import { isMeasurement, namesOf } from './measuring.js'

const LEVEL =
  /^(?:log|warn|warning|error|err|info|debug|trace|fatal|critical|notice|verbose|silly|alert|exception|logException|event)$/
// Calculations and answers, which have methods of those names.
const NO_LOGGER = /^(?:Math|Result|Either|Response|NextResponse|Promise|Object)$/
const TELLING =
  /(?:^|_)log(?:$|[A-Z_])|Log(?:ged|ger)?$|[a-z]Log(?:[A-Z]|$)|^(?:warn|debug|print|notify|alert|report|capture|track|trace|audit|emit|dispatch)(?:$|[A-Z_])|captureException|captureMessage|noticeError|recordException|addBreadcrumb|onError$|(?:warn|alert)Once/
const LOUD = /^(?:warn|warning|error|err|fatal|critical|alert|exception|logException)$/
const SAYS_FAILURE =
  /err(?:or)?s?\b|error|fail|unavailab|timeout|fall(?:s|ing)?[\s_-]?back|outage|exception|degrad|lost|unreachable|offline|without (?:redis|cache)/i

/** By the names in a call: `logger.info`, `console.error`. */
export function isLogging(names: readonly string[]): boolean {
  return LEVEL.test(names.at(-1) ?? '') && !NO_LOGGER.test(names[0] ?? '')
}

/** The same of those that are heard, whatever they say. */
export function isLoud(names: readonly string[]): boolean {
  return isLogging(names) && LOUD.test(names.at(-1) ?? '')
}

/** Whether a text speaks of something that went wrong. */
export function saysFailure(text: string): boolean {
  return SAYS_FAILURE.test(text)
}

/** An error tracker, an event or a metric; one that counts a failure as a miss looks like a miss. */
export function reports(call: ts.CallExpression): boolean {
  const method = namesOf(call.expression).at(-1) ?? ''
  return (TELLING.test(method) || isMeasurement(call)) && !countsMiss(call)
}

function countsMiss(call: ts.CallExpression): boolean {
  const text = [...namesOf(call.expression), ...call.arguments.map((each) => each.getText())].join(' ')
  return /miss|hit/i.test(text) && !SAYS_FAILURE.test(text)
}
