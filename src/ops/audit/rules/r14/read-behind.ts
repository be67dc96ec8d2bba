import ts from 'typescript'
import { deserialises } from '../../recognise/upstash.js'
import type { RuleContext } from '../../rule.js'
import { bare, functionAt, lastName, nameOf } from '../../syntax.js'

const READS =
  /^(?:get|mget|getdel|getex|getset|hget|hmget|hgetall|hvals|lrange|lindex|[lr]pop|smembers|spop|srandmember|zrange)$/
// What passes values on, or makes text of them.
const PASSES =
  /^(?:map|filter|flatMap|slice|reverse|flat|at|toString|trim|then|catch|values|entries|all|String)$/
const MAX_DEPTH = 6

export interface Read {
  call: ts.CallExpression
  certainty: 'yes' | 'probably'
}

/** The command of an Upstash client that deserialises whose answer, or part of it, an expression is. */
export function readBehind(node: ts.Expression, context: RuleContext, depth = 0): Read | undefined {
  const value = bare(node)
  if (depth > MAX_DEPTH) return undefined
  const follow = (each: ts.Expression | undefined) => each && readBehind(each, context, depth + 1)
  if (ts.isBinaryExpression(value)) return follow(value.left)
  if (ts.isTemplateExpression(value))
    return value.templateSpans.length === 1 ? follow(value.templateSpans[0]!.expression) : undefined
  if (ts.isElementAccessExpression(value)) return follow(value.expression)
  if (ts.isCallExpression(value)) return ofCall(value, context, depth)
  if (ts.isArrayLiteralExpression(value)) return follow(value.elements[0])
  const declaration =
    ts.isIdentifier(value) || ts.isPropertyAccessExpression(value)
      ? context.project.declarationOf(nameOf(value))
      : undefined
  const found = declaration && ofDeclaration(declaration, context, depth)
  return found ?? (ts.isPropertyAccessExpression(value) ? follow(value.expression) : undefined)
}

function ofCall(call: ts.CallExpression, context: RuleContext, depth: number): Read | undefined {
  const callee = bare(call.expression)
  const name = lastName(callee)
  if (ts.isPropertyAccessExpression(callee) && READS.test(name.toLowerCase())) {
    const certainty = deserialises(callee.expression, context)
    return certainty === 'no' ? undefined : { call, certainty }
  }
  const follow = (each: ts.Expression | undefined) => each && readBehind(each, context, depth + 1)
  if (PASSES.test(name)) {
    const isStatic = /^(?:Object|Promise|String)\b/.test(callee.getText())
    if (isStatic) return follow(call.arguments[0])
    // A callback makes something else of what it gets, which is no longer what was read.
    const isChanged = /^(?:map|flatMap|then)$/.test(name)
    return ts.isPropertyAccessExpression(callee) && !isChanged ? follow(callee.expression) : undefined
  }
  const declaration = context.project.declarationOf(nameOf(callee))
  const returns = declaration && functionAt(declaration)
  const values = returns ? context.products.returnsOf(returns) : []
  return values.length === 1 ? follow(values[0]!.value) : undefined
}

function ofDeclaration(declaration: ts.Declaration, context: RuleContext, depth: number): Read | undefined {
  const follow = (each: ts.Expression | undefined) => each && readBehind(each, context, depth + 1)
  if (ts.isBindingElement(declaration)) {
    const { parent: pattern } = declaration
    const holder = pattern.parent
    if (!ts.isVariableDeclaration(holder)) return undefined
    const all = holder.initializer && parallel(holder.initializer)
    const index = ts.isArrayBindingPattern(pattern) ? pattern.elements.indexOf(declaration) : -1
    return follow(all && index >= 0 ? all[index] : holder.initializer)
  }
  if (ts.isVariableDeclaration(declaration)) {
    const loop = declaration.parent.parent
    return follow(ts.isForOfStatement(loop) ? loop.expression : declaration.initializer)
  }
  return ts.isParameter(declaration) ? follow(passedTo(declaration)) : undefined
}

/** The calls of `await Promise.all([…])`. */
function parallel(node: ts.Expression): readonly ts.Expression[] | undefined {
  const value = bare(node)
  const list =
    ts.isCallExpression(value) && value.expression.getText() === 'Promise.all' && value.arguments[0]
  const literal = list ? bare(list) : undefined
  return literal && ts.isArrayLiteralExpression(literal) ? literal.elements : undefined
}

/** What a callback's first parameter is given: an element, or what a promise resolves to. */
function passedTo(parameter: ts.ParameterDeclaration): ts.Expression | undefined {
  const { parent: callback } = parameter
  const call = callback.parent
  if (callback.parameters[0] !== parameter || !ts.isCallExpression(call)) return undefined
  const isGiven = /^(?:map|flatMap|forEach|filter|some|every|find|then)$/.test(lastName(call.expression))
  return isGiven && ts.isPropertyAccessExpression(call.expression) ? call.expression.expression : undefined
}
