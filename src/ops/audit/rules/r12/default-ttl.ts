import ts from 'typescript'
import { callsOf } from '../../recognise/keys/callers.js'
import { numberOf } from '../../recognise/keys/written-ttl.js'
import type { RuleContext } from '../../rule.js'
import { bare, isNull, nameOf, type FunctionNode } from '../../syntax.js'

/** What a TTL is when nobody gives one: `none`, or some number, or decided where it cannot be read. */
export function defaultOf(ttl: ts.Expression, context: RuleContext, depth = 0): 'none' | 'some' | 'unread' {
  const inner = bare(ttl)
  if (depth > 5) return 'unread'
  if (isNull(inner)) return 'none'
  const number = numberOf(inner, context.project)
  if (number !== null) return number > 0 ? 'some' : 'none'
  // `String(ttl)`, `Math.ceil(ttl / 1000)`
  if (ts.isCallExpression(inner) && inner.arguments[0] && isArithmetic(inner))
    return defaultOf(inner.arguments[0], context, depth + 1)
  if (ts.isBinaryExpression(inner)) return ofOperator(inner, context, depth)
  if (!ts.isIdentifier(inner) && !ts.isPropertyAccessExpression(inner)) return 'unread'
  const declaration = context.project.declarationOf(nameOf(inner))
  if (!declaration) return 'unread'
  if (ts.isPropertySignature(declaration)) return declaration.questionToken ? 'none' : 'unread'
  if (ts.isVariableDeclaration(declaration) && declaration.initializer)
    return defaultOf(declaration.initializer, context, depth + 1)
  if (ts.isBindingElement(declaration) && declaration.initializer)
    return defaultOf(declaration.initializer, context, depth + 1)
  return ts.isParameter(declaration) ? ofParameter(declaration, context, depth) : 'unread'
}

function ofOperator(
  { left, right, operatorToken: { kind } }: ts.BinaryExpression,
  context: RuleContext,
  depth: number,
): 'none' | 'some' | 'unread' {
  const isDefault = kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken
  return defaultOf(isDefault ? right : left, context, depth + 1)
}

function ofParameter(
  parameter: ts.ParameterDeclaration,
  context: RuleContext,
  depth: number,
): 'none' | 'some' | 'unread' {
  const calls = callsOf(parameter.parent as FunctionNode, context.references)
  if (parameter.initializer) {
    const at = parameter.parent.parameters.indexOf(parameter)
    // `keep(key, value, TTL.forever)`, which is 0.
    const isZero = calls.some(({ arguments: given }) => {
      const ttl = given[at]
      return ttl !== undefined && numberOf(bare(ttl), context.project) === 0
    })
    return isZero ? 'none' : defaultOf(parameter.initializer, context, depth + 1)
  }
  // In JavaScript every parameter may be left out: only calls tell.
  if (calls.length === 0) return parameter.questionToken ? 'none' : 'unread'
  const at = parameter.parent.parameters.indexOf(parameter)
  const isGiven = (given: ts.Expression | undefined) => given !== undefined && !isNull(bare(given))
  return calls.every((call) => call.arguments.some(ts.isSpreadElement) || isGiven(call.arguments[at]))
    ? 'some'
    : 'none'
}

function isArithmetic(call: ts.CallExpression): boolean {
  return /^(?:String|Number|parseInt|Math\.\w+)$/.test(call.expression.getText())
}
