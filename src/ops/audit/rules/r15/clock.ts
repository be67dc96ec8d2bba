import ts from 'typescript'
import type { RuleContext } from '../../rule.js'
import { bare, functionAt, nameOf } from '../../syntax.js'

const CLOCK =
  /^(?:Date\.now|performance\.now|process\.hrtime(?:\.bigint)?|(?:dayjs|moment)(?:\.utc)?|DateTime\.(?:now|utc)|Temporal\.Now\.\w+)$/
const KEEPS =
  /^(?:Math\.\w+|Number(?:\.parse(?:Int|Float))?|String|BigInt|parse(?:Int|Float)|(?:\w+\.)*(?:toString|toFixed|getTime|valueOf|toISOString|unix|toMillis|toSeconds))$/
const MAX_DEPTH = 6

/** Where a value reads the clock of this process as a point in time; durations and names made from it are none. */
export function clockIn(node: ts.Expression, context: RuleContext, depth = 0): ts.Node | undefined {
  const value = bare(node)
  if (depth > MAX_DEPTH) return undefined
  const follow = (each: ts.Expression) => clockIn(each, context, depth + 1)
  if (ts.isNewExpression(value)) return isNow(value) ? value : firstOf(value.arguments ?? [], follow)
  if (ts.isPrefixUnaryExpression(value)) return follow(value.operand)
  if (ts.isConditionalExpression(value)) return follow(value.whenTrue) ?? follow(value.whenFalse)
  if (ts.isBinaryExpression(value)) return inOperator(value, follow)
  // Together with something else it is a name that is used once, not a time.
  if (ts.isTemplateExpression(value)) {
    const [span, ...others] = value.templateSpans
    return others.length === 0 && !value.head.text && !span!.literal.text
      ? follow(span!.expression)
      : undefined
  }
  if (ts.isCallExpression(value)) return inCall(value, context, depth, follow)
  if (ts.isIdentifier(value) || ts.isPropertyAccessExpression(value)) return ofName(value, context, follow)
  return undefined
}

function isNow(node: ts.NewExpression): boolean {
  return node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0
}

type Follow = (node: ts.Expression) => ts.Node | undefined

function firstOf(nodes: readonly ts.Expression[], follow: Follow): ts.Node | undefined {
  for (const each of nodes) {
    const found = follow(each)
    if (found) return found
  }
  return undefined
}

function inOperator(
  { left, right, operatorToken }: ts.BinaryExpression,
  follow: Follow,
): ts.Node | undefined {
  switch (operatorToken.kind) {
    case ts.SyntaxKind.MinusToken: {
      // What is left until a moment, and what has passed since one, are durations.
      return follow(right) ? undefined : follow(left)
    }
    case ts.SyntaxKind.PlusToken: {
      const isText = [left, right].some(
        (each) => ts.isStringLiteralLike(bare(each)) || ts.isTemplateExpression(bare(each)),
      )
      return isText ? undefined : (follow(left) ?? follow(right))
    }
    case ts.SyntaxKind.SlashToken:
      return follow(left)
    case ts.SyntaxKind.AsteriskToken:
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.BarBarToken:
      return follow(left) ?? follow(right)
    default:
      return undefined
  }
}

function inCall(
  call: ts.CallExpression,
  context: RuleContext,
  depth: number,
  follow: Follow,
): ts.Node | undefined {
  const callee = bare(call.expression)
  const name = callee.getText().replaceAll(/[?!]/g, '')
  if (CLOCK.test(name)) return call.arguments.length === 0 || name.startsWith('process') ? call : undefined
  if (/^(?:Math|Number|String|BigInt|parse)/.test(name) && KEEPS.test(name))
    return firstOf(call.arguments, follow)
  if (ts.isPropertyAccessExpression(callee) && KEEPS.test(callee.name.text)) return follow(callee.expression)
  const declaration = context.project.declarationOf(nameOf(callee))
  if (!declaration) return undefined
  // `clock = Date.now`, called later.
  if ((ts.isParameter(declaration) || ts.isVariableDeclaration(declaration)) && declaration.initializer) {
    if (CLOCK.test(declaration.initializer.getText())) return call
  }
  const body = depth < MAX_DEPTH ? functionAt(declaration) : undefined
  const returns = body ? context.products.returnsOf(body) : []
  return returns.some(({ value }) => value && clockIn(value, context, depth + 2)) ? call : undefined
}

function ofName(
  node: ts.Identifier | ts.PropertyAccessExpression,
  context: RuleContext,
  follow: Follow,
): ts.Node | undefined {
  const declaration = context.project.declarationOf(nameOf(node))
  if (!declaration) return undefined
  if (ts.isParameter(declaration)) {
    const found = declaration.initializer && follow(declaration.initializer)
    return found ?? firstOf(argumentsFor(declaration, context), follow)
  }
  const isHolder =
    ts.isVariableDeclaration(declaration) ||
    ts.isBindingElement(declaration) ||
    ts.isPropertyAssignment(declaration)
  if (isHolder && declaration.initializer) {
    // What is counted on, such as the key of a window, is another value each time; a time is read and kept.
    return follow(declaration.initializer)
  }
  return undefined
}

/** What callers pass for a parameter. */
function argumentsFor(parameter: ts.ParameterDeclaration, { references }: RuleContext): ts.Expression[] {
  const { parent } = parameter
  const index = parent.parameters.indexOf(parameter)
  const declaration = parent.name ? parent : parent.parent
  const isNamed =
    ts.isFunctionDeclaration(declaration) ||
    ts.isMethodDeclaration(declaration) ||
    ts.isVariableDeclaration(declaration)
  if (!isNamed) return []
  return references.to(declaration).flatMap((use) => {
    const callee = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
    const { parent: call } = callee
    const argument =
      ts.isCallExpression(call) && call.expression === callee ? call.arguments[index] : undefined
    return argument ? [argument] : []
  })
}
