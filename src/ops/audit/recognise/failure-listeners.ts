import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { all } from '../syntax.js'
import { callbackOf } from './callbacks.js'

/** What a client is told to run when its connection has failed or is gone. */
export interface FailureListener {
  client: ts.Expression
  body: ts.Node
}

/** `client.on('error', …)` and its like, in the order of the code. */
export function failureListenersIn(
  file: ts.SourceFile,
  { products, project }: RuleContext,
): FailureListener[] {
  return all(file, ts.isCallExpression).flatMap(({ expression: callee, arguments: [event, listener] }) => {
    if (!ts.isPropertyAccessExpression(callee) || !event || !listener) return []
    if (!/^(?:on|addListener)$/.test(callee.name.text)) return []
    if (!ts.isStringLiteralLike(event) || !/^(?:error|close|end)$/.test(event.text)) return []
    const client = callee.expression
    if (!products.of(client).some(({ kind }) => kind === 'client')) return []
    const { body } = callbackOf(listener, project)
    return body ? [{ client, body }] : []
  })
}
