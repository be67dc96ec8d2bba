import ts from 'typescript'
import { absencesIn, type Absence } from '../../recognise/absences.js'
import { calleeOf } from '../../recognise/callees.js'
import { isBacked } from '../../recognise/kinds.js'
import { assignmentsTo } from '../../recognise/revival.js'
import type { RuleContext, Violation } from '../../rule.js'
import { all, bare, isFunction, isNull, nameOf, own, symbolOf, type FunctionNode } from '../../syntax.js'

// Asking a server how it is must know whether there is one.
const PROBE = /^(?:ping|info|dbsize|time|echo)$/i

/** An implementation that asks in each operation whether it has a client, where a pass-through would answer for it. */
export function* missingPassThrough(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const node of all(file, isFunction)) {
    if (ts.isConstructorDeclaration(node) || !hasCommands(node, context)) continue
    if (context.roles.of(node).role !== 'implementation') continue
    const absence = absencesIn(node.body, context).find((each) => answers(each, node, context))
    if (!absence) continue
    const name = symbolOf(node) || 'This operation'
    yield {
      node: absence.node,
      message: `${name} asks whether there is a client and has an answer of its own when there is none: the operation that forgets to ask fails without Redis, and a client that is lost later is not what was asked about.`,
      remedy:
        'Put a pass-through in its place where the client is made, `redis ?? createPassThroughRedis()`, and ask no more.',
    }
  }
}

/** It operates, or goes on with a function beside it that does: `return countIn(client, key)`. */
function hasCommands(node: FunctionNode, context: RuleContext): boolean {
  return hasCommandsIn(node.body, context) || callsAsking(node.body, context)
}

function callsAsking(node: ts.Node, context: RuleContext): boolean {
  return own(node, ts.isCallExpression).some((call) => {
    const callee = calleeOf(call, context.project)
    return callee?.getSourceFile() === node.getSourceFile() && hasCommandsIn(callee.body, context)
  })
}

/** Without the client it returns a value; a stand-in that is built there is what the rule asks for. */
function answers({ node, tested, instead }: Absence, within: FunctionNode, context: RuleContext): boolean {
  if (ts.isCallExpression(node)) return hasCommandsIn(node, context) && mayBeMissing(tested, context)
  if (!instead) {
    const positive = ts.isIfStatement(node) ? node.thenStatement : undefined
    if (positive === undefined) return false
    return hasCommandsIn(positive, context) || (returnsFrom(positive) && callsAsking(positive, context))
  }
  if (!ts.isStatement(instead))
    return !isStandIn(instead, context) && (isReturnedFrom(node, within) || isKept(node, context))
  const returns = own(instead, ts.isReturnStatement)
  return (
    returns.length > 0 && returns.every(({ expression }) => !expression || !isStandIn(expression, context))
  )
}

/** By its declaration: what is asked for with `?.` out of habit is there. */
function mayBeMissing(client: ts.Expression, context: RuleContext): boolean {
  const holder = context.project.declarationOf(nameOf(client))
  if (!holder) return false
  if (context.products.of(client).some(({ kind }) => kind === 'null')) return true
  if ('questionToken' in holder && holder.questionToken !== undefined) return true
  if ('type' in holder && holder.type && /\b(?:null|undefined)\b/.test((holder.type as ts.Node).getText()))
    return true
  return assignmentsTo(holder, context).some(({ right }) => isNull(bare(right)))
}

function hasCommandsIn(node: ts.Node, { operations }: RuleContext): boolean {
  return operations.within(node).some(({ kind, method }) => kind === 'client' && !PROBE.test(method))
}

function isStandIn(value: ts.Expression, { products }: RuleContext): boolean {
  const node = bare(value)
  if (ts.isNewExpression(node)) return true
  return products.of(node).some(({ kind }) => kind === 'pass-through' || isBacked(kind))
}

/** `const raw = redis ? await redis.get(key) : kept.get(key)`. */
function isKept(node: ts.Node, context: RuleContext): boolean {
  return ts.isVariableDeclaration(node.parent) && hasCommandsIn(node, context)
}

function isReturnedFrom(node: ts.Node, within: FunctionNode): boolean {
  let each = node
  while (ts.isExpression(each) && each !== within.body) each = each.parent
  return each === within.body || ts.isReturnStatement(each)
}

function returnsFrom(branch: ts.Statement): boolean {
  return own(branch, ts.isReturnStatement).length > 0
}
