import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, functionAt, isWithin, lastName } from '../syntax.js'
import { holderOf, type Construction } from './clients.js'
import { containersOf } from './containers.js'
import { injectedUses } from './injection.js'
import { packageAt } from './packages.js'

/** How the connection is used after it was made. */
export interface Usage {
  hasErrorListener: boolean
  /** It is handed to a job queue, which demands its own settings and listens itself. */
  feedsQueue: boolean
  /** It only listens to what others publish: no caller waits for it. */
  subscribes: boolean
}

export function usageOf(made: Construction, context: RuleContext): Usage {
  const uses = usesOf(made, context)
  const roles = uses.map((use) => roleOf(use, context))
  return {
    hasErrorListener: uses.some((use) => isListened(use) || isListenedByCallee(use, context)),
    feedsQueue: roles.includes('queue') && !roles.includes('command'),
    subscribes: !roles.includes('command') && (roles.includes('subscriber') || isNamedSubscriber(made)),
  }
}

/** The expressions that hold the connection: where it is made, by its name, and at the callers of a factory that returns it. */
function usesOf({ node, holder }: Construction, context: RuleContext): ts.Node[] {
  const named = (declaration: ts.NamedDeclaration | undefined): ts.Node[] =>
    declaration ? context.references.to(declaration).map(receiverOf) : []
  const self = node.expression.kind === ts.SyntaxKind.SuperKeyword ? above(node, ts.isClassLike) : undefined
  const direct = [node, ...named(holder), ...(self ? all(self, isThis) : [])]
  const maker = above(node, ts.isFunctionLike)
  if (maker && direct.some((use) => isReturnedBy(use, maker))) {
    const injected = injectedUses(maker, context)
    if (injected.length > 0) return [...direct, ...injected]
  }
  if (!maker || !direct.some((use) => isReturnedBy(use, maker))) return direct
  const factory = (maker.name ? maker : maker.parent) as ts.NamedDeclaration
  const calls = context.references
    .to(factory)
    .map(receiverOf)
    .map((use) => use.parent)
    .filter(ts.isCallExpression)
  return [...direct, ...calls.flatMap((call) => [call, ...named(holderOf(call, context))])]
}

function isThis(node: ts.Node): node is ts.Node {
  return node.kind === ts.SyntaxKind.ThisKeyword
}

function isReturnedBy(use: ts.Node, maker: ts.SignatureDeclaration): boolean {
  let each = use
  while (ts.isExpression(each.parent) && !ts.isFunctionLike(each.parent)) each = each.parent
  return ts.isReturnStatement(each.parent) || each.parent === maker
}

// What is done with a connection besides using it.
const LIFECYCLE =
  /^(?:on|once|off|addListener|removeListener|connect|quit|disconnect|close|destroy|duplicate|status|isOpen|isReady|ping|setMaxListeners)$/

/** Whether a use hands the connection to a job queue, sends a command, or neither. */
function roleOf(use: ts.Node, context: RuleContext): 'queue' | 'subscriber' | 'command' | 'none' {
  if (isQueueOption(use, context)) return 'queue'
  const { parent } = use
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== use) return 'none'
  if (/^[ps]?(?:un)?subscribe$/i.test(parent.name.text)) return 'subscriber'
  return LIFECYCLE.test(parent.name.text) ? 'none' : 'command'
}

function isNamedSubscriber({ node, holder }: Construction): boolean {
  const names = [holder?.name?.getText() ?? '', ...containersOf(node).map(({ name }) => name)]
  return names.some(
    (name) => /subscriber|(?:^|[a-z_])(?:sub|Sub)$/.test(name) || /^sub(?:Client|Redis)?$/.test(name),
  )
}

/** `x`, or `this.x` where the use is the `x` of it. */
function receiverOf(use: ts.Node): ts.Node {
  return ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
}

function isListened(use: ts.Node): boolean {
  let each = use
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

function isErrorListener(call: ts.CallExpression): boolean {
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
  const declaration = project.declarationOf(
    ts.isPropertyAccessExpression(expression) ? expression.name : expression,
  )
  const body = declaration && functionAt(declaration)?.body
  return body !== undefined && all(body, ts.isCallExpression).some(isErrorListener)
}

function isQueueOption(use: ts.Node, { kinds, project }: RuleContext): boolean {
  const maker = above(use, ts.isNewExpression)
  if (maker && isWithin(use, maker) && maker.arguments?.some((each) => isWithin(use, each))) {
    const declaration = project.declarationOf(maker.expression)
    if (
      kinds.ofNew(maker) === 'queue' ||
      (declaration && packageAt(declaration.getSourceFile().fileName)?.includes('bull'))
    )
      return true
  }
  return false
}

/** Calls are raced against a timer in the directory where the connection is made: the wait is bounded outside of the client. */
export function isRacedNearby(file: ts.SourceFile, { project }: RuleContext): boolean {
  const directory = file.fileName.slice(0, file.fileName.lastIndexOf('/') + 1)
  return project.sources.some(
    ({ fileName, text }) =>
      fileName.startsWith(directory) &&
      !fileName.slice(directory.length).includes('/') &&
      /redis|valkey/i.test(text) &&
      /Promise\.race\(|AbortSignal\.timeout\(/.test(text),
  )
}
