import ts from 'typescript'
import { all, bare, lastName } from '../syntax.js'

const LEVEL =
  /^(?:log|info|warn|warning|error|debug|trace|verbose|fatal|http|notice|silly|critical|write|print|dir)$/
const LOGGER = /^(?:console|stdout|stderr|consola|signale|winston|pino|bunyan|fastify)$|log(?:ger)?$|^log/i
const MAX_DEPTH = 6

/** Whether a function writes what it is given to a log: `console.error`, `this.logger.warn`, `log`. */
export function isLogFunction(node: ts.Expression): boolean {
  const callee = bare(node)
  if (ts.isIdentifier(callee)) return /^(?:log|debug|logger|print)$/.test(callee.text)
  return (
    ts.isPropertyAccessExpression(callee) &&
    LEVEL.test(callee.name.text) &&
    LOGGER.test(lastName(callee.expression))
  )
}

/** The log lines that are written below a node. */
export function logCallsIn(root: ts.Node): ts.CallExpression[] {
  return all(root, ts.isCallExpression).filter(({ expression }) => isLogFunction(expression))
}

/** One value that a log line shows. */
export interface Told {
  node: ts.Expression
  /** `text`: as it reads in a string; `whole`: with all its members. */
  as: 'text' | 'whole'
}

/** What a log line shows unchanged: names and members, through texts, objects, defaults and `JSON.stringify`. */
export function toldBy(call: ts.CallExpression): Told[] {
  return call.arguments.flatMap((each) => toldIn(each, 'whole', 0))
}

function toldIn(expression: ts.Expression, as: Told['as'], depth: number): Told[] {
  const node = bare(expression)
  const inside = (each: ts.Expression, how: Told['as'] = as) => toldIn(each, how, depth + 1)
  if (depth > MAX_DEPTH) return []
  if (ts.isTemplateExpression(node))
    return node.templateSpans.flatMap((span) => inside(span.expression, 'text'))
  if (ts.isConditionalExpression(node)) {
    // What is no error has no members to give away.
    const isNarrowed = /\binstanceof\b/.test(node.condition.getText())
    return [...inside(node.whenTrue), ...(isNarrowed ? [] : inside(node.whenFalse))]
  }
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken
    if (kind === ts.SyntaxKind.PlusToken) return [...inside(node.left, 'text'), ...inside(node.right, 'text')]
    const isDefault = kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken
    return isDefault ? [...inside(node.left), ...inside(node.right)] : []
  }
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap((each) => inside(each))
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.flatMap((each) => {
      if (ts.isPropertyAssignment(each)) return inside(each.initializer)
      if (ts.isShorthandPropertyAssignment(each)) return [{ node: each.name, as }]
      return ts.isSpreadAssignment(each) ? inside(each.expression) : []
    })
  }
  if (ts.isCallExpression(node)) return toldByCall(node, inside)
  const isName =
    ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)
  return isName ? [{ node, as }] : []
}

function toldByCall(
  node: ts.CallExpression,
  inside: (each: ts.Expression, how?: Told['as']) => Told[],
): Told[] {
  const callee = node.expression.getText()
  const [first] = node.arguments
  if (first && /^(?:JSON\.stringify|(?:util\.)?inspect)$/.test(callee)) {
    // A replacer decides what is shown.
    const isReplaced = callee === 'JSON.stringify' && node.arguments[1]?.kind === ts.SyntaxKind.ArrowFunction
    return isReplaced ? [] : inside(first)
  }
  if (first && callee === 'String') return inside(first, 'text')
  const { expression } = node
  if (!ts.isPropertyAccessExpression(expression)) return []
  if (expression.name.text === 'toString') return inside(expression.expression, 'text')
  return isLongCut(node, expression.name.text) ? inside(expression.expression, 'text') : []
}

/** `url.slice(0, 30)`: the credentials stand at the beginning. */
function isLongCut({ arguments: [from, to] }: ts.CallExpression, method: string): boolean {
  return (
    /^(?:slice|substring|substr)$/.test(method) &&
    from !== undefined &&
    from.getText() === '0' &&
    to !== undefined &&
    ts.isNumericLiteral(to) &&
    Number(to.text) >= 20
  )
}
