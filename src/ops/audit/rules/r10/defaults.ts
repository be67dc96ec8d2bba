import ts from 'typescript'
import { isDefault } from '../../recognise/arms.js'
import { isBacked } from '../../recognise/kinds.js'
import { isLimiterShaped } from '../../recognise/shape.js'
import type { RuleContext, Violation } from '../../rule.js'
import { above, all, bare, symbolOf } from '../../syntax.js'
import { isDeclaredChoice, isForTests } from './declared-choice.js'
import { REMEDY } from './remedy.js'

/**
 * Memory is what one gets who gives nothing: `store ?? new MemoryStore()`, a default parameter, a class that a loader
 * falls back to. Only where it matters: in a limiter, or where a sibling of it over Redis exists.
 */
export function* defaultsIn(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const { left, right, node } of defaultsOf(file)) {
    if (!isGiven(left, context)) continue
    const value = bare(right)
    const kind = ts.isNewExpression(value) || ts.isCallExpression(value) ? kindOf(value, context) : undefined
    if (kind !== 'memory' || isForTests(node, file) || isDeclaredChoice(node, file)) continue
    const made = ts.isNewExpression(value) ? classOf(value.expression, context) : undefined
    if (isOfLimiter(node, context) || (made && hasBackedSibling(made, context)))
      yield defaultAt(value, symbolOf(node), left.getText())
  }
  for (const call of all(file, ts.isCallExpression)) yield* ofLoader(call, context)
}

interface Default {
  /** What may be given. */
  left: ts.Node
  /** What is taken instead. */
  right: ts.Expression
  node: ts.Node
}

function defaultsOf(file: ts.SourceFile): Default[] {
  const operators = all(file, isDefault).map((node) => ({ left: bare(node.left), right: node.right, node }))
  const isDeclared = (
    node: ts.Node,
  ): node is (ts.ParameterDeclaration | ts.BindingElement) & { initializer: ts.Expression } =>
    (ts.isParameter(node) || ts.isBindingElement(node)) && node.initializer !== undefined
  const declared = all(file, isDeclared).map((node) => ({ left: node.name, right: node.initializer, node }))
  const chosen = all(file, ts.isConditionalExpression).flatMap((node) =>
    bare(node.condition).getText() === bare(node.whenTrue).getText()
      ? [{ left: bare(node.whenTrue), right: node.whenFalse, node }]
      : [],
  )
  return [...operators, ...declared, ...chosen]
}

/** A parameter, a member of one, or what was taken from one: callers decide, and may say nothing. */
function isGiven(node: ts.Node, { project }: RuleContext): boolean {
  let root = node
  while (ts.isPropertyAccessExpression(root) || ts.isNonNullExpression(root)) root = root.expression
  // `this.options.store` was given to the constructor.
  if (root.kind === ts.SyntaxKind.ThisKeyword) return /opt|config|settings/i.test(node.getText())
  const declaration = ts.isIdentifier(root) ? (project.declarationOf(root) ?? root.parent) : undefined
  if (!declaration) return false
  if (ts.isParameter(declaration)) return true
  if (ts.isBindingElement(declaration)) {
    const holder = declaration.parent.parent
    if (ts.isParameter(holder)) return true
    return (
      ts.isVariableDeclaration(holder) &&
      holder.initializer !== undefined &&
      isGiven(bare(holder.initializer), { project } as RuleContext)
    )
  }
  return false
}

function kindOf(value: ts.Expression, { products }: RuleContext): string | undefined {
  const made = products.of(value)
  return made.length > 0 && made.every(({ kind }) => kind === 'memory') ? 'memory' : undefined
}

/** `load(given, InMemoryThing, options)`: a class is passed for when nothing was given. */
function* ofLoader(call: ts.CallExpression, context: RuleContext): Generator<Violation> {
  const { arguments: args } = call
  if (args.length < 2 || ts.isPropertyAccessExpression(call.expression)) return
  const [first] = args
  if (!first || !isGiven(bare(first), context)) return
  for (const arg of args.slice(1)) {
    const name = bare(arg)
    const made = ts.isIdentifier(name) && /^[A-Z]/.test(name.text) ? classOf(name, context) : undefined
    if (made && context.kinds.of(made) === 'memory' && hasBackedSibling(made, context))
      yield defaultAt(call, symbolOf(call), first.getText())
  }
}

function classOf(node: ts.Expression, { project }: RuleContext): ts.ClassLikeDeclaration | undefined {
  const declaration = project.declarationOf(bare(node))
  return declaration && ts.isClassLike(declaration) ? declaration : undefined
}

/** Within a class that limits, or a function that is named for it. */
function isOfLimiter(node: ts.Node, { project }: RuleContext): boolean {
  const holder = above(node, ts.isClassLike)
  if (holder && isLimiterShaped(holder, project)) return true
  return /limit|throttl|lockout|session|csrf/i.test(holder?.name?.text ?? symbolOf(node))
}

/** A class of the project that does the same over a client: it implements or extends the same, or is named alike. */
function hasBackedSibling(made: ts.ClassLikeDeclaration, context: RuleContext): boolean {
  const bases = basesOf(made, context)
  const stem = stemOf(made)
  return context.project.sources
    .filter(({ text }) => /redis|valkey|upstash/i.test(text))
    .flatMap((file) => all(file, ts.isClassDeclaration))
    .some(
      (each) =>
        each !== made &&
        (basesOf(each, context).some((base) => bases.includes(base)) ||
          (stem !== '' && stemOf(each) === stem)) &&
        (isBacked(context.kinds.of(each)) || /redis|valkey|upstash/i.test(each.name?.text ?? '')),
    )
}

function basesOf({ heritageClauses }: ts.ClassLikeDeclaration, { project }: RuleContext): ts.Declaration[] {
  return (heritageClauses ?? []).flatMap(({ types }) =>
    types.flatMap(({ expression }) => project.declarationOf(expression) ?? []),
  )
}

/** `InMemoryCacheAdapter` and `RedisCacheAdapter` are both a `cacheadapter`. */
function stemOf({ name }: ts.ClassLikeDeclaration): string {
  const stem = (name?.text ?? '')
    .replaceAll(/In(?:-)?Memory|Memory|Local|LRU|Redis|Valkey|Upstash|IoRedis/gi, '')
    .toLowerCase()
  return stem === (name?.text ?? '').toLowerCase() ? '' : stem
}

function defaultAt(node: ts.Node, within: string, given: string): Violation {
  return {
    node,
    message: `${within || 'This'} keeps its state in the memory of this process unless ${given} is given: with n instances each has a state of its own, a limit is n times what it says, and nobody invalidates the copies of the others.`,
    remedy: REMEDY,
  }
}
