import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { bare, functionAt, nameOf, own } from '../syntax.js'
import { isEntry, type ProcessStore } from './process-stores.js'

const MAX_DEPTH = 6
const ARITHMETIC = new Set([
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
])

/**
 * The members of an entry that a number is made of, through locals and the functions that give them out: `count` of
 * `(hits.get(ip)?.count ?? 0) + 1`; `` is the entry itself, and `.length` stands for what grows by `push`.
 */
export function membersOf(
  node: ts.Expression,
  store: ProcessStore,
  context: RuleContext,
  depth = 0,
): string[] {
  const value = bare(node)
  if (depth > MAX_DEPTH || !isEntry(value, store, context)) return []
  const of = (inner: ts.Expression) => membersOf(inner, store, context, depth + 1)
  if (ts.isBinaryExpression(value))
    return ARITHMETIC.has(value.operatorToken.kind) ? [...of(value.left), ...of(value.right)] : []
  if (ts.isConditionalExpression(value)) return [...of(value.whenTrue), ...of(value.whenFalse)]
  if (ts.isPrefixUnaryExpression(value) || ts.isPostfixUnaryExpression(value)) return of(value.operand)
  if (ts.isPropertyAccessExpression(value)) {
    if (isStore(value, store)) return []
    const given = memberOfAnswer(value, context)
    if (given) return of(given)
    const isLength = value.name.text === 'length' || value.name.text === 'size'
    return isLength ? of(value.expression).map((each) => `${each}.length`) : [value.name.text]
  }
  if (ts.isElementAccessExpression(value)) {
    const index = value.argumentExpression
    return isStore(value.expression, store) || !ts.isLiteralExpression(index) ? [''] : [`[${index.text}]`]
  }
  if (ts.isCallExpression(value)) return ofCall(value, of, store, context)
  return ts.isIdentifier(value) ? ofName(value, of, store, context) : []
}

/** `usage.minute`, where `usage` is what a function gives out as `{ minute: times.length }`. */
function memberOfAnswer(
  { expression, name }: ts.PropertyAccessExpression,
  { project }: RuleContext,
): ts.Expression | undefined {
  const local = ts.isIdentifier(bare(expression)) ? project.declarationOf(bare(expression)) : undefined
  const made =
    local && ts.isVariableDeclaration(local) && local.initializer ? bare(local.initializer) : undefined
  const call = made && ts.isAwaitExpression(made) ? bare(made.expression) : made
  if (!call || !ts.isCallExpression(call)) return undefined
  const declaration = project.declarationOf(nameOf(call.expression))
  const maker = declaration && functionAt(declaration)
  const answers = maker && ts.isBlock(maker.body) ? own(maker.body, ts.isReturnStatement) : []
  for (const answer of answers) {
    const value = answer.expression && bare(answer.expression)
    const literal = value && ts.isObjectLiteralExpression(value) ? value : undefined
    const member = literal?.properties.find((each) => each.name?.getText() === name.text)
    if (member && ts.isPropertyAssignment(member)) return member.initializer
    if (member && ts.isShorthandPropertyAssignment(member)) return member.name
  }
  return undefined
}

function isStore(node: ts.Expression, { uses }: ProcessStore): boolean {
  const value = bare(node)
  const name = ts.isPropertyAccessExpression(value) ? value.name : value
  return uses.some((use) => use.node === name)
}

function ofCall(
  call: ts.CallExpression,
  of: (inner: ts.Expression) => string[],
  store: ProcessStore,
  { project }: RuleContext,
): string[] {
  const { expression: callee } = call
  if (ts.isPropertyAccessExpression(callee)) {
    if (isStore(callee.expression, store)) return callee.name.text === 'get' ? [''] : []
    // `times.filter((each) => each > start)` is what is left of it.
    const received = of(callee.expression)
    if (received.length > 0) return received
  }
  const declaration = project.declarationOf(nameOf(callee))
  const maker = declaration && functionAt(declaration)
  if (!maker) return call.arguments.flatMap((each) => of(each))
  if (!ts.isBlock(maker.body)) return of(maker.body as ts.Expression)
  return own(maker.body, ts.isReturnStatement).flatMap(({ expression }) => (expression ? of(expression) : []))
}

function ofName(
  name: ts.Identifier,
  of: (inner: ts.Expression) => string[],
  store: ProcessStore,
  { project }: RuleContext,
): string[] {
  const declaration = project.declarationOf(name)
  if (!declaration) return []
  if (ts.isBindingElement(declaration)) return [(declaration.propertyName ?? declaration.name).getText()]
  const isLocal = ts.isVariableDeclaration(declaration) && !store.uses.some((use) => use.node === name)
  return isLocal && declaration.initializer ? of(declaration.initializer) : ['']
}
