import ts from 'typescript'
import { measures } from '../recognise/measuring.js'
import type { Operation } from '../recognise/operations.js'
import { packageAt } from '../recognise/packages.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { above, all, bare, isFunction, symbolOf } from '../syntax.js'

// What a cache or a limiter does; a command such as `publish` or `ping` makes neither.
const SERVING =
  /^(?:m?get|getex|getdel|set|setex|psetex|setnx|mset|del|unlink|incr(?:by)?|expire|h(?:get|set|getall|mget|mset|del|incrby)|z(?:add|card|count|remrangebyscore)|eval(?:sha)?|limit|consume|multi|pipeline|exec|exists|json_?get|json_?set|call|send\w*)$/i

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

function isServing({ kind, method, receiver }: Operation): boolean {
  if (receiver.kind === ts.SyntaxKind.ThisKeyword) return false
  return kind !== 'client' || SERVING.test(method) || /[a-z][A-Z]/.test(method)
}

/** The functions of a module that owns a client are one implementation, reported at the first. */
function* ofModule(file: ts.SourceFile, judged: Set<ts.Node>, context: RuleContext): Iterable<Judgement> {
  const serving = context.operations.in(file).filter((each) => {
    const holder = above(each.call, ts.isClassLike)
    const isOwn = each.kind === 'client' && !isGiven(each, context)
    return isOwn && isServing(each) && (!holder || !judged.has(holder))
  })
  const [first] = serving.filter((each) => context.roles.ofOperation(each).role === 'implementation')
  const node = first && outermost(first.call)
  if (!node) return
  yield judge(node, file, `The cache around ${symbolOf(node) || 'this'}`, context)
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
