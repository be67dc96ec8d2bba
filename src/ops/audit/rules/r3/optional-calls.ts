import ts from 'typescript'
import { isLifecycle } from '../../recognise/direct-operations.js'
import type { RuleContext } from '../../rule.js'
import { all, bare, lastName } from '../../syntax.js'
import { NAMES_BACKEND } from './names-backend.js'
import { isRedisService } from './redis-services.js'

interface OptionalCall {
  call: ts.CallExpression
  receiver: ts.Expression
}

/** `limiter?.isExempt(ip)`: what is asked only if it is there, also where the answer comes at once and is no operation. */
export function optionalCallsIn(file: ts.SourceFile, context: RuleContext): OptionalCall[] {
  const { operations, receivers } = context
  // Of a pipeline, the last call is the operation.
  const operated = new Set<ts.Node>(operations.in(file).map(({ receiver }) => receiver))
  return all(file, ts.isCallExpression).flatMap((call) => {
    const callee = bare(call.expression)
    if (!ts.isPropertyAccessExpression(callee) || !callee.questionDotToken) return []
    const receiver = callee.expression
    if (operated.has(receiver)) return []
    if (!NAMES_BACKEND.test(lastName(receiver)) || isLifecycle(callee.name.text)) return []
    const isBackend = receivers.of(receiver) !== undefined || isRedisService(receiver, context)
    return isBackend ? [{ call, receiver }] : []
  })
}
