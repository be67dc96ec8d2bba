import ts from 'typescript'
import { calleeOf } from '../recognise/callees.js'
import { outermostFunction } from '../recognise/containers.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { above, all, bare, isAssignment, isWithin, lastName, symbolOf } from '../syntax.js'
import { branchesIn } from './r3/branches.js'
import { questionsIn } from './r3/questions.js'

/** R3: application code does not ask whether a cache or limiter is there; the implementation knows. */
export const noNullChecks: Rule = {
  id: 'R3',
  title: 'no null checks on a cache or limiter in application code',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    const asking = new Set<ts.Node>()
    const using = new Map<ts.Node, boolean>()
    const isUsed = (part: ts.Node): boolean => {
      const isKnown = using.get(part) ?? uses(part, context)
      using.set(part, isKnown)
      return isKnown
    }
    for (const { condition, guarded, node } of branchesIn(file)) {
      // What stands in a branch is found sooner than what its condition asks.
      if (!guarded.some((part) => isUsed(part) || constructionsOf(part).length > 0)) continue
      const [question] = questionsIn(condition, context)
      if (!question || !isCaller(node, context)) continue
      if (
        isGivenThere(question.node, guarded) ||
        !guarded.some((part) => isUsed(part) || isBuiltWith(question.node, part))
      )
        continue
      asking.add(outermostFunction(node) ?? file)
      yield violation(question.node, question.thing)
    }
    yield* ofCalls(file, asking, context)
  },
}

/** Optional calls, where no branch of the function asks; then the functions that ask nothing. */
function* ofCalls(file: ts.SourceFile, asking: Set<ts.Node>, context: RuleContext): Generator<Judgement> {
  const clean = new Map<ts.Node, ts.CallExpression>()
  const optional = new Set<ts.Node>()
  for (const operation of context.operations.in(file)) {
    const { call, receiver, kind } = operation
    if (context.roles.ofOperation(operation).role !== 'application') continue
    const scope = above(call, isNamedFunction) ?? file
    if (asking.has(scope) || asking.has(outermostFunction(call) ?? file)) continue
    if (isOptional(receiver)) {
      optional.add(scope)
      clean.delete(scope)
      yield violation(receiver, `${receiver.getText()}?`)
    } else if (!optional.has(scope) && !clean.has(scope) && kind !== 'client') clean.set(scope, call)
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
      operations
        .within(callee.body)
        .some((each) => each.kind === 'client' && roles.ofOperation(each).role === 'application')
    )
  })
}

const SERVES = /cache|limit|throttl|session|store/i
const MAKES = /^(?:create|make|build|new|init|use|register)/i

/** `new ResponseCache({ client: redis })`: one of the two paths has a cache, limiter or store, the other has not. */
function isBuiltWith(thing: ts.Expression, part: ts.Node): boolean {
  const text = bare(thing).getText()
  const isHanded = (node: ts.Expression): boolean => {
    const value = bare(node)
    if (!ts.isObjectLiteralExpression(value)) return value.getText() === text
    return value.properties.some(
      (each) =>
        (ts.isShorthandPropertyAssignment(each) && each.name.text === text) ||
        (ts.isPropertyAssignment(each) && bare(each.initializer).getText() === text),
    )
  }
  return constructionsOf(part).some(({ arguments: given }) => given?.some(isHanded))
}

function constructionsOf(part: ts.Node): (ts.NewExpression | ts.CallExpression)[] {
  return all(part, isMaking).filter(({ expression }) => SERVES.test(lastName(expression)))
}

function isMaking(node: ts.Node): node is ts.NewExpression | ts.CallExpression {
  return ts.isNewExpression(node) || (ts.isCallExpression(node) && MAKES.test(lastName(node.expression)))
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
