import ts from 'typescript'
import { endsInThrow } from '../recognise/handling/guards.js'
import type { Handler } from '../recognise/handling/handling.js'
import type { Operation } from '../recognise/operations.js'
import { isTold } from '../recognise/told.js'
import { logFailure, type Said } from '../fixes/log-failure.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { above, all, isWithin, symbolOf } from '../syntax.js'
import { ofAborted } from './r9/aborted.js'
import { callbacksIn } from './r9/callbacks.js'
import { effectsIn } from './r9/effects.js'
import { errorValuesIn } from './r9/error-values.js'
import { firstIn, isOfService, nameOf } from './r9/of-service.js'
import { settledIn, type Result } from './r9/settled.js'
import { silentAbsences } from './r9/silent-absences.js'
import { silentAllowances } from './r9/silent-allowances.js'
import { LOG_IT, silentListeners } from './r9/silent-listeners.js'
import { silentMaking } from './r9/silent-makings.js'
import { silentRest } from './r9/silent-rests.js'
import { clientFamilyOf } from './r21/secrets.js'

/** R9: whoever carries on without Redis says so. */
export const loggedFailover: Rule = {
  id: 'R9',
  title: 'failover conditions are logged',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    for (const handler of context.handling.in(file)) yield* ofHandler(handler, context)
    for (const call of all(file, ts.isCallExpression)) yield* silentListeners(call, context)
    for (const each of [
      ...settledIn(file, context),
      ...errorValuesIn(file, context),
      ...effectsIn(file, context),
      ...callbacksIn(file, context),
    ])
      yield* ofResult(each, context)
    yield* silentAbsences(file, context)
    yield* silentAllowances(file, context)
    for (const node of all(file, ts.isIfStatement)) yield* ofAborted(node, context)
  },
}

function* ofHandler(handler: Handler, context: RuleContext): Iterable<Judgement> {
  const operation = context.handling.guardedBy(handler).find((each) => isOfService(each, context))
  if (isOwnAffair(handler.node, context) || isCleanup(handler.node)) return
  if (!operation) {
    const hidden = silentMaking(handler, context) ?? silentRest(handler, context)
    if (hidden) yield hidden
    return
  }
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
    remedy: LOG_IT,
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
      remedy: LOG_IT,
      related: [{ node: operation.call, what: 'fails here' }],
    }
}

/** What is put in order before a failure is thrown on: it is that one which is told. */
function isCleanup(node: ts.Node): boolean {
  const around = above(node, ts.isCatchClause)
  return around !== undefined && endsInThrow(around)
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
