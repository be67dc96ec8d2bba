import ts from 'typescript'
import type { Project } from '../project/project.js'
import { functionAt, hasModifier, type FunctionNode } from '../syntax.js'
import { nameGivenTo, moduleName } from './containers.js'
import { isLimiting } from './shape.js'

const NAMES_CACHE = /cache|redis|valkey|kv|store/i
const NAMES_LIMITER = /limit|throttl/i

/** What an object of functions is: `{ get, set }` that answer later are a cache, `{ check }` is a limiter. */
export function shapeOfLiteral(
  literal: ts.ObjectLiteralExpression,
  project: Project,
): 'cache' | 'limiter' | undefined {
  const members = membersOf(literal)
  const named = `${nameGivenTo(literal)} ${makerOf(literal)} ${moduleName(literal.getSourceFile())}`
  const get = members.get('get')
  if (get && members.has('set') && isAsync(get, project) && NAMES_CACHE.test(named)) return 'cache'
  if (!NAMES_LIMITER.test(named)) return undefined
  return [...members].some(([name, each]) => isLimiting(name, each, project)) ? 'limiter' : undefined
}

/** The function that returns it: `createCache(redis) { return { … } }`. */
function makerOf(literal: ts.ObjectLiteralExpression): string {
  let each: ts.Node = literal.parent
  while (
    ts.isParenthesizedExpression(each) ||
    ts.isReturnStatement(each) ||
    ts.isBlock(each) ||
    ts.isAsExpression(each)
  )
    each = each.parent
  return ts.isFunctionLike(each) ? nameGivenTo(each) : ''
}

function membersOf(literal: ts.ObjectLiteralExpression): Map<string, FunctionNode> {
  const found = new Map<string, FunctionNode>()
  for (const property of literal.properties) {
    const value = functionAt(property)
    if (value && property.name) found.set(property.name.getText(), value)
  }
  return found
}

function isAsync(node: FunctionNode, project: Project): boolean {
  return (
    hasModifier(node, ts.SyntaxKind.AsyncKeyword) ||
    project.returnTypeOf(node as ts.SignatureDeclaration).isPromise
  )
}
