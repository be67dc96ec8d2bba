import ts from 'typescript'
import { all, bare, isMaking, lastName } from '../../syntax.js'
import { NAMES_BACKEND } from './names-backend.js'

const SERVES = /cache|limit|throttl|session|store/i
const MAKES = /^(?:create|make|build|new|init|use|register)/i

/** `new ResponseCache({ client: redis })`: one of the two paths has a cache, limiter or store, the other has not. */
export function isBuiltWith(thing: ts.Expression, part: ts.Node): boolean {
  const text = bare(thing).getText()
  return constructionsOf(part).some(({ arguments: given }) => given?.some((each) => isOne([text], each)))
}

// They tell of it, end it, or pass it to where it is kept; what a queue or a socket does with it is another matter.
const ASKS_NOTHING =
  /^(?:log|debug|info|warn|error|trace|String|Boolean|stringify|assign|isArray|keys|resolve|reject|next|done|cb|callback|expect|set|decorate|provide|bind|on|once|off)$|close|quit|connect|acquire|^end|describe|report|shut|stop|destroy|dispose|cleanup|ping|health|status|metric|adapter|queue|worker|subscri|pubsub|socket|lock|instrument|inspect/i

/** `cache ? withCache(load, { cache }) : load`: a call that is given what the branch asks for, or one of the things that it asks for. */
export function isHandedOn(asked: ts.Expression, part: ts.Node): boolean {
  const names = namesIn(asked)
  return names.length > 0 && takersOf(names, part).length > 0
}

/** Whether one of the two paths hands it to what the other does not: `if (redis === null) return hold(redis)` hands on nothing. */
export function isHandedToOne(thing: ts.Expression, [then, ...others]: readonly ts.Node[]): boolean {
  const names = namesIn(thing)
  if (!then || names.length === 0) return false
  const there = new Set(takersOf(names, then))
  const elsewhere = new Set(others.flatMap((part) => takersOf(names, part)))
  const isMoreThere = [...there].some((each) => !elsewhere.has(each))
  const isMoreElsewhere = [...elsewhere].some((each) => !there.has(each))
  return asksForAbsence(thing) && others.length > 0 ? isMoreElsewhere : isMoreThere || isMoreElsewhere
}

/** `!cache`, `cache === undefined`. */
function asksForAbsence(thing: ts.Expression): boolean {
  let each: ts.Node = thing
  while (ts.isParenthesizedExpression(each.parent)) each = each.parent
  const { parent } = each
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken
  return (
    ts.isBinaryExpression(parent) &&
    (parent.operatorToken.kind === ts.SyntaxKind.EqualsEqualsToken ||
      parent.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken)
  )
}

/** What is called with one of the names. */
function takersOf(names: readonly string[], part: ts.Node): string[] {
  return all(part, isMaking)
    .filter(
      (call) =>
        !ASKS_NOTHING.test(lastName(call.expression)) && call.arguments?.some((each) => isOne(names, each)),
    )
    .map(({ expression }) => expression.getText())
}

/** The things that a condition names, as written; of `a.cache`, not `a`. */
function namesIn(asked: ts.Expression): string[] {
  const names = [...all(asked, ts.isIdentifier), ...all(asked, ts.isPropertyAccessExpression)]
  return names
    .filter(
      (each) =>
        NAMES_BACKEND.test(lastName(each)) &&
        !(ts.isPropertyAccessExpression(each.parent) && each.parent.name === each),
    )
    .map((each) => each.getText())
}

/** One of the names, or an object with one of them. */
function isOne(names: readonly string[], given: ts.Expression): boolean {
  const value = bare(given)
  if (!ts.isObjectLiteralExpression(value)) return names.includes(value.getText())
  return value.properties.some(
    (each) =>
      (ts.isShorthandPropertyAssignment(each) && names.includes(each.name.text)) ||
      (ts.isPropertyAssignment(each) && names.includes(bare(each.initializer).getText())),
  )
}

export function constructionsOf(part: ts.Node): (ts.NewExpression | ts.CallExpression)[] {
  return all(part, isMaking).filter(
    (node) =>
      SERVES.test(lastName(node.expression)) &&
      (ts.isNewExpression(node) || MAKES.test(lastName(node.expression))),
  )
}
