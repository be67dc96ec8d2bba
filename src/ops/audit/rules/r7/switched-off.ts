import ts from 'typescript'
import { nameGivenTo } from '../../recognise/containers.js'
import { failureListenersIn } from '../../recognise/failure-listeners.js'
import { assignmentsTo, isMadeAgain } from '../../recognise/revival.js'
import type { RuleContext, Violation } from '../../rule.js'
import { above, all, bare, functionAt, isAssignment, isNull, isWithin, nameOf } from '../../syntax.js'
import { isAskedBeforeOperations } from './flags.js'
import { hungUp } from './hung-up.js'
import { rememberedFailure } from './remembered-failure.js'

const REMEDY =
  'Keep the client, which connects again by itself, and let a circuit breaker or a deadline keep callers from waiting for it.'

// Those who wait for messages are no cache, and have a policy of their own.
const SUBSCRIBES = /subscri|pub_?sub|publisher/i

/** A failure that switches Redis off until the process is restarted. */
export function* switchedOff(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  yield* hungUp(file, context)
  yield* rememberedFailure(file, context)
  const seen = new Set<ts.Node>()
  for (const body of failuresIn(file, context)) {
    for (const assignment of all(body, isAssignment)) {
      if (seen.has(assignment)) continue
      seen.add(assignment)
      const declaration = context.project.declarationOf(nameOf(assignment.left))
      if (!declaration || !outlives(declaration) || SUBSCRIBES.test(assignment.left.getText())) continue
      if (dropsClient(assignment, declaration, context)) {
        yield {
          node: assignment,
          message: `One failure sets ${assignment.left.getText()} to nothing and nobody makes it again: the service stays without Redis until it is restarted, also when Redis has long been back.`,
          remedy: REMEDY,
        }
      } else if (lowersFlag(assignment, declaration, context)) {
        yield {
          node: assignment,
          message: `One failure sets ${assignment.left.getText()} for good: operations are left out from then on, also when Redis has long been back.`,
          remedy: 'Let it expire: try again after a while, or at the `ready` of the connection.',
        }
      }
    }
  }
}

/** What runs when an operation or the connection has failed. */
function failuresIn(file: ts.SourceFile, context: RuleContext): ts.Node[] {
  const handlers = context.handling
    .in(file)
    .flatMap((handler) =>
      handler.body && context.handling.guardedBy(handler).length > 0 ? [handler.body] : [],
    )
  const failing = [...handlers, ...failureListenersIn(file, context).map(({ body }) => body)]
  return [...failing, ...failing.flatMap((body) => calledFrom(body, file, context))]
}

/** The bodies of this file's functions that a failure calls: `disable(error)`. */
function calledFrom(body: ts.Node, file: ts.SourceFile, { project }: RuleContext): ts.Node[] {
  return all(body, ts.isCallExpression).flatMap(({ expression }) => {
    const declaration = project.declarationOf(nameOf(bare(expression)))
    const callee = declaration?.getSourceFile() === file ? functionAt(declaration) : undefined
    return callee && !isWithin(body, callee) ? [callee.body] : []
  })
}

function outlives(declaration: ts.Declaration): boolean {
  if (ts.isVariableDeclaration(declaration)) return above(declaration, ts.isFunctionLike) === undefined
  return (
    ts.isPropertyDeclaration(declaration) ||
    ts.isPropertyAccessExpression(declaration) ||
    ts.isBinaryExpression(declaration)
  )
}

function dropsClient(
  { left, right }: ts.BinaryExpression,
  holder: ts.Declaration,
  context: RuleContext,
): boolean {
  return (
    isNull(bare(right)) &&
    assignmentsTo(holder, context)
      .map((each) => each.right)
      .concat(
        'initializer' in holder && holder.initializer ? [holder.initializer as ts.Expression] : [],
        left,
      )
      .some((value) => context.products.of(value).some(({ kind }) => kind === 'client')) &&
    !isMadeAgain(holder, context)
  )
}

/** `redisAvailable = false`, asked before operations, and never set back by anything that runs. */
function lowersFlag(assignment: ts.BinaryExpression, flag: ts.Declaration, context: RuleContext): boolean {
  const value = booleanOf(assignment.right)
  if (value === undefined || !isAskedBeforeOperations(flag, value, context)) return false
  return !assignmentsTo(flag, context).some((other) => {
    if (booleanOf(other.right) === value) return false
    const within = above(other, ts.isFunctionLike)
    if (within === undefined || ts.isConstructorDeclaration(within)) return false
    // `init` raises it and lowers it again: only who runs `init` again has another answer.
    const isSame = within === above(assignment, ts.isFunctionLike)
    return isSame ? runsAgain(within, context) : runs(within, context)
  })
}

function booleanOf(node: ts.Expression): boolean | undefined {
  const { kind } = bare(node)
  return kind === ts.SyntaxKind.TrueKeyword ? true : kind === ts.SyntaxKind.FalseKeyword ? false : undefined
}

const STARTS =
  /^(?:_?init\w*|start\w*|boot\w*|bootstrap|main|set_?up\w*|on(?:ModuleInit|Ready|ApplicationBootstrap))$/i

/** Whether anybody but the start of the service calls it. */
function runsAgain(node: ts.SignatureDeclaration, context: RuleContext): boolean {
  const named = node.name ? node : ts.isVariableDeclaration(node.parent) ? node.parent : undefined
  if (!named) return true
  return context.references.to(named as ts.NamedDeclaration).some((use) => {
    if (isWithin(use, node)) return false
    const around = above(use, ts.isFunctionLike)
    return around !== undefined && !ts.isConstructorDeclaration(around) && !STARTS.test(nameGivenTo(around))
  })
}

/** Callbacks run; a function that has a name runs where it is called. */
function runs(node: ts.SignatureDeclaration, { references }: RuleContext): boolean {
  const named = node.name ? node : ts.isVariableDeclaration(node.parent) ? node.parent : undefined
  return !named || references.to(named as ts.NamedDeclaration).some((use) => !isWithin(use, node))
}
