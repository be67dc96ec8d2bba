import ts from 'typescript'
import { fateOf } from '../recognise/fates.js'
import type { Operation } from '../recognise/operations.js'
import { originsOf } from '../recognise/origins.js'
import { answersAlways, packageAt } from '../recognise/packages.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { above, bare, isFunction, symbolOf, type FunctionNode } from '../syntax.js'
import { isAnsweredWithError } from '../recognise/handling/failed-answers.js'
import { outcomeOf } from '../recognise/handling/outcome.js'
import { outcomeByCallback, rejectsWithWhatItIsGiven, throwsWhatItIsGiven } from './r5/callbacks.js'
import { hasNoFallback } from './r5/no-fallback.js'
import { ofOwnBackends } from './r5/own-backends.js'
import { scopeOf, toldOnceIn } from './r5/scope.js'

/** R5: what a client rejects with is handled where it is asked, and reaches no caller. */
export const errorsInside: Rule = {
  id: 'R5',
  title: 'errors are handled inside the cache or limiter',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    const escaping = new Map<ts.Node, Operation>()
    const scopes = new Set<ts.Node>()
    const handled = new Map<ts.Node, Operation>()
    const told = new Map<ts.Node, Set<FunctionNode>>()
    for (const operation of context.operations.in(file)) {
      if (!mayReject(operation, context)) continue
      const { call } = operation
      const { role, exemption } = context.roles.ofOperation(operation)
      // Who asks how it is, and does not wait for the answer, has no answer and a process that ends.
      const isAsking = exemption === 'a health probe' && fateOf(call, context.project) === 'dropped'
      if ((role === 'exempt' && !isAsking) || hasNoFallback(operation, context)) continue
      const handling = outcomeByCallback(operation, context) ?? outcomeOf(call, context)
      const scope = scopeOf(call)
      const escapes = handling === 'escapes' || (handling === 'rethrown' && role === 'implementation')
      const statement = above(call, ts.isStatement) ?? file
      if (escapes) scopes.add(scope)
      if (escapes && !escaping.has(statement) && !isToldOf(operation, told))
        escaping.set(statement, operation)
      else if (handling === 'handled' && !handled.has(scope)) handled.set(scope, operation)
    }
    for (const operation of escaping.values()) yield violation(operation, context)
    yield* ofOwnBackends(file, context)
    for (const [scope, { call }] of handled)
      if (!scopes.has(scope))
        yield {
          node: call,
          site: 'conforms',
          what: `${symbolOf(call) || 'the module'} handles what Redis rejects with`,
        }
  },
}

/** Of a helper that is given its client: said once where all who ask it fail alike. */
function isToldOf({ call, through }: Operation, told: Map<ts.Node, Set<FunctionNode>>): boolean {
  if (!through) return false
  const scope = toldOnceIn(call)
  const known = told.get(scope) ?? new Set<FunctionNode>()
  told.set(scope, known)
  if (known.has(through)) return true
  known.add(through)
  return false
}

function violation({ call, method, receiver }: Operation, { project }: RuleContext): Judgement {
  const what = `${short(receiver.getText())}.${method}`
  const who = symbolOf(call) || 'This code'
  if (throwsWhatItIsGiven(call))
    return {
      node: call,
      message: `${who} throws what ${what} gives its callback: nobody can catch it there, and when Redis fails, it ends the process.`,
      remedy: 'Log and count the error in the callback, and go on as for a miss.',
    }
  if (rejectsWithWhatItIsGiven(call))
    return {
      node: call,
      message: `${who} rejects with what ${what} gives its callback, and its caller does not handle it: when Redis fails, the request fails with it.`,
      remedy: 'Log and count the error in the callback, and resolve as for a miss.',
    }
  if (isAnsweredWithError(call))
    return {
      node: call,
      message: `${who} answers with an error when ${what} rejects, although it could do without: its catch is there for all else.`,
      remedy:
        'Catch it where Redis is asked, log and count it, and answer as for a miss; or ask through a cache that does, such as `createTransparentCache`.',
    }
  if (fateOf(call, project) === 'dropped')
    return {
      node: call,
      message: `${who} does not wait for ${what}, and nothing catches its rejection: when Redis fails, it ends the process.`,
      remedy:
        'Await it inside the try that handles its failure, or attach a `.catch` that logs and counts it.',
    }
  return {
    node: call,
    message: `${who} lets a rejection of ${what} reach its caller: when Redis fails, the request fails with it.`,
    remedy:
      'Catch it here, log and count it, and answer as for a miss; or ask through a cache that does, such as `createTransparentCache`.',
  }
}

function short(text: string): string {
  return text.length > 30 ? `…${text.slice(-29)}` : text
}

/** A client, or a limiter or cache of a package over one; what our own caches, limiters and helpers do is judged where they are written. */
function mayReject(operation: Operation, context: RuleContext): boolean {
  const { kind, through, receiver } = operation
  if (kind === 'client') {
    if (through && context.roles.of(through.body).role !== 'implementation') return false
    if (through && context.handling.escapingFrom(through).length === 0) return false
    return !isGiven(operation, context) && bare(receiver).kind !== ts.SyntaxKind.ThisKeyword
  }
  if (through !== undefined) return false
  return kind === 'limiter'
    ? isOfPackage(receiver, context)
    : kind === 'cache' && isManaged(receiver, context)
}

/** A package's, of which a failure comes out. */
function isOfPackage(receiver: ts.Expression, { project, products }: RuleContext): boolean {
  const packages = project
    .typeOf(receiver)
    .declarations.map((each) => packageAt(each.getSourceFile().fileName))
    .filter((each) => each !== undefined)
  if (packages.length > 0) return !packages.every(answersAlways)
  return products
    .of(receiver)
    .filter(({ kind }) => kind === 'limiter')
    .flatMap((each) => originsOf(each, { project, products }))
    .some((origin) => !answersAlways(origin.package))
}

/** What `caching()` of cache-manager gives rejects when its store does; `createCache()` of later ones answers all the same. */
function isManaged(receiver: ts.Expression, { project, products }: RuleContext): boolean {
  return products
    .of(receiver)
    .filter(({ kind }) => kind === 'cache')
    .flatMap((each) => originsOf(each, { project, products }))
    .some(({ package: from, name }) => from === 'cache-manager' && /^(?:caching|multiCaching)$/.test(name))
}

/** A helper of the implementation that is given its client with each call: judged at those who call it, where they are in sight. */
function isGiven({ call, receiver }: Operation, { project, roles, references }: RuleContext): boolean {
  const name = bare(receiver)
  const declaration = ts.isIdentifier(name) ? project.declarationOf(name) : undefined
  if (declaration === undefined || !ts.isParameter(declaration)) return false
  const helper = declaration.parent
  // A factory is given the client once, and those who call what it returns know nothing of it.
  const isLent = above(call, isOwnFunction) === helper && above(call, ts.isClassLike) === undefined
  if (!isLent || roles.of(call).role !== 'implementation') return false
  const named = (helper.name ? helper : helper.parent) as ts.NamedDeclaration
  const uses = references.to(named)
  return uses.length > 0 && uses.every(({ parent }) => !ts.isShorthandPropertyAssignment(parent))
}

/** One with callers of its own: not a callback that runs where it stands. */
function isOwnFunction(node: ts.Node): node is FunctionNode {
  return isFunction(node) && !ts.isCallExpression(node.parent)
}
