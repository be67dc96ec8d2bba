import ts from 'typescript'
import type { RuleContext } from '../../rule.js'
import { above, all, bare, inPlaceOf, isFunction, isNull, isWithin, lastName, own } from '../../syntax.js'

/** A read of the cache, and the code that only a miss goes through. */
export interface CacheRead {
  call: ts.CallExpression
  missOnly: ts.Node[]
  /** Where a hit leaves, or joins the miss again. */
  hit: ts.Node
}

const READS = /^(?:get|hget|getJson|getJSON|fetch|read|lookup|getCached\w*)$/
const LOADS =
  /^(?:getOrLoad|getOrSet|getOrFetch|getOrCreate|getOrCompute|wrap|remember|fetch|cached|memoize|withCache|through)$/

/** The reads of a file whose hit can be followed. */
export function cacheReadsIn(file: ts.SourceFile, context: RuleContext): CacheRead[] {
  return context.operations.in(file).flatMap(({ call, kind }) => {
    if (kind === 'limiter') return []
    const method = lastName(call.expression)
    const loader = LOADS.test(method) ? call.arguments.find((each) => isFunction(bare(each))) : undefined
    if (loader) return [{ call, missOnly: [loader], hit: call }]
    return READS.test(method) ? (afterRead(call, context) ?? []) : []
  })
}

function afterRead(call: ts.CallExpression, context: RuleContext): CacheRead | undefined {
  const holder = holderOf(call)
  const block = holder && above(call, ts.isBlock)
  if (!block) return undefined
  const names = new Set([holder, ...derivedFrom(holder, block, context)])
  for (const node of own(block, ts.isIfStatement)) {
    if (node.pos < call.end) continue
    const asked = askedOf(node.expression, names, context)
    if (!asked) continue
    const branch = asked === 'hit' ? node.thenStatement : node.elseStatement
    // `if (cached) return cached`: what follows runs after a miss.
    if (asked === 'hit' && leavesWithValue(node.thenStatement)) {
      const rest = [...(node.elseStatement ? [node.elseStatement] : []), ...following(node)]
      return { call, missOnly: rest, hit: node.thenStatement }
    }
    // `if (!doc) { doc = load() }` joins the hit again.
    if (asked === 'miss') return { call, missOnly: [node.thenStatement], hit: branch ?? node }
    return undefined
  }
  return undefined
}

function holderOf(call: ts.CallExpression): ts.Declaration | undefined {
  const { parent } = inPlaceOf(call)
  return ts.isVariableDeclaration(parent) ? parent : undefined
}

/** `const doc = cached ? JSON.parse(cached) : null`: asking for one is asking for the other. */
function derivedFrom(holder: ts.Declaration, block: ts.Block, { project }: RuleContext): ts.Declaration[] {
  return own(block, ts.isVariableDeclaration).filter(
    ({ initializer, pos }) =>
      pos > holder.end &&
      initializer !== undefined &&
      /JSON\.parse|deserial|decode|parse/i.test(initializer.getText()) &&
      all(initializer, ts.isIdentifier).some((each) => project.declarationOf(each) === holder),
  )
}

function askedOf(
  condition: ts.Expression,
  names: ReadonlySet<ts.Declaration>,
  context: RuleContext,
): 'hit' | 'miss' | undefined {
  const { project } = context
  const node = bare(condition)
  const isValue = (each: ts.Expression) => {
    const declaration = project.declarationOf(bare(each))
    return declaration !== undefined && names.has(declaration)
  }
  if (ts.isPrefixUnaryExpression(node)) return isValue(node.operand) ? 'miss' : undefined
  if (!ts.isBinaryExpression(node)) return isValue(node) ? 'hit' : undefined
  if (node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken)
    return askedOf(node.left, names, context) === 'hit' ? 'hit' : undefined
  if (!isValue(node.left) || !isNull(bare(node.right))) return undefined
  const { kind } = node.operatorToken
  if (kind === ts.SyntaxKind.ExclamationEqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsToken)
    return 'hit'
  return kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsToken
    ? 'miss'
    : undefined
}

function leavesWithValue(statement: ts.Statement): boolean {
  const returned = own(statement, ts.isReturnStatement).at(-1)?.expression
  return returned !== undefined && !isNull(bare(returned))
}

/** The statements after a node, up to the end of its function. */
function following(node: ts.Node): ts.Node[] {
  const rest: ts.Node[] = []
  for (let each = node; each.parent !== undefined && !isFunction(each); each = each.parent) {
    const { parent } = each
    if (ts.isBlock(parent)) rest.push(...parent.statements.filter((statement) => statement.pos >= each.end))
  }
  return rest.filter((each) => !isWithin(node, each))
}
