import ts from 'typescript'
import { outcomeOf, type Outcome } from '../../recognise/handling/outcome.js'
import type { Operation } from '../../recognise/operations.js'
import type { RuleContext } from '../../rule.js'
import { above, all, isFunction, own, type FunctionNode } from '../../syntax.js'

/** What becomes of the error that an operation gives its callback; undefined where it gives it none. */
export function outcomeByCallback(operation: Operation, context: RuleContext): Outcome | undefined {
  const { call, through } = operation
  const callback = callbackOf(call)
  if (through !== undefined || !callback || isLoader(operation, callback)) return undefined
  if (throwsWhatItIsGiven(call)) return 'escapes'
  const promise = rejectedBy(callback)
  return promise ? outcomeOf(promise, context) : 'handled'
}

/** `(error) => { if (error) throw error }`: nobody is there to catch it. */
export function throwsWhatItIsGiven(call: ts.CallExpression): boolean {
  const callback = callbackOf(call)
  const error = callback?.parameters[0]?.name.getText()
  return (
    callback !== undefined &&
    error !== undefined &&
    own(callback.body, ts.isThrowStatement).some(({ expression }) => expression.getText() === error)
  )
}

/** Whether a promise of its own rejects with the error that the callback is given. */
export function rejectsWithWhatItIsGiven(call: ts.CallExpression): boolean {
  const callback = callbackOf(call)
  return callback !== undefined && rejectedBy(callback) !== undefined
}

function callbackOf(call: ts.CallExpression): FunctionNode | undefined {
  const last = call.arguments.at(-1)
  return last && isFunction(last) ? last : undefined
}

/** `cache.wrap(key, () => load())`: what fetches on a miss is told of no failure. */
function isLoader({ kind }: Operation, { parameters }: FunctionNode): boolean {
  return kind !== 'client' && parameters.length === 0
}

/** `new Promise((resolve, reject) => client.get(key, (error) => error ? reject(error) : …))`. */
function rejectedBy(callback: FunctionNode): ts.NewExpression | undefined {
  const error = callback.parameters[0]?.name.getText()
  const executor = above(callback, isExecutor)
  const reject = executor?.parameters[1]?.name.getText()
  if (!executor || error === undefined || reject === undefined) return undefined
  const isHandedOn = all(callback.body, ts.isCallExpression).some(
    ({ expression, arguments: given }) =>
      expression.getText() === reject &&
      given.some((each) => all(each, ts.isIdentifier).some(({ text }) => text === error)),
  )
  return isHandedOn ? (executor.parent as ts.NewExpression) : undefined
}

function isExecutor(node: ts.Node): node is FunctionNode {
  return (
    isFunction(node) &&
    node.parent !== undefined &&
    ts.isNewExpression(node.parent) &&
    node.parent.expression.getText() === 'Promise'
  )
}
