import ts from 'typescript'
import { isSetBefore, startsEmpty } from '../../recognise/lazy-initialisation.js'
import type { RuleContext } from '../../rule.js'
import {
  above,
  all,
  bare,
  isAssignment,
  isFunction,
  isNull,
  lastName,
  own,
  type FunctionNode,
} from '../../syntax.js'

/**
 * `let client = null`, which a function may set later, or only where a URL is set. Where it is exported, the checker
 * has followed no call, and knows nothing but the null that it started with.
 */
export function isLeftEmpty(value: ts.Expression, { project }: RuleContext): boolean {
  const name = bare(value)
  if (!ts.isIdentifier(name)) return false
  const declaration = project.declarationOf(name)
  if (!declaration || !ts.isVariableDeclaration(declaration) || !startsWithNothing(declaration)) return false
  const file = declaration.getSourceFile()
  if (file !== name.getSourceFile() || isSetBefore(name)) return false
  const makers = all(file, isAssignment)
    .filter(({ left, right }) => left.getText() === name.text && !isNull(bare(right)))
    .map((each) => ({ each, maker: above(each, isFunction) }))
  const isMadeElsewhere = makers.every(({ maker }) => maker !== undefined)
  return (
    makers.length > 0 &&
    isMadeElsewhere &&
    !makers.some(({ each, maker }) => maker && isRunAtOnce(maker, each))
  )
}

function startsWithNothing(declaration: ts.VariableDeclaration): boolean {
  const { initializer, type } = declaration
  if (type !== undefined) return false
  return initializer ? isNull(bare(initializer)) : startsEmpty(declaration)
}

/** Called while the module is loaded, and sets it whatever the configuration is. */
function isRunAtOnce(maker: FunctionNode, assignment: ts.BinaryExpression): boolean {
  const file = maker.getSourceFile()
  const name =
    maker.name?.getText() ?? (ts.isVariableDeclaration(maker.parent) && maker.parent.name.getText())
  const isCalled = own(file, ts.isCallExpression).some(
    ({ expression }) => name !== false && lastName(expression) === name,
  )
  return isCalled && !isConditional(assignment, maker)
}

function isConditional(assignment: ts.Node, maker: FunctionNode): boolean {
  for (let each: ts.Node = assignment; each !== maker && each.parent !== undefined; each = each.parent)
    if (ts.isIfStatement(each.parent) && each.parent.expression !== each) return true
  return own(maker.body, ts.isReturnStatement).some(({ pos }) => pos < assignment.pos)
}
