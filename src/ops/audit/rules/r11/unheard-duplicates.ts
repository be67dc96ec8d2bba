import ts from 'typescript'
import { holderOf } from '../../recognise/clients.js'
import { isHeardAt, receiverOf } from '../../recognise/listening.js'
import type { RuleContext, Violation } from '../../rule.js'
import { all, bare, functionAt, nameOf } from '../../syntax.js'

/** `redis.duplicate()`: a connection like the first, without the listeners of the first. */
export function* unheardDuplicates(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  if (!file.text.includes('.duplicate(')) return
  for (const call of all(file, ts.isCallExpression)) {
    if (!isDuplicate(call, context) || isHeardAt(call, context)) continue
    const holder = holderOf(call, context)
    const uses = holder ? context.references.to(holder).map(receiverOf) : []
    // What goes out of sight may be listened to there; so may what is only handed out.
    if (!uses.some(isAsked) || !uses.every((use) => isInSight(use, context))) continue
    if (uses.some((use) => isHeardAt(use, context))) continue
    yield {
      node: call,
      message:
        'This copy of a connection has no error listener: duplicate() copies the options and none of the listeners, so that an outage ends the process (node-redis) or is printed to stderr and nowhere counted (ioredis).',
      remedy:
        "Attach one to the copy as well, `copy.on('error', …)`, that counts and logs the first failure.",
    }
  }
}

function isDuplicate({ expression }: ts.CallExpression, { receivers }: RuleContext): boolean {
  const callee = bare(expression)
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'duplicate') return false
  const original = bare(callee.expression)
  return !ts.isCallExpression(original) && receivers.of(original) === 'client'
}

/** `copy.subscribe(…)`. */
function isAsked(use: ts.Node): boolean {
  const { parent } = use
  return (
    ts.isPropertyAccessExpression(parent) && parent.expression === use && ts.isCallExpression(parent.parent)
  )
}

function isInSight(use: ts.Node, { project }: RuleContext): boolean {
  const { parent } = use
  if (ts.isCallExpression(parent) && parent.expression !== use) {
    const declaration = project.declarationOf(nameOf(parent.expression))
    return declaration !== undefined && functionAt(declaration) !== undefined
  }
  return (
    ts.isPropertyAccessExpression(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isIfStatement(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    (ts.isBinaryExpression(parent) && parent.left === use)
  )
}
