import ts from 'typescript'
import { logFailure } from '../../fixes/log-failure.js'
import { callbackOf } from '../../recognise/callbacks.js'
import type { Made } from '../../recognise/kinds.js'
import { tells } from '../../recognise/telling.js'
import type { Judgement, RuleContext } from '../../rule.js'
import { symbolOf } from '../../syntax.js'
import { isForTests } from '../r10/declared-choice.js'
import { clientFamilyOf } from '../r21/secrets.js'

/** What to do about a failure that nobody hears of. */
export const LOG_IT =
  'Log the first failure of an outage at `warn` with the operation and its error, and count the others in a metric.'

const LISTENED = new Set<Made>(['client', 'cache', 'store', 'limiter', 'queue'])

/** A listener that exists and says nothing. */
export function* silentListeners(call: ts.CallExpression, context: RuleContext): Iterable<Judgement> {
  const { products, project } = context
  const { expression: callee, arguments: args } = call
  const [event, listener] = args
  if (
    !ts.isPropertyAccessExpression(callee) ||
    !/^(?:on|addListener|prependListener)$/.test(callee.name.text)
  )
    return
  if (!event || !listener || !ts.isStringLiteralLike(event) || event.text !== 'error') return
  if (!products.of(callee.expression).some(({ kind }) => LISTENED.has(kind))) return
  const { body, error } = callbackOf(listener, project)
  const node = callee.name
  // What only tests get tells nobody on purpose.
  if (isForTests(call, call.getSourceFile())) return
  if (!body || tells(body, project, error)) {
    yield {
      node,
      site: 'conforms',
      what: `${symbolOf(node) || 'a connection'} has a listener that tells of errors`,
    }
    return
  }
  const isPlain = clientFamilyOf(callee.expression, context) === 'ioredis'
  const fix = logFailure(listener, { text: 'Redis', of: isPlain ? 'message' : 'name' })
  yield {
    node,
    message:
      'This error listener says nothing: the lost connection is swallowed, and neither log nor metric tells that Redis is gone.',
    remedy: LOG_IT,
    ...(fix && { fix }),
  }
}
