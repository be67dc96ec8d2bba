import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { bare, functionAt, isNull, nameOf, own } from '../syntax.js'

type Asked = Pick<RuleContext, 'products' | 'project' | 'receivers'>

// `isAvailable` asks `isConnected`, which asks for the client.
const MAX_PREDICATES = 2

/** A place that does something else when the client is not there. */
export interface Absence {
  node: ts.Node
  /** The client, or what holds it; in the function that is asked, where one is: `if (!isAvailable())`. */
  tested: ts.Expression
  /** What is done then; undefined where it is only left out. */
  instead: ts.Statement | ts.Expression | undefined
}

/** The tests whether a client is there in a function, without those in functions within it. */
export function absencesIn(root: ts.Node, context: Asked): Absence[] {
  const ifs = own(root, ts.isIfStatement).flatMap((node): Absence[] => {
    const { expression, thenStatement, elseStatement } = node
    const missing = testedAs('missing', expression, context)
    if (missing) return [{ node, tested: missing, instead: thenStatement }]
    const there = testedAs('there', expression, context)
    return there ? [{ node, tested: there, instead: elseStatement }] : []
  })
  const choices = own(root, ts.isConditionalExpression).flatMap((node): Absence[] => {
    const { condition, whenTrue, whenFalse } = node
    const missing = testedAs('missing', condition, context)
    if (missing) return [{ node, tested: missing, instead: whenTrue }]
    const there = testedAs('there', condition, context)
    return there ? [{ node, tested: there, instead: whenFalse }] : []
  })
  return [...ifs, ...choices, ...chainsIn(root, context)].sort((a, b) => a.node.pos - b.node.pos)
}

/** `client?.get(key)`: where there is none, the call is left out. Whether there may be none is not asked. */
function chainsIn(root: ts.Node, context: Asked): Absence[] {
  return own(root, ts.isCallExpression).flatMap((node): Absence[] => {
    const callee = bare(node.expression)
    if (!ts.isPropertyAccessExpression(callee) || !callee.questionDotToken) return []
    const tested = clientAt(callee.expression, context)
    return tested ? [{ node, tested, instead: undefined }] : []
  })
}

/** `!client`, `client == null`, `!client || !enabled` say that it is missing; `client`, `client && enabled` that it is there. */
function testedAs(
  state: 'missing' | 'there',
  condition: ts.Expression,
  context: Asked,
  depth = 0,
): ts.Expression | undefined {
  const node = bare(condition)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return testedAs(state === 'missing' ? 'there' : 'missing', node.operand, context, depth)
  if (ts.isBinaryExpression(node)) {
    const { left, right, operatorToken } = node
    const joins = state === 'missing' ? ts.SyntaxKind.BarBarToken : ts.SyntaxKind.AmpersandAmpersandToken
    if (operatorToken.kind === joins)
      return testedAs(state, left, context, depth) ?? testedAs(state, right, context, depth)
    if (!isNull(bare(right))) return undefined
    const isEqual = /^={2,3}$/.test(operatorToken.getText())
    const isUnequal = /^!={1,2}$/.test(operatorToken.getText())
    return (state === 'missing' ? isEqual : isUnequal) ? clientAt(left, context) : undefined
  }
  const there = state === 'there' ? clientAt(node, context) : undefined
  return there ?? (depth < MAX_PREDICATES ? toldBy(state, node, context, depth + 1) : undefined)
}

/** `isAvailable()`, `this.isReady`, `Boolean(client)`: the test has a name. */
function toldBy(
  state: 'missing' | 'there',
  node: ts.Expression,
  context: Asked,
  depth: number,
): ts.Expression | undefined {
  const asked = ts.isCallExpression(node) ? bare(node.expression) : node
  if (!ts.isIdentifier(asked) && !ts.isPropertyAccessExpression(asked)) return undefined
  if (ts.isCallExpression(node) && asked.getText() === 'Boolean' && node.arguments[0])
    return testedAs(state, node.arguments[0], context, depth)
  const declaration = context.project.declarationOf(nameOf(asked))
  if (!declaration || ts.isCallExpression(node) === ts.isGetAccessorDeclaration(declaration)) return undefined
  const predicate = functionAt(declaration)
  if (!predicate) return undefined
  const [first, ...others] = context.products.returnsOf(predicate)
  if (!first?.value || others.length > 0) return undefined
  return testedAs(state, first.value, context, depth)
}

function clientAt(expression: ts.Expression, { products, receivers }: Asked): ts.Expression | undefined {
  const node = bare(expression)
  const isName = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)
  if (!isName) return undefined
  const isMade = products.of(node).some(({ kind }) => kind === 'client')
  return isMade || (receivers.of(node) === 'client' && receivers.isByName(node)) ? node : undefined
}
