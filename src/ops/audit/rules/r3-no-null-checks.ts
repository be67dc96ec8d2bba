import ts from 'typescript'
import { calleeOf } from '../recognise/callees.js'
import { outermostFunction } from '../recognise/containers.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { above, all, bare, isAssignment, isWithin, symbolOf } from '../syntax.js'
import { questionsIn } from './r3/questions.js'

/** R3: application code does not ask whether a cache or limiter is there; the implementation knows. */
export const noNullChecks: Rule = {
  id: 'R3',
  title: 'no null checks on a cache or limiter in application code',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    const asking = new Set<ts.Node>()
    for (const { condition, guarded, node } of branchesIn(file)) {
      const [question] = questionsIn(condition, context)
      if (!question || !isCaller(node, context)) continue
      if (isGivenThere(question.node, guarded) || !guarded.some((part) => uses(part, context))) continue
      asking.add(outermostFunction(node) ?? file)
      yield violation(question.node, question.thing)
    }
    yield* ofCalls(file, asking, context)
  },
}

/** Optional calls, the first of each function; then the functions that ask nothing. */
function* ofCalls(file: ts.SourceFile, asking: Set<ts.Node>, context: RuleContext): Generator<Judgement> {
  const clean = new Map<ts.Node, ts.CallExpression>()
  for (const operation of context.operations.in(file)) {
    const { call, receiver, kind } = operation
    if (context.roles.ofOperation(operation).role !== 'application') continue
    const scope = above(call, isNamedFunction) ?? file
    if (asking.has(scope) || asking.has(outermostFunction(call) ?? file)) continue
    if (isOptional(receiver)) {
      asking.add(scope)
      clean.delete(scope)
      yield violation(receiver, `${receiver.getText()}?`)
    } else if (!clean.has(scope) && kind !== 'client') clean.set(scope, call)
  }
  for (const call of clean.values())
    yield {
      node: call,
      site: 'conforms',
      what: `${symbolOf(call) || 'the module'} asks without asking whether it is there`,
    }
}

function violation(node: ts.Expression, thing: string): Judgement {
  return {
    node,
    message: `${symbolOf(node) || 'This code'} asks whether ${short(thing)} is there: without Redis it runs another path than its tests do, and every caller must remember to ask.`,
    remedy:
      'Let the factory give a pass-through where there is no Redis (`redis ?? createPassThroughRedis()`), and call it unconditionally.',
  }
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}

function isNamedFunction(node: ts.Node): node is ts.Node {
  return ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node)
}

function isCaller(node: ts.Node, { roles }: RuleContext): boolean {
  return roles.of(node).role === 'application'
}

interface Branch {
  node: ts.Node
  condition: ts.Expression
  /** What runs in one of the two cases only. */
  guarded: ts.Node[]
}

function branchesIn(file: ts.SourceFile): Branch[] {
  return all(file, isBranching).flatMap((node): Branch[] => {
    if (ts.isIfStatement(node)) {
      const { thenStatement, elseStatement } = node
      const guarded = [
        thenStatement,
        ...(elseStatement ? [elseStatement] : []),
        ...(exits(thenStatement) ? after(node) : []),
      ]
      return [{ node, condition: node.expression, guarded }]
    }
    if (ts.isConditionalExpression(node))
      return [{ node, condition: node.condition, guarded: [node.whenTrue, node.whenFalse] }]
    return isCondition(node) ? [] : [{ node, condition: node.left, guarded: [node.right] }]
  })
}

function isBranching(node: ts.Node): node is ts.IfStatement | ts.ConditionalExpression | ts.BinaryExpression {
  const { AmpersandAmpersandToken, BarBarToken } = ts.SyntaxKind
  return (
    ts.isIfStatement(node) ||
    ts.isConditionalExpression(node) ||
    (ts.isBinaryExpression(node) &&
      (node.operatorToken.kind === AmpersandAmpersandToken || node.operatorToken.kind === BarBarToken))
  )
}

/** Part of a condition that is looked at as a whole. */
function isCondition(node: ts.Node): boolean {
  let each = node
  while (
    ts.isParenthesizedExpression(each.parent) ||
    ts.isPrefixUnaryExpression(each.parent) ||
    (ts.isBinaryExpression(each.parent) && !isAssignment(each.parent))
  )
    each = each.parent
  const { parent } = each
  return (
    (ts.isIfStatement(parent) && parent.expression === each) ||
    (ts.isConditionalExpression(parent) && parent.condition === each)
  )
}

function exits(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement
  return (
    last !== undefined &&
    (ts.isReturnStatement(last) ||
      ts.isThrowStatement(last) ||
      ts.isContinueStatement(last) ||
      ts.isBreakStatement(last))
  )
}

function after(node: ts.IfStatement): ts.Node[] {
  const { parent } = node
  if (!ts.isBlock(parent) && !ts.isSourceFile(parent)) return []
  return [...parent.statements].filter(({ pos }) => pos >= node.end)
}

/** Lazy initialisation: what is missing is made. */
function isGivenThere(thing: ts.Expression, guarded: ts.Node[]): boolean {
  const text = bare(thing).getText()
  return guarded.some((part) =>
    all(part, isAssignment).some(({ left }) => left.getText() === text && isWithin(left, part)),
  )
}

/** An operation stands there, or a call of a function that does one. */
function uses(part: ts.Node, context: RuleContext): boolean {
  const { operations, roles, project } = context
  if (operations.within(part).some((operation) => roles.ofOperation(operation).role !== 'exempt')) return true
  return all(part, ts.isCallExpression).some((call) => {
    const callee = calleeOf(call, project)
    return (
      callee !== undefined &&
      roles.of(callee.body).role === 'application' &&
      operations.within(callee.body).some(({ kind }) => kind === 'client')
    )
  })
}

function isOptional(receiver: ts.Expression): boolean {
  let each: ts.Node = receiver
  while (ts.isParenthesizedExpression(each.parent) || ts.isNonNullExpression(each.parent)) each = each.parent
  const { parent } = each
  const isReceiver =
    (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) &&
    parent.expression === each
  return isReceiver && parent.questionDotToken !== undefined
}
