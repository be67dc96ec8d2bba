import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, isWithin, lastName } from '../syntax.js'
import { holderOf, type Construction } from './clients.js'
import { containersOf } from './containers.js'
import { injectedUses } from './injection.js'
import { isHeardAt, receiverOf } from './listening.js'
import { packageAt } from './packages.js'

/** How the connection is used after it was made. */
export interface Usage {
  hasErrorListener: boolean
  /** It is handed to a job queue, which demands its own settings and listens itself. */
  feedsQueue: boolean
  /** It only listens to what others publish, or carries messages between instances: no caller waits for it. */
  subscribes: boolean
}

export function usageOf(made: Construction, context: RuleContext): Usage {
  const uses = usesOf(made, context)
  const roles = uses.map((use) => roleOf(use, context))
  return {
    hasErrorListener: uses.some((use) => isHeardAt(use, context)),
    feedsQueue: roles.includes('queue') && !roles.includes('command'),
    subscribes:
      !roles.includes('command') &&
      (roles.includes('subscriber') || roles.includes('relay') || isNamedSubscriber(made)),
  }
}

/** The expressions that hold the connection: where it is made, by its name, and at the callers of a factory that returns it. */
function usesOf(made: Construction, context: RuleContext): ts.Node[] {
  const direct = ownUsesOf(made, context)
  const maker = makerOf(made, direct)
  if (!maker) return direct
  const injected = injectedUses(maker, context)
  if (injected.length > 0) return [...direct, ...injected]
  return [...direct, ...callsOf(maker, context).flatMap((call) => usesOfCall(call, context))]
}

function ownUsesOf({ node, holder }: Construction, context: RuleContext): ts.Node[] {
  const self = node.expression.kind === ts.SyntaxKind.SuperKeyword ? above(node, ts.isClassLike) : undefined
  return [node, ...usesOfName(holder, context), ...(self ? all(self, isThis) : [])]
}

function usesOfName(declaration: ts.NamedDeclaration | undefined, { references }: RuleContext): ts.Node[] {
  return declaration ? references.to(declaration).map(receiverOf) : []
}

function usesOfCall(call: ts.CallExpression, context: RuleContext): ts.Node[] {
  return [call, ...usesOfName(holderOf(call, context), context)]
}

/** The function that gives the connection out. */
function makerOf({ node }: Construction, uses: readonly ts.Node[]): ts.SignatureDeclaration | undefined {
  const maker = above(node, ts.isFunctionLike)
  return maker && uses.some((use) => isReturnedBy(use, maker)) ? maker : undefined
}

function callsOf(maker: ts.SignatureDeclaration, { references }: RuleContext): ts.CallExpression[] {
  const factory = (maker.name ? maker : maker.parent) as ts.NamedDeclaration
  return references
    .to(factory)
    .map((use) => receiverOf(use).parent)
    .filter(ts.isCallExpression)
}

/** The calls of the factory that gives out the connection, where it leaves the listener to its callers; each with its uses. */
export function leftToCallers(
  made: Construction,
  context: RuleContext,
): { call: ts.CallExpression; uses: ts.Node[] }[] {
  const direct = ownUsesOf(made, context)
  const maker = makerOf(made, direct)
  if (!maker || direct.some((use) => isHeardAt(use, context))) return []
  return callsOf(maker, context).map((call) => ({ call, uses: usesOfCall(call, context) }))
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

/** Whether a use hands the connection to a job queue or a relay of messages, sends a command, or neither. */
function roleOf(use: ts.Node, context: RuleContext): 'queue' | 'relay' | 'subscriber' | 'command' | 'none' {
  if (isQueueOption(use, context)) return 'queue'
  if (isRelayed(use)) return 'relay'
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

const RELAYS = /^(?:create(?:Sharded|RedisStreams)?Adapter|redisAdapter)$/

/** `createAdapter(pub, sub)` of Socket.IO. */
function isRelayed(use: ts.Node): boolean {
  const { parent } = use
  return (
    ts.isCallExpression(parent) &&
    parent.expression !== use &&
    RELAYS.test(lastName(parent.expression)) &&
    /socket\.io/i.test(use.getSourceFile().text)
  )
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
