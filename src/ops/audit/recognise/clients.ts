import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, bare, functionBodyOf, isWithin, lastName } from '../syntax.js'
import { bindingOf } from './bindings.js'
import { packageAt } from './packages.js'

/** Client families with rules of their own for connections that break. */
export type ClientFamily = 'ioredis' | 'node-redis'

const FAMILIES: Record<string, ClientFamily> = {
  ioredis: 'ioredis',
  iovalkey: 'ioredis',
  redis: 'node-redis',
  '@redis/client': 'node-redis',
}

/** A place that makes a connection of its own. */
export interface Construction {
  node: ts.NewExpression | ts.CallExpression
  family: ClientFamily
  isCluster: boolean
  /** Where it is put: the variable or field; undefined when it is passed on at once. */
  holder: ts.NamedDeclaration | undefined
}

/** The connections that a file makes with clients that keep one open; REST clients have none to lose. */
export function constructionsIn(file: ts.SourceFile, context: RuleContext): Construction[] {
  return all(file, isMaking).flatMap((node) => {
    const binding = bindingOf(node.expression, context.project)
    const family = binding && FAMILIES[binding.package]
    if (!family || !makesClient(node, family, binding.name)) return []
    return [{ node, family, isCluster: /Cluster/.test(binding.name), holder: holderOf(node, context) }]
  })
}

function isMaking(node: ts.Node): node is ts.NewExpression | ts.CallExpression {
  return ts.isNewExpression(node) || ts.isCallExpression(node)
}

function makesClient(node: ts.Node, family: ClientFamily, name: string): boolean {
  if (family === 'ioredis') return ts.isNewExpression(node) && /^(?:default|Redis|Cluster|Valkey)$/.test(name)
  return ts.isCallExpression(node) && /^create(?:Client|Cluster)$/.test(name)
}

/** Follows the value up through conditionals and operators to the name that it gets. */
function holderOf(node: ts.Expression, { project }: RuleContext): ts.NamedDeclaration | undefined {
  let each: ts.Node = node
  while (
    ts.isConditionalExpression(each.parent) ||
    ts.isParenthesizedExpression(each.parent) ||
    ts.isAsExpression(each.parent) ||
    ts.isAwaitExpression(each.parent) ||
    ts.isNonNullExpression(each.parent) ||
    (ts.isBinaryExpression(each.parent) && each.parent.right === each && !isAssigning(each.parent)) ||
    (ts.isPropertyAccessExpression(each.parent) && ts.isCallExpression(each.parent.parent))
  ) {
    each = ts.isPropertyAccessExpression(each.parent) ? each.parent.parent : each.parent
  }
  const { parent } = each
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) return parent
  if (!ts.isBinaryExpression(parent) || !isAssigning(parent)) return undefined
  const { left } = parent
  return project.declarationOf(ts.isPropertyAccessExpression(left) ? left.name : left)
}

function isAssigning({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return (
    kind === ts.SyntaxKind.EqualsToken ||
    kind === ts.SyntaxKind.QuestionQuestionEqualsToken ||
    kind === ts.SyntaxKind.BarBarEqualsToken
  )
}

/** How the connection is used after it was made. */
export interface Usage {
  hasErrorListener: boolean
  /** It is handed to a job queue, which demands its own settings and listens itself. */
  feedsQueue: boolean
}

export function usageOf(made: Construction, context: RuleContext): Usage {
  const { node, holder } = made
  const uses: ts.Node[] = [node, ...(holder ? context.references.to(holder) : [])]
  const names = uses.map(receiverOf)
  return {
    hasErrorListener: names.some((use) => isListened(use) || isListenedByCallee(use, context)) || isListenedByCaller(made, context),
    feedsQueue: uses.some((use) => isQueueOption(use, context)),
  }
}

/** `x`, or `this.x` where the use is the `x` of it. */
function receiverOf(use: ts.Node): ts.Node {
  return ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
}

function isListened(use: ts.Node): boolean {
  let each: ts.Node = use
  // Chained: `.on('connect', …).on('error', …)`.
  while (ts.isNonNullExpression(each.parent) || ts.isParenthesizedExpression(each.parent)) each = each.parent
  while (ts.isPropertyAccessExpression(each.parent) && ts.isCallExpression(each.parent.parent)) {
    const call: ts.CallExpression = each.parent.parent
    if (call.expression !== each.parent) return false
    if (isErrorListener(call)) return true
    each = call
  }
  return false
}

export function isErrorListener(call: ts.CallExpression): boolean {
  const [event] = call.arguments
  return (
    /^(?:on|once|addListener|prependListener)$/.test(lastName(call.expression)) &&
    event !== undefined &&
    ts.isStringLiteralLike(event) &&
    event.text === 'error'
  )
}

/** Passed to a function of ours that attaches one. */
function isListenedByCallee(use: ts.Node, { project }: RuleContext): boolean {
  const { parent } = use
  if (!ts.isCallExpression(parent) || !parent.arguments.includes(use as ts.Expression)) return false
  const { expression } = parent
  const declaration = project.declarationOf(ts.isPropertyAccessExpression(expression) ? expression.name : expression)
  const body = declaration && functionBodyOf(declaration)
  return body !== undefined && all(body, ts.isCallExpression).some(isErrorListener)
}

/** Returned by a small factory whose caller, in the same file, attaches one. */
function isListenedByCaller({ node, holder }: Construction, { references }: RuleContext): boolean {
  const maker = above(node, ts.isFunctionLike)
  if (!maker) return false
  const isReturned = holder
    ? all(maker, ts.isReturnStatement).some(({ expression }) => expression && lastName(bare(expression)) === holder.name?.getText())
    : ts.isArrowFunction(maker) || above(node, ts.isReturnStatement) !== undefined
  if (!isReturned) return false
  const named = maker.name ? maker : maker.parent
  return references.to(named as ts.NamedDeclaration).some((use) => {
    const call = use.parent
    if (!ts.isCallExpression(call)) return false
    if (isListened(call)) return true
    const target = call.parent
    return ts.isVariableDeclaration(target) && references.to(target).some((each) => isListened(receiverOf(each)))
  })
}

function isQueueOption(use: ts.Node, { kinds, project }: RuleContext): boolean {
  const maker = above(use, ts.isNewExpression)
  if (maker && isWithin(use, maker) && maker.arguments?.some((each) => isWithin(use, each))) {
    const declaration = project.declarationOf(maker.expression)
    if (kinds.ofNew(maker) === 'queue' || (declaration && packageAt(declaration.getSourceFile().fileName)?.includes('bull'))) return true
  }
  return false
}
