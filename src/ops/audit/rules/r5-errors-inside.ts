import ts from 'typescript'
import { bindingOf } from '../recognise/bindings.js'
import { outermostFunction } from '../recognise/containers.js'
import type { Operation } from '../recognise/operations.js'
import { packageAt } from '../recognise/packages.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { above, bare, symbolOf } from '../syntax.js'
import { handlingOf } from './r5/handling.js'

/** R5: what a client rejects with is handled where it is asked, and reaches no caller. */
export const errorsInside: Rule = {
  id: 'R5',
  title: 'errors are handled inside the cache or limiter',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    const escaping = new Map<ts.Node, Operation[]>()
    const handled = new Map<ts.Node, Operation>()
    for (const operation of context.operations.in(file)) {
      if (!mayReject(operation, context)) continue
      const { role } = context.roles.ofOperation(operation)
      if (role === 'exempt') continue
      const scope = above(operation.call, isNamed) ?? outermostFunction(operation.call) ?? file
      const handling = handlingOf(operation.call, context)
      const escapes = handling === 'escapes' || (handling === 'rethrown' && role === 'implementation')
      if (escapes) escaping.set(scope, [...(escaping.get(scope) ?? []), operation])
      else if (handling === 'handled' && !handled.has(scope)) handled.set(scope, operation)
    }
    for (const operations of escaping.values()) yield violation(operations)
    for (const [scope, { call }] of handled)
      if (!escaping.has(scope))
        yield {
          node: call,
          site: 'conforms',
          what: `${symbolOf(call) || 'the module'} handles what Redis rejects with`,
        }
  },
}

function isNamed(node: ts.Node): node is ts.Node {
  return ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node)
}

function violation([first, ...others]: Operation[]): Judgement {
  const { call, method, receiver } = first!
  const what = `${short(receiver.getText())}.${method}`
  return {
    node: call,
    message: `${symbolOf(call) || 'This code'} lets a rejection of ${what} reach its caller: when Redis fails, the request fails with it.`,
    remedy:
      'Catch it here, log and count it, and answer as for a miss; or ask through a cache that does, such as `createTransparentCache`.',
    related: others.slice(0, 3).map((each) => ({ node: each.call, what: 'this one, too' })),
  }
}

function short(text: string): string {
  return text.length > 30 ? `…${text.slice(-29)}` : text
}

/** A client, or a limiter of a package over one; what our own caches, limiters and helpers do is judged where they are written. */
function mayReject(operation: Operation, context: RuleContext): boolean {
  const { kind, through, receiver } = operation
  if (kind === 'client') {
    if (through && context.roles.of(through.body).role !== 'implementation') return false
    return !isGiven(operation, context) && bare(receiver).kind !== ts.SyntaxKind.ThisKeyword
  }
  return kind === 'limiter' && through === undefined && isOfPackage(receiver, context)
}

function isOfPackage(receiver: ts.Expression, { project, products }: RuleContext): boolean {
  const { declarations } = project.typeOf(receiver)
  if (declarations.some((each) => packageAt(each.getSourceFile().fileName) !== undefined)) return true
  return products
    .of(receiver)
    .some(
      ({ kind, node }) =>
        kind === 'limiter' && ts.isNewExpression(node) && bindingOf(node.expression, project) !== undefined,
    )
}

/** A helper of the implementation that is given its client: judged at those who call it. */
function isGiven({ call, receiver }: Operation, { project, roles }: RuleContext): boolean {
  const name = bare(receiver)
  const declaration = ts.isIdentifier(name) ? project.declarationOf(name) : undefined
  return declaration !== undefined && ts.isParameter(declaration) && above(call, ts.isClassLike) === undefined
    ? roles.of(call).role === 'implementation'
    : false
}
