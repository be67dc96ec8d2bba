import ts from 'typescript'
import { armsOf } from '../../recognise/arms.js'
import { baseClassOf } from '../../recognise/base-class.js'
import { isBacked, type Made } from '../../recognise/kinds.js'
import type { RuleContext } from '../../rule.js'
import { above, bare, isAssignment, isNull, isWithin, own, type FunctionNode } from '../../syntax.js'

/** One thing that a factory may give out. */
export interface Path {
  node: ts.Node
  made: Made[]
  /** What the class of a thing over Redis is derived from. */
  base?: ts.Node | undefined
}

/** What each return gives, a conditional expression counted as two, and a variable as all that the branches put into it. */
export function pathsOf(node: FunctionNode, context: RuleContext): Path[] {
  return context.products.returnsOf(node).flatMap(({ node: path, value }): Path[] => {
    if (!value) return [{ node: path, made: ['null'] }]
    return armsOf(value).flatMap((arm) => {
      const last = lastGiven(arm)
      if (last) return armsOf(last).map((each) => pathOf(each, context))
      const given = assignedTo(arm, node, context)
      return (given.length > 1 ? given.flatMap(armsOf) : [arm]).map((each) => pathOf(each, context))
    })
  })
}

export function pathOf(node: ts.Expression, { products, project }: RuleContext): Path {
  const made = products.of(node)
  const isOver = made.every(({ kind }) => isBacked(kind))
  const base = isOver ? made.map((each) => baseClassOf(each.node, project)) : []
  return { node, made: made.map(({ kind }) => kind), base: base[0] }
}

/** `client = null; return client`: what was put there just before. */
function lastGiven(arm: ts.Expression): ts.Expression | undefined {
  const returned = above(arm, ts.isReturnStatement)
  if (!ts.isIdentifier(arm) || returned?.expression !== arm || !ts.isBlock(returned.parent)) return undefined
  const { statements } = returned.parent
  const before = statements.slice(0, statements.indexOf(returned)).findLast((statement) => {
    const given = ts.isExpressionStatement(statement) ? statement.expression : undefined
    return given !== undefined && isAssignment(given) && given.left.getText() === arm.text
  })
  const given = before && ts.isExpressionStatement(before) ? before.expression : undefined
  return given && isAssignment(given) ? given.right : undefined
}

/** `let limiter; if (url) limiter = new A(); else limiter = new B(); return limiter`: a variable of the factory itself. */
function assignedTo(
  arm: ts.Expression,
  within: FunctionNode,
  { products, project }: RuleContext,
): ts.Expression[] {
  const value = bare(arm)
  if (!ts.isIdentifier(value)) return []
  const isAssigned = own(within.body, isAssignment).some(({ left }) => left.getText() === value.text)
  const declaration = isAssigned ? project.declarationOf(value) : undefined
  if (!declaration || !ts.isVariableDeclaration(declaration) || !isWithin(declaration, within.body)) return []
  return products.valuesOf(value)
}

/** A path that gives neither a thing nor nothing: the function returns values, not caches. */
export function isValue({ made }: Path): boolean {
  return made.every((kind) => kind === 'other')
}

export function isNothing({ node, made }: Path): boolean {
  if (ts.isExpression(node) && isNull(bare(node))) return true
  return made.length > 0 && made.every((kind) => kind === 'null')
}
