import ts from 'typescript'
import { conditionsOf } from '../../recognise/conditions.js'
import type { RuleContext, Violation } from '../../rule.js'
import { above, all, bare, isWithin, lastName } from '../../syntax.js'
import { readBehind } from './read-behind.js'

/** `JSON.parse` of what the client has parsed already. */
export function* parsedTwiceIn(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const node of all(file, isParse)) {
    const parsed = parsedBy(node)
    const read = parsed && readBehind(parsed, context)
    if (!read || isGuarded(node, parsed)) continue
    yield {
      node: node.parent,
      message:
        'The client has parsed this value already, and `JSON.parse` of an object throws: no hit ever succeeds, and where the error is caught the cache serves nothing, healthy or not.',
      remedy: 'Use the value as it is, or make the client with `automaticDeserialization: false`.',
      ...(read.certainty === 'probably' && { confidence: 'medium' }),
      related: [{ node: read.call, what: 'read here' }],
    }
  }
}

function isParse(node: ts.Node): node is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) && node.getText() === 'JSON.parse'
}

/** What is parsed: the argument, or the elements that `.map(JSON.parse)` goes through. */
function parsedBy(node: ts.PropertyAccessExpression): ts.Expression | undefined {
  const { parent } = node
  if (!ts.isCallExpression(parent)) return undefined
  if (parent.expression === node) return parent.arguments[0]
  const isMapped = /^(?:map|flatMap|then)$/.test(lastName(parent.expression))
  return isMapped && ts.isPropertyAccessExpression(parent.expression)
    ? parent.expression.expression
    : undefined
}

/** Somebody asks for the type first, or gives the value back as it is when it does not parse. */
function isGuarded(node: ts.Node, parsed: ts.Expression): boolean {
  if (conditionsOf(node).some((each) => /typeof\b|instanceof|isString\(/.test(each.getText()))) return true
  const text = bare(parsed).getText()
  const attempt = above(node, ts.isTryStatement)
  const handler = attempt && isWithin(node, attempt.tryBlock) ? attempt.catchClause?.block : undefined
  return (
    handler !== undefined &&
    all(handler, ts.isReturnStatement).some(({ expression }) => expression?.getText().includes(text))
  )
}
