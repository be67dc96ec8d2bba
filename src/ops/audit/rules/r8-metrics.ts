import ts from 'typescript'
import { bindingOf } from '../recognise/bindings.js'
import { moduleName, nameGivenTo, outermostFunction } from '../recognise/containers.js'
import { measures } from '../recognise/measuring.js'
import type { Operation } from '../recognise/operations.js'
import { kindIn, packageAt } from '../recognise/packages.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { above, all, bare, isFunction, symbolOf } from '../syntax.js'

// What a cache or a limiter does; a command such as `publish` or `ping` makes neither.
const SERVING =
  /^(?:m?get|getex|getdel|set|setex|psetex|setnx|mset|del|unlink|incr(?:by)?|expire|h(?:get|set|getall|mget|mset|del|incrby)|s(?:add|members|ismember)|z(?:add|card|count|remrangebyscore)|eval(?:sha)?|limit|consume|multi|pipeline|exec|exists|json_?get|json_?set|call|send\w*)$/i

/** R8: a cache or limiter measures its hits, misses and errors. */
export const metrics: Rule = {
  id: 'R8',
  title: 'metrics are instrumented',
  severity: 'warn',
  confidence: 'medium',
  *check(file, context) {
    const judged = new Set<ts.Node>()
    for (const node of all(file, ts.isClassLike)) {
      const kind = context.kinds.of(node)
      if (kind !== 'cache' && kind !== 'limiter') continue
      judged.add(node)
      if (serves(node, context))
        yield judge(node.name ?? node, node, `${symbolOf(node) || 'This class'}, a ${kind},`, context)
    }
    yield* ofModule(file, judged, context)
  },
}

/** What it asks another cache of ours for, is measured there. */
function serves(node: ts.Node, context: RuleContext): boolean {
  return context.operations.within(node).some((each) => isServing(each) && !isOurs(each, context))
}

function isOurs({ kind, receiver }: Operation, { project }: RuleContext): boolean {
  if (kind === 'client') return false
  const { declarations } = project.typeOf(receiver)
  return (
    declarations.length > 0 &&
    declarations.every((each) => packageAt(each.getSourceFile().fileName) === undefined)
  )
}

function isServing({ call, kind, method, receiver }: Operation): boolean {
  if (receiver.kind === ts.SyntaxKind.ThisKeyword) return false
  return kind !== 'client' || SERVING.test(method) || /[a-z][A-Z]/.test(method) || isOwnCommand(method, call)
}

/** `client.defineCommand('takeToken', { lua })`: a script under a name of its own. */
function isOwnCommand(method: string, call: ts.Node): boolean {
  return new RegExp(`defineCommand\\(\\s*['"\`]${method}['"\`]`).test(call.getSourceFile().text)
}

/** The functions of a module that owns a client or a limiter are one implementation, reported at the first. */
function* ofModule(file: ts.SourceFile, judged: Set<ts.Node>, context: RuleContext): Iterable<Judgement> {
  const limits = makesLimiter(file, context)
  const [first] = context.operations.in(file).filter((each) => {
    const holder = above(each.call, ts.isClassLike)
    if (!isServing(each) || (holder && judged.has(holder))) return false
    const { role } = context.roles.ofOperation(each)
    if (each.kind === 'client') return role === 'implementation' && !isGiven(each, context)
    if (each.kind === 'cache')
      return (
        role === 'implementation' &&
        // What a cache counts as a hit says nothing of who was refused.
        (isLimiterByName(each.call) || (isAside(each.call) && !isOurs(each, context)))
      )
    const isAsked = each.kind === 'limiter' && each.through === undefined && limits
    return isAsked && (role !== 'application' || isNamedForLimiter(each.call)) && !isOurs(each, context)
  })
  const node = first && outermost(first.call)
  if (!first || !node) return
  const what =
    first.kind === 'limiter' || (first.kind === 'cache' && isLimiterByName(first.call)) ? 'limiter' : 'cache'
  yield judge(node, file, `The ${what} around ${symbolOf(node) || 'this'}`, context)
}

/** `withCache(cache, key, load)`: the one place that knows whether it was a hit, whoever gives it the cache. */
function isAside(call: ts.CallExpression): boolean {
  const outer = outermostFunction(call)
  if (!outer) return false
  const given = new Set(outer.parameters.map(({ name }) => name.getText()))
  const asked = all(outer.body, ts.isCallExpression).map(({ expression }) => bare(expression))
  const names = new Set(asked.flatMap((each) => (ts.isPropertyAccessExpression(each) ? each.name.text : [])))
  return (
    names.has('get') &&
    names.has('set') &&
    asked.some((each) => ts.isIdentifier(each) && given.has(each.text))
  )
}

/** `new RateLimiterRedis({ … })`: what a package counts with, and tells nobody of. */
function makesLimiter(file: ts.SourceFile, { project }: RuleContext): boolean {
  return all(file, ts.isNewExpression).some(({ expression }) => {
    const made = bindingOf(expression, project)
    return made !== undefined && kindIn(made.package, made.name) === 'limiter'
  })
}

const NAMES_LIMITER = /rate[-_]?limit|limiter|throttl/i

/** `rateLimit(options)`, which counts in a cache. */
function isLimiterByName(call: ts.CallExpression): boolean {
  const outer = outermostFunction(call)
  return outer !== undefined && NAMES_LIMITER.test(nameGivenTo(outer))
}

/** A middleware is its limiter's caller, and yet the one place that can count what it refuses. */
function isNamedForLimiter(call: ts.CallExpression): boolean {
  const outer = outermostFunction(call)
  return [outer ? nameGivenTo(outer) : '', moduleName(call.getSourceFile())].some((name) =>
    NAMES_LIMITER.test(name),
  )
}

/** A function that is given its client serves whoever gives it. */
function isGiven({ receiver }: Operation, { project }: RuleContext): boolean {
  let node = bare(receiver)
  while (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) node = bare(node.expression)
  const declaration = project.declarationOf(node)
  return declaration !== undefined && ts.isParameter(declaration)
}

function outermost(node: ts.Node): ts.Node | undefined {
  let found: ts.Node | undefined
  for (let each = above(node, isFunction); each; each = above(each, isFunction)) found = each
  const holder = found && above(found, ts.isClassLike)
  return holder ?? found
}

function judge(node: ts.Node, root: ts.Node, what: string, { project }: RuleContext): Judgement {
  if (measures(root, project)) return { node, site: 'conforms', what: `${what} records metrics` }
  return {
    node,
    message: `${what} records no metric: nobody sees that the hit ratio falls, or that every call fails and the database carries the load.`,
    remedy:
      'Count hits, misses and errors, and measure the duration, with the instruments that the service has.',
  }
}
