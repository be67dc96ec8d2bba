import ts from 'typescript'
import { DECIDES } from '../../recognise/limiter-calls.js'
import type { RuleContext } from '../../rule.js'
import { isFunction, lastName } from '../../syntax.js'

/** What becomes of an answer: somebody may go by it, it is thrown away, or only its figures are read. */
export type Fate = 'heeded' | 'dropped' | 'told only'

const TELLS =
  /^(?:log|info|warn|error|debug|trace|verbose|set|setHeader|header|append|setAttributes?|addEvent|waitUntil|after)$/

/** Follows the value of a call to where it is used. */
export function fateOf(call: ts.Expression, context: RuleContext): Fate {
  let node: ts.Node = call
  for (;;) {
    const { parent } = node
    if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return 'dropped'
    if (isTransparent(parent) || isLastOperand(parent, node)) {
      node = parent
      continue
    }
    const chained = chainedOn(parent, node)
    if (chained) {
      const [onAnswer] = chained.arguments
      const isRead = onAnswer && (!isFunction(onAnswer) || onAnswer.parameters.length > 0)
      if (methodOf(chained) === 'then' && isRead) return 'heeded'
      node = chained
      continue
    }
    if (ts.isVariableDeclaration(parent)) return fateOfName(parent.name, context)
    if (ts.isArrayLiteralExpression(parent)) return fateInArray(parent, node, context)
    return 'heeded'
  }
}

function isTransparent(node: ts.Node): node is ts.Expression {
  return (
    ts.isAwaitExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node)
  )
}

/** `isOn && limiter.check(id)`: the value of the whole is the answer. */
function isLastOperand(parent: ts.Node, node: ts.Node): boolean {
  if (ts.isConditionalExpression(parent)) return parent.condition !== node
  return (
    ts.isBinaryExpression(parent) &&
    parent.right === node &&
    (parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ||
      parent.operatorToken.kind === ts.SyntaxKind.BarBarToken ||
      parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
  )
}

function chainedOn(parent: ts.Node, node: ts.Node): ts.CallExpression | undefined {
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== node) return undefined
  const isChain = /^(?:then|catch|finally)$/.test(parent.name.text)
  return isChain && ts.isCallExpression(parent.parent) ? parent.parent : undefined
}

function methodOf(call: ts.CallExpression): string {
  return lastName(call.expression)
}

/** `await Promise.all([limiter.check(id), load()])` as a statement, or with a hole where the answer is. */
function fateInArray(array: ts.ArrayLiteralExpression, node: ts.Node, context: RuleContext): Fate {
  const call = array.parent
  if (!ts.isCallExpression(call) || !/^Promise\.all(?:Settled)?$/.test(call.expression.getText()))
    return 'heeded'
  let each: ts.Node = call
  while (isTransparent(each.parent)) each = each.parent
  if (ts.isExpressionStatement(each.parent)) return 'dropped'
  if (!ts.isVariableDeclaration(each.parent) || !ts.isArrayBindingPattern(each.parent.name)) return 'heeded'
  if (call.expression.getText().endsWith('Settled')) return 'heeded'
  const { elements } = each.parent.name
  const element = elements[array.elements.indexOf(node as ts.Expression)]
  if (!element || ts.isOmittedExpression(element)) return elements.some(isRest) ? 'heeded' : 'dropped'
  return fateOfName(element.name, context)
}

function isRest(element: ts.ArrayBindingElement): boolean {
  return ts.isBindingElement(element) && element.dotDotDotToken !== undefined
}

function fateOfName(name: ts.BindingName, context: RuleContext): Fate {
  if (ts.isIdentifier(name)) return ofUses(usesOf(name.parent as ts.NamedDeclaration, context).map(fateOfUse))
  if (ts.isArrayBindingPattern(name) || name.elements.some(isRest)) return 'heeded'
  const fates = name.elements.flatMap((element) => {
    const member = (element.propertyName ?? element.name).getText()
    if (!ts.isIdentifier(element.name)) return ['heeded' as const]
    return usesOf(element, context).map((use) => fateOfMember(use, member))
  })
  return ofUses(fates)
}

function ofUses(fates: Fate[]): Fate {
  if (fates.includes('heeded')) return 'heeded'
  return fates.includes('told only') ? 'told only' : 'dropped'
}

/** The uses of a name, also those that the index of references leaves out: `{ name }`. */
function usesOf(declaration: ts.NamedDeclaration, { references }: RuleContext): ts.Node[] {
  return references.to(declaration)
}

function fateOfUse(use: ts.Node): Fate {
  const { parent } = use
  if (ts.isPropertyAccessExpression(parent) && parent.expression === use) {
    return fateOfMember(parent, parent.name.text)
  }
  return isTold(use, false) ? 'told only' : 'heeded'
}

/** What tells whether to go on is heeded wherever code can act on it; a figure only where something depends on it. */
function fateOfMember(use: ts.Node, member: string): Fate {
  return isTold(use, !DECIDES.test(member)) ? 'told only' : 'heeded'
}

/** It ends in a log line, a header or a span, through texts and objects on the way. */
function isTold(use: ts.Node, isFigure: boolean): boolean {
  for (let node = use; ; node = node.parent) {
    const { parent } = node
    if (parent === undefined || ts.isStatement(parent)) return false
    if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) {
      if (isFigure && isHeader(parent)) return true
      continue
    }
    if (ts.isCallExpression(parent) && parent.arguments.includes(node as ts.Expression)) {
      if (TELLS.test(methodOf(parent)) && !isCollection(parent)) return true
      if (!isFormatting(parent)) return false
      continue
    }
    if (ts.isNewExpression(parent) && !/^(?:Date|Headers)$/.test(parent.expression.getText())) return false
    if (ts.isFunctionLike(parent) || ts.isVariableDeclaration(parent)) return false
    if (ts.isConditionalExpression(parent) && parent.condition === node) return false
    if (ts.isBinaryExpression(parent) && !isArithmetic(parent)) return false
  }
}

function isHeader(property: ts.PropertyAssignment | ts.ShorthandPropertyAssignment): boolean {
  if (/^['"](?:x-)?(?:rate-?limit|retry-after)/i.test(property.name.getText())) return true
  for (let each: ts.Node = property; each.parent !== undefined; each = each.parent) {
    if (ts.isPropertyAssignment(each) && /^headers$/i.test(each.name.getText())) return true
    if (ts.isStatement(each)) return false
  }
  return false
}

/** `map.set(key, answer)`: whoever reads the map may go by it. */
function isCollection(call: ts.CallExpression): boolean {
  return (
    methodOf(call) === 'set' && !/header|res\b|reply|response|ctx|\bc\b|span/i.test(call.expression.getText())
  )
}

function isFormatting(call: ts.CallExpression): boolean {
  return /^(?:String|Number|Math\.\w+|JSON\.stringify)$/.test(call.expression.getText())
}

function isArithmetic({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.AsteriskToken && kind <= ts.SyntaxKind.MinusToken
}
