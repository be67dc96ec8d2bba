import ts from 'typescript'
import { asksForBackend } from '../recognise/availability.js'
import { isBacked, type Made } from '../recognise/kinds.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { all, bare, isAssignment, isFunction, isWithin, own, symbolOf, type FunctionNode } from '../syntax.js'
import { givenOrNothing } from './r4/given-or-nothing.js'
import { optionalStore } from './r4/optional-store.js'
import { isNothing, isValue, pathsOf, type Path } from './r4/paths.js'

// What was decided on purpose is not whether it is there.
const FLAG = /enable|disable|skip|no_?redis|^!?\w*use[_A-Z]/i

/** R4: a factory does not choose by whether Redis is there; what it builds does that inside. */
export const unconditionalFactory: Rule = {
  id: 'R4',
  title: 'factories do not branch on Redis',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    for (const node of all(file, isFunction)) yield* ofFunction(node, context)
  },
}

function* ofFunction(node: FunctionNode, context: RuleContext): Generator<Judgement> {
  if (ts.isConstructorDeclaration(node)) return
  const optional = optionalStore(node, context)
  if (optional) {
    yield {
      node: optional,
      message: `${symbolOf(node) || 'This factory'} gives its middleware a store only when Redis is configured: without it each process keeps a state of its own, and only one of the two is tested.`,
      remedy: 'Give it one store always, whatever it does while Redis is away, instead of none.',
    }
    return
  }
  const choice = givenOrNothing(node, context)
  if (choice && !FLAG.test(choice.getText())) {
    yield { node: choice, message: messageFor(node), remedy: CONVERGE }
    return
  }
  const asking = branches(node).filter(({ condition }) => asksForBackend(condition, context.products))
  if (asking.length === 0) {
    if (makesWrapper(node, context))
      yield { node, site: 'conforms', what: `${symbolOf(node)} builds without asking for Redis` }
    return
  }
  const paths = pathsOf(node, context)
  const isOfWrappers = isFactory(paths)
  const branch = asking.find(({ condition, within }) => {
    if (isRemembered(condition, node, context)) return false
    const inside = paths.filter((path) => within.some((part) => isWithin(path.node, part)))
    const outside = paths.filter((path) => !inside.includes(path))
    if (inside.length === 0 || outside.length === 0) return false
    return isOfWrappers ? differ(inside, outside) : isClientOrNothing(condition, inside, outside)
  })
  if (!branch) return
  yield {
    node: branch.condition,
    message: messageFor(node),
    remedy: CONVERGE,
    related: paths.slice(0, 4).map((path) => ({ node: path.node, what: `returns ${describe(path.made)}` })),
  }
}

const CONVERGE =
  'Decide once and converge: `const client = redis ?? createPassThroughRedis()`, then one `return new Wrapper(client)`.'

function messageFor(node: FunctionNode): string {
  return `${symbolOf(node) || 'This factory'} gives out something else when Redis is not configured: callers run different code with and without it, and only one of the two is tested.`
}

/** It has a name, and makes a cache or limiter. */
function makesWrapper(node: FunctionNode, { products }: RuleContext): boolean {
  if (symbolOf(node) === '' || all(node.body, ts.isNewExpression).length === 0) return false
  return products
    .ofFunction(node)
    .some((made) => isBacked(made.kind) && made.kind !== 'client' && isWithin(made.node, node))
}

/** Something backed is built here, and more than a bare client. */
function isFactory(paths: Path[]): boolean {
  const built = paths.filter((path) => path.made.some(isBacked) && !isNothing(path))
  if (built.length === 0 || paths.length < 2) return false
  return (
    paths.some(({ made }) => made.some((kind) => isBacked(kind) && kind !== 'client')) &&
    !paths.every(isValue)
  )
}

/** `if (!url) return null; return new Redis(url)`: a client where one is configured, and else nothing. */
function isClientOrNothing(condition: ts.Expression, inside: Path[], outside: Path[]): boolean {
  const asked = condition.getText()
  if (FLAG.test(asked)) return false
  // `if (!client) return null; return client` only hands on what is nullable elsewhere.
  const gives = (paths: Path[]) =>
    paths.some(({ node, made }) => made.includes('client') && !asked.includes(node.getText()))
  return (inside.every(isNothing) && gives(outside)) || (outside.every(isNothing) && gives(inside))
}

/** A stand-in beside the real thing is what the checklist asks for. */
function differ(inside: Path[], outside: Path[]): boolean {
  const standIn = (paths: Path[]) =>
    paths.every(({ made }) => made.length > 0 && made.every((kind) => kind === 'pass-through'))
  if (standIn(inside) || standIn(outside)) return false
  // A cluster or one server: children of one class, all over Redis.
  const [first] = inside
  if (first?.base && [...inside, ...outside].every(({ base }) => base === first.base)) return false
  const texts = (paths: Path[]) => new Set(paths.map(({ node }) => node.getText()))
  const [a, b] = [texts(inside), texts(outside)]
  return [...a].some((text) => !b.has(text)) || [...b].some((text) => !a.has(text))
}

function branches(node: FunctionNode): { condition: ts.Expression; within: ts.Node[] }[] {
  const returned = new Set(
    own(node.body, ts.isReturnStatement).map(({ expression }) => expression?.getText()),
  )
  const ifs = own(node.body, ts.isIfStatement).flatMap((each) => {
    const decides =
      own(each.thenStatement, ts.isReturnStatement).length > 0 ||
      own(each.thenStatement, isAssignment).some(({ left }) => returned.has(left.getText()))
    return decides ? [{ condition: each.expression, within: [each.thenStatement] }] : []
  })
  const conditionals = own(node.body, ts.isConditionalExpression).flatMap((each) =>
    isReturned(each, node) ? [{ condition: each.condition, within: [each.whenTrue] }] : [],
  )
  return [...ifs, ...conditionals]
}

/** `const known = made.get(name); if (known) return known`, where the function itself puts there what it makes. */
function isRemembered(condition: ts.Expression, within: FunctionNode, { project }: RuleContext): boolean {
  const declaration = project.declarationOf(bare(condition))
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return false
  const container = containerOf(declaration.initializer, 'get')
  return (
    container !== undefined &&
    own(within.body, ts.isCallExpression).some((call) => containerOf(call, 'set') === container)
  )
}

function containerOf(node: ts.Expression, method: 'get' | 'set'): string | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined
  const { expression, name } = node.expression
  return name.text === method ? expression.getText() : undefined
}

function isReturned(node: ts.Expression, within: FunctionNode): boolean {
  let each: ts.Node = node
  while (ts.isExpression(each) && each !== within.body) each = each.parent
  return each === within.body || ts.isReturnStatement(each)
}

function describe(made: Made[]): string {
  const [first] = made
  if (made.length === 0 || first === 'other' || first === undefined) return 'something else'
  return { null: 'nothing', memory: 'state of this process' }[first as string] ?? `a ${first}`
}
