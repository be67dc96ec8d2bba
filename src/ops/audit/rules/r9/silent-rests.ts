import ts from 'typescript'
import { calleeOf } from '../../recognise/callees.js'
import { failureReaches } from '../../recognise/handling/failure-reach.js'
import type { Handler } from '../../recognise/handling/handling.js'
import { otherWaitsIn } from '../../recognise/other-waits.js'
import { isTold } from '../../recognise/told.js'
import type { RuleContext, Violation } from '../../rule.js'
import { firstIn, isOfService, nameOf } from './of-service.js'

/** Guards a cache or limiter that handles its own failures, and hides the rest: what nobody there thought of. */
export function silentRest(handler: Handler, context: RuleContext): Violation | undefined {
  const { guarded, node, body } = handler
  const operations = context.operations.within(guarded)
  const asked = operations.find(
    (each) =>
      each.kind !== 'client' &&
      each.isByName === undefined &&
      each.receiver.kind !== ts.SyntaxKind.ThisKeyword &&
      isElsewhere(each.call, context) &&
      isOfService(each, context) &&
      failureReaches(each.call, guarded, context.project),
  )
  // Where others are waited for as well, it may be theirs that is hidden on purpose.
  if (!asked || otherWaitsIn(guarded, operations, context.products).length > 0) return undefined
  if (isTold(handler, context.project)) return undefined
  return {
    node: firstIn(body) ?? node,
    message: `This handler hides what ${nameOf(asked)} does not handle itself: it was expected by nobody, and neither log nor metric says that it happened.`,
    remedy: 'Leave the handler out, as failures are handled inside; or log what comes out all the same.',
    severity: 'warn',
    confidence: 'medium',
    related: [{ node: asked.call, what: 'fails here' }],
  }
}

/** Who reads the handler does not see what it guards. */
function isElsewhere(call: ts.CallExpression, { project }: RuleContext): boolean {
  const callee = calleeOf(call, project)
  return callee !== undefined && callee.getSourceFile() !== call.getSourceFile()
}
