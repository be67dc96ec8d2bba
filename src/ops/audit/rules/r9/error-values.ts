import ts from 'typescript'
import { failureReaches } from '../../recognise/handling/failure-reach.js'
import type { Operation } from '../../recognise/operations.js'
import { tells } from '../../recognise/telling.js'
import type { RuleContext } from '../../rule.js'
import { above, all, bare, isFunction, isWithin, lastName } from '../../syntax.js'
import type { Result } from './settled.js'

const ERROR = /^_*(?:e|err|error|ex|exception|failure)$|(?:Err|Error)$/
// Who turns a failure into a value is seldom called anything else.
const CATCHES =
  /^(?:to|go|safe\w*|try\w*|attempt\w*|catch\w*|wrapP\w*|handlePromise|tuple|settle\w*|flatTry)$/i

/** `const [error, value] = await to(redis.get(key))`: the failure is a value, which may be looked at. */
export function errorValuesIn(file: ts.SourceFile, context: RuleContext): Result[] {
  return all(file, ts.isVariableDeclaration).flatMap((node): Result[] => {
    const call = node.initializer && bare(node.initializer)
    if (!call || !ts.isCallExpression(call) || ts.isIdentifier(node.name)) return []
    const operation = givenTo(call, context)
    const error = operation && errorOf(node.name, CATCHES.test(lastName(call.expression)))
    if (!error) return []
    const isTold = error !== 'left out' && isLookedAt(error, context)
    return [{ node: node.name, operation, isTold }]
  })
}

/** What the helper runs or waits for: its failure does not come out of the call. */
function givenTo(call: ts.CallExpression, { operations, project }: RuleContext): Operation | undefined {
  for (const argument of call.arguments) {
    const given = bare(argument)
    const [operation] = operations.within(given)
    if (!operation || ts.isAwaitExpression(argument)) continue
    const isGiven = isFunction(given)
      ? failureReaches(operation.call, given.body, project)
      : given === operation.call
    if (isGiven) return operation
  }
  return undefined
}

/** The name of the error in the pattern, or that the pattern has none; undefined where it is none of a result. */
function errorOf(pattern: ts.BindingPattern, isCatching: boolean): ts.Identifier | 'left out' | undefined {
  const elements = [...pattern.elements]
  if (ts.isArrayBindingPattern(pattern)) {
    const [first, second] = elements
    if (!second) return undefined
    if (!first || ts.isOmittedExpression(first)) return isCatching ? 'left out' : undefined
    return ts.isIdentifier(first.name) && ERROR.test(first.name.text) ? first.name : undefined
  }
  if (!isCatching) return undefined
  const bound = elements.filter(ts.isBindingElement)
  const error = bound.find(({ name, propertyName }) => ERROR.test((propertyName ?? name).getText()))
  if (error) return ts.isIdentifier(error.name) ? error.name : undefined
  return bound.some(({ name }) => /^(?:data|value|result)$/.test(name.getText())) ? 'left out' : undefined
}

/** It is logged, thrown or handed on, and not only asked about. */
function isLookedAt(error: ts.Identifier, { references, project }: RuleContext): boolean {
  return references.to(error.parent as ts.NamedDeclaration).some((use) => {
    const branch = above(use, ts.isIfStatement)
    const choice = above(use, ts.isConditionalExpression)
    if (branch && isWithin(use, branch.expression)) {
      const { thenStatement, elseStatement } = branch
      return [thenStatement, elseStatement].some((each) => each && tells(each, project, error))
    }
    return !(choice && isWithin(use, choice.condition))
  })
}
