import ts from 'typescript'
import { mentions } from '../../recognise/outage-paths.js'
import { tells } from '../../recognise/telling.js'
import type { RuleContext } from '../../rule.js'
import { all, isFunction, isWithin, own } from '../../syntax.js'
import type { Result } from './settled.js'

const ERROR = /^_*(?:e|err|error|ex)$|(?:Err|Error)$/

/** `client.get(key, (error, value) => …)`: the failure is the first argument, which may be looked at. */
export function callbacksIn(file: ts.SourceFile, context: RuleContext): Result[] {
  return context.operations.in(file).flatMap((operation): Result[] => {
    const callback = operation.kind === 'client' ? operation.call.arguments.at(-1) : undefined
    if (!callback || !isFunction(callback)) return []
    const name = callback.parameters[0]?.name
    // Callbacks of another kind, such as a listener's, are given no error.
    if (!name || !ts.isIdentifier(name) || !ERROR.test(name.text)) return []
    const { body } = callback
    return [{ node: name, operation, isTold: tells(body, context.project, name) || isHandedOn(body, name) }]
  })
}

/** Given to a function, such as another callback, outside of the question whether there is one. */
function isHandedOn(body: ts.Node, error: ts.Identifier): boolean {
  const questions = own(body, ts.isIfStatement).map(({ expression }) => expression)
  return all(body, ts.isCallExpression).some(
    (call) =>
      !questions.some((question) => isWithin(call, question)) &&
      call.arguments.some((each) => mentions(each, error)),
  )
}
