import ts from 'typescript'
import { failureReaches } from './failure-reach.js'
import type { Operation } from '../operations.js'
import type { RuleContext } from '../../rule.js'
import { bare, isFunction, lastName } from '../../syntax.js'

const ERROR = /^_*(?:e|err|error|ex|exception|failure)$|(?:Err|Error)$/
// Who turns a failure into a value is seldom called anything else.
const CATCHES =
  /^(?:to|go|safe\w*|try\w*|attempt\w*|catch\w*|wrapP\w*|handlePromise|tuple|settle\w*|flatTry)$/i

/** `const [error, value] = await to(redis.get(key))`: the failure is a value. */
export interface ErrorValue {
  /** The helper's call. */
  call: ts.CallExpression
  /** What may fail; several where they are waited for together. */
  operations: readonly Operation[]
  /** The name that the error gets, or that it gets none. */
  error: ts.Identifier | 'left out'
}

/** What a declaration takes apart; undefined when it is nothing of the kind. */
export function errorValueOf(node: ts.VariableDeclaration, context: RuleContext): ErrorValue | undefined {
  const call = node.initializer && bare(node.initializer)
  if (!call || !ts.isCallExpression(call) || ts.isIdentifier(node.name)) return undefined
  const error = errorOf(node.name, CATCHES.test(lastName(call.expression)))
  const operations = error ? givenTo(call, context) : []
  return error && operations.length > 0 ? { call, operations, error } : undefined
}

/** What the helper runs or waits for: its failure does not come out of the call. */
function givenTo(call: ts.CallExpression, { operations, handling, project }: RuleContext): Operation[] {
  for (const argument of call.arguments) {
    const given = bare(argument)
    if (ts.isAwaitExpression(argument)) continue
    const own = operations.within(given)
    const [first] = own
    const isRun = first && isFunction(given) && failureReaches(first.call, given.body, project)
    if (isRun || first?.call === given) return [first]
    // `Promise.all([limitByIp(ip), limitByEmail(email)])`, and functions of ours that ask.
    if (!isFunction(given) && ts.isCallExpression(given)) {
      const guarded = {
        node: call,
        kind: 'rejection',
        guarded: given,
        body: undefined,
        error: undefined,
      } as const
      const found = handling.guardedBy(guarded)
      if (found.length > 0) return [...found]
    }
  }
  return []
}

/** The name of the error in the pattern, or that the pattern has none; undefined where it is none of a result. */
function errorOf(pattern: ts.BindingPattern, isCatching: boolean): ts.Identifier | 'left out' | undefined {
  const elements = [...pattern.elements]
  if (ts.isArrayBindingPattern(pattern)) {
    const [first, second] = elements
    // `const [error] = await to(…)`: only by the helper's name is it one.
    if (!second && !isCatching) return undefined
    if (!first || ts.isOmittedExpression(first)) return isCatching ? 'left out' : undefined
    return ts.isIdentifier(first.name) && ERROR.test(first.name.text) ? first.name : undefined
  }
  if (!isCatching) return undefined
  const bound = elements.filter(ts.isBindingElement)
  const error = bound.find(({ name, propertyName }) => ERROR.test((propertyName ?? name).getText()))
  if (error) return ts.isIdentifier(error.name) ? error.name : undefined
  return bound.some(({ name }) => /^(?:data|value|result)$/.test(name.getText())) ? 'left out' : undefined
}
