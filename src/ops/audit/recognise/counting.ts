import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, bare, isAssignment, isWithin } from '../syntax.js'
import { membersOf } from './entry-members.js'
import { isEntry, scopesOf, wordsAround, type ProcessStore } from './process-stores.js'

const COUNTED =
  /limit|attempt|lockout|throttl|quota|request|bucket|usage|abuse|brute|visitor|suspicious|violation|strike|flood|spam/i
const CLOCK = /\bnow\b|Date\.now|new Date\(|performance\.now/

/** An entry is counted up or down with each call and compared with a bound: a window, a bucket, failed attempts. */
export function countsAgainstLimit(store: ProcessStore, context: RuleContext): boolean {
  const scopes = scopesOf(store)
  const counted = scopes.flatMap((scope) => countedIn(scope, store, context))
  if (counted.length === 0 || scopes.some((scope) => isReleased(scope, store, context))) return false
  const counters = new Set(
    counted.flatMap(({ members }) => members).filter((each) => !isInFlight(each, counted)),
  )
  const compared = scopes
    .flatMap((scope) => all(scope, isOrdering))
    .filter((each) => !trims(each) && isBound(each, counters, counted, store, context))
  if (compared.length === 0) return false
  return (
    COUNTED.test(wordsAround(store)) ||
    compared.some((each) => /limit|quota/i.test(each.getText())) ||
    (compared.some(refuses) &&
      (scopes.some((scope) => CLOCK.test(scope.getText())) || isEmptiedByTimer(store)))
  )
}

/** What follows is an answer; where it is not, something else is chosen by a number. */
function refuses(compared: ts.Node): boolean {
  const branch = above(compared, ts.isIfStatement)
  const isAsked = branch !== undefined && isWithin(compared, branch.expression)
  if (isAsked)
    return /\breturn\b|\bthrow\b|429|reject|\w*(?:lock|block|ban)\w*\s*(?:=|\.add)/i.test(
      branch.thenStatement.getText(),
    )
  return above(compared, isAnswer) !== undefined
}

function isAnswer(
  node: ts.Node,
): node is ts.ReturnStatement | ts.ArrowFunction | ts.VariableDeclaration | ts.PropertyAssignment {
  return (
    ts.isReturnStatement(node) ||
    (ts.isArrowFunction(node) && !ts.isBlock(node.body)) ||
    ts.isVariableDeclaration(node) ||
    ts.isPropertyAssignment(node)
  )
}

interface Counted {
  /** What is counted, by its name in the entry. */
  members: string[]
  direction: 'up' | 'down'
  within: ts.Node
}

/** `bucket.count++`, `tokens -= 1`, `times.push(now)`, `set(key, { hits: hits + 1 })`. */
function countedIn(scope: ts.Node, store: ProcessStore, context: RuleContext): Counted[] {
  const found: Counted[] = []
  const note = (members: string[], direction: 'up' | 'down') =>
    found.push({ members, direction, within: scope })
  const membersIn = (node: ts.Expression) => membersOf(node, store, context)
  for (const node of all(scope, ts.isExpression)) {
    const step = stepOf(node)
    if (step && isEntry(step.target, store, context)) note(membersIn(step.target), step.direction)
    if (isAssignment(node) && isEntry(node.left, store, context)) {
      const grown = grownBy(node.right, store, context)
      if (grown)
        note(
          membersIn(node.left).map((each) => `${each}${grown.suffix}`),
          grown.direction,
        )
    }
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) continue
    const { name, expression } = node.expression
    const isAdded = /^(?:push|unshift|add)$/.test(name.text) && isEntry(expression, store, context)
    if (isAdded)
      note(
        membersIn(expression).map((each) => `${each}.length`),
        'up',
      )
  }
  for (const { initializer } of all(scope, ts.isVariableDeclaration)) {
    const grown = initializer && grownBy(initializer, store, context)
    if (grown && grown.isOne) note(membersIn(initializer), grown.direction)
  }
  for (const { args } of store.uses.filter(({ within }) => isWithin(within ?? scope, scope)))
    for (const each of args.slice(1)) noteWritten(each, note, store, context)
  return found
}

/** What a new entry says of the old one. */
function noteWritten(
  written: ts.Expression,
  note: (members: string[], direction: 'up' | 'down') => void,
  store: ProcessStore,
  context: RuleContext,
): void {
  const value = whatIsWritten(written, context)
  const grown = grownBy(value, store, context)
  if (grown) note([grown.suffix], grown.direction)
  if (!ts.isObjectLiteralExpression(value)) return
  for (const property of value.properties) {
    if (!ts.isPropertyAssignment(property)) continue
    const of = grownBy(property.initializer, store, context)
    if (of) note([`${property.name.getText()}${of.suffix}`], of.direction)
  }
}

/** `const next = { count: old.count + 1 }`, and then `set(key, next)`. */
function whatIsWritten(written: ts.Expression, { project }: RuleContext): ts.Expression {
  const value = bare(written)
  const declaration = ts.isIdentifier(value) ? project.declarationOf(value) : undefined
  const made =
    declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
      ? bare(declaration.initializer)
      : undefined
  return made && ts.isObjectLiteralExpression(made) ? made : value
}

function stepOf(node: ts.Expression): { target: ts.Expression; direction: 'up' | 'down' } | undefined {
  if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.PlusPlusToken) return { target: node.operand, direction: 'up' }
    if (node.operator === ts.SyntaxKind.MinusMinusToken) return { target: node.operand, direction: 'down' }
  }
  if (!ts.isBinaryExpression(node)) return undefined
  const { kind } = node.operatorToken
  if (kind === ts.SyntaxKind.PlusEqualsToken) return { target: node.left, direction: 'up' }
  return kind === ts.SyntaxKind.MinusEqualsToken ? { target: node.left, direction: 'down' } : undefined
}

interface Grown {
  /** What is counted of a list. */
  suffix: string
  direction: 'up' | 'down'
  isOne: boolean
}

/** `old + 1`, `old - 1`, `[...old, now]`: of what was there, more or less. */
function grownBy(node: ts.Expression, store: ProcessStore, context: RuleContext): Grown | undefined {
  const value = bare(node)
  if (ts.isArrayLiteralExpression(value)) {
    const isLonger = value.elements.length > 1 && value.elements.some(ts.isSpreadElement)
    return isLonger && isEntry(value, store, context)
      ? { suffix: '.length', direction: 'up', isOne: false }
      : undefined
  }
  if (!ts.isBinaryExpression(value) || CLOCK.test(value.getText()) || !isEntry(value, store, context))
    return undefined
  const { kind } = value.operatorToken
  const isOne = [value.left, value.right].some((side) => bare(side).getText() === '1')
  if (kind === ts.SyntaxKind.PlusToken && !isText(value)) return { suffix: '', direction: 'up', isOne }
  return kind === ts.SyntaxKind.MinusToken ? { suffix: '', direction: 'down', isOne } : undefined
}

function isText(node: ts.Node): boolean {
  return all(node, ts.isStringLiteralLike).length > 0 || all(node, ts.isTemplateExpression).length > 0
}

/** Up at the start of the work and down at its end, in another function: what is in flight here is this process's own. */
function isInFlight(member: string, counted: readonly Counted[]): boolean {
  const of = counted.filter(({ members }) => members.includes(member))
  const ups = new Set(of.filter(({ direction }) => direction === 'up').map(({ within }) => within))
  return ups.size > 0 && of.some(({ direction, within }) => direction === 'down' && !ups.has(within))
}

/** One side of a comparison is what is counted; zero is a bound of what is counted down alone. */
function isBound(
  { left, right }: ts.BinaryExpression,
  counters: ReadonlySet<string>,
  counted: readonly Counted[],
  store: ProcessStore,
  context: RuleContext,
): boolean {
  return [
    { side: left, other: right },
    { side: right, other: left },
  ].some(({ side, other }) => {
    // A time is compared with another.
    if (CLOCK.test(side.getText()) || CLOCK.test(other.getText()) || !isEntry(side, store, context))
      return false
    const found = membersOf(side, store, context).filter((each) => counters.has(each))
    if (found.length === 0 || bare(other).getText() !== '0') return found.length > 0
    return counted.some(
      ({ direction, members }) => direction === 'down' && members.some((each) => found.includes(each)),
    )
  })
}

/** `if (list.length > 100) list.shift()` keeps a list short, and refuses nobody. */
function trims(compared: ts.Node): boolean {
  const branch = above(compared, (node) => ts.isIfStatement(node) || ts.isWhileStatement(node))
  if (!branch || !isWithin(compared, branch.expression)) return false
  const body = ts.isIfStatement(branch) ? branch.thenStatement : branch.statement
  const leaves = all(body, ts.isReturnStatement).length > 0 || all(body, ts.isThrowStatement).length > 0
  return !leaves && /\.(?:shift|splice|pop|slice|delete)\(|\.length\s*=/.test(body.getText())
}

/** Counted down again in a `finally`: work in flight here, which is this process's own. */
function isReleased(scope: ts.Node, store: ProcessStore, context: RuleContext): boolean {
  return all(scope, ts.isTryStatement).some(
    ({ finallyBlock }) =>
      finallyBlock !== undefined &&
      all(finallyBlock, ts.isIdentifier).some((name) => isEntry(name, store, context)),
  )
}

/** `setInterval(() => counts.clear(), 1000)`: the window ends for all at once. */
function isEmptiedByTimer({ uses }: ProcessStore): boolean {
  return uses.some(({ node, method }) => {
    const call = method === 'clear' ? above(node, ts.isFunctionLike)?.parent : undefined
    return call !== undefined && ts.isCallExpression(call) && call.expression.getText() === 'setInterval'
  })
}

export function isOrdering(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.LessThanToken &&
    node.operatorToken.kind <= ts.SyntaxKind.GreaterThanEqualsToken
  )
}
