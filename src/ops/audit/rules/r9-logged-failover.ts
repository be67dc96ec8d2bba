import ts from 'typescript'
import { callbackOf } from '../recognise/callbacks.js'
import type { Handler } from '../recognise/handling.js'
import type { Made } from '../recognise/kinds.js'
import type { Operation } from '../recognise/operations.js'
import { tells } from '../recognise/telling.js'
import { isTold } from '../recognise/told.js'
import { logFailure, type Said } from '../fixes/log-failure.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { all, isWithin, symbolOf } from '../syntax.js'
import { ofAborted } from './r9/aborted.js'
import { effectsIn } from './r9/effects.js'
import { errorValuesIn } from './r9/error-values.js'
import { settledIn, type Result } from './r9/settled.js'
import { silentAbsences } from './r9/silent-absences.js'
import { clientFamilyOf } from './r21/secrets.js'

const REMEDY =
  'Log the first failure of an outage at `warn` with the operation and its error, and count the others in a metric.'

/** R9: whoever carries on without Redis says so. */
export const loggedFailover: Rule = {
  id: 'R9',
  title: 'failover conditions are logged',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    for (const handler of context.handling.in(file)) yield* ofHandler(handler, context)
    for (const call of all(file, ts.isCallExpression)) yield* ofListener(call, context)
    for (const each of [
      ...settledIn(file, context),
      ...errorValuesIn(file, context),
      ...effectsIn(file, context),
    ])
      yield* ofResult(each, context)
    yield* silentAbsences(file, context)
    for (const node of all(file, ts.isIfStatement)) yield* ofAborted(node, context)
  },
}

function* ofHandler(handler: Handler, context: RuleContext): Iterable<Judgement> {
  const [operation] = context.handling.guardedBy(handler)
  if (!operation || isOwnAffair(handler.node, context)) return
  const { body } = handler
  const node = firstIn(body) ?? handler.node
  if (isTold(handler, context.project)) {
    yield {
      node,
      site: 'conforms',
      what: `${symbolOf(node) || 'a handler'} tells of a failed ${nameOf(operation)}`,
    }
    return
  }
  const isEmpty = body !== undefined && ts.isBlock(body) && body.statements.length === 0
  const fix = logFailure(handler.callback ?? handler.node, saidOf(operation, handler, context))
  yield {
    node,
    message: `${isEmpty ? 'This empty handler' : 'This handler'} hides a failed ${nameOf(operation)}: when Redis is away the service runs without it, and neither log nor metric says since when or why.`,
    remedy: REMEDY,
    related: [{ node: operation.call, what: 'fails here' }],
    ...(fix && { fix }),
  }
}

function saidOf(operation: Operation, { node, guarded }: Handler, context: RuleContext): Said {
  const name = symbolOf(node)
  const what = nameOf(operation)
  // Where more may fail, nobody is told that it was Redis.
  const isAlone = isWithin(operation.call, guarded) && all(guarded, ts.isAwaitExpression).length < 2
  const text = isAlone
    ? `${name && `${name}: `}${what} failed`
    : `${name || 'this'} failed, ${what} or another call`
  const isPlain = operation.kind === 'client' && clientFamilyOf(operation.receiver, context) === 'ioredis'
  return { text, of: isPlain ? 'message' : 'name' }
}

/** A failure that rejects nobody's promise, and is nowhere looked at. */
function* ofResult({ node, operation, isTold }: Result, context: RuleContext): Iterable<Judgement> {
  if (isOwnAffair(node, context)) return
  const name = nameOf(operation)
  if (isTold) yield { node, site: 'conforms', what: `the result of a failed ${name} is looked at` }
  else
    yield {
      node,
      message: `A failed ${name} ends in a result here that nobody looks at: when Redis is away the service runs without it, and neither log nor metric says since when or why.`,
      remedy: REMEDY,
      related: [{ node: operation.call, what: 'fails here' }],
    }
}

/** A probe answers with the state, and who shuts down has nothing to carry on with. */
function isOwnAffair(node: ts.Node, { roles }: RuleContext): boolean {
  const { exemption } = roles.of(node)
  return (
    exemption === 'a health probe' ||
    exemption === 'a shutdown' ||
    exemption === 'a script that is run by hand'
  )
}

/** The line that carries on in silence is where a log is missing. */
function firstIn(body: ts.Node | undefined): ts.Node | undefined {
  return body && ts.isBlock(body) ? body.statements[0] : undefined
}

function nameOf({ kind, method }: Operation): string {
  return kind === 'client' ? `${method} of Redis` : `${method} of a ${kind}`
}

const LISTENED = new Set<Made>(['client', 'cache', 'store', 'limiter'])

/** A listener that exists and says nothing. */
function* ofListener(call: ts.CallExpression, context: RuleContext): Iterable<Judgement> {
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
    remedy: REMEDY,
    ...(fix && { fix }),
  }
}
