import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all, isAssignment, isFunction, isPrivate, own } from '../syntax.js'
import { methods, nameOfShape, type Shaped } from './cache-shape.js'

// `checkPermission` and `checkStock` answer with a boolean as well.
const CHECK = String.raw`check(?:\w*(?:Rate|Limit|Quota|Throttl|Allow|Bucket|Window|Attempt|Request|Budget|Usage|Abuse|Flood|Cooldown|Burst)\w*)?`
const LIMIT = new RegExp(
  `^(?:${CHECK}|consume(?:Tokens|Points|Quota)?|limit|isRateLimited|isAllowed|isLimited|hit|acquire|tryAcquire)$`,
)
const NAMES_LIMIT = /limit|throttl|rate|quota|flood|spam|abuse/i
const ANSWER = /^(?:allowed|success|remaining\w*|limited|ok|isAllowed|exceeded)$/
// An interface named `Result` may have `ok` and `success` for anything.
const ANSWER_OF_LIMITER = /^(?:allowed|remaining\w*|\w*Remaining|limited|isAllowed|exceeded)$/
const COLLECTION = /^(?:Map|Set|LRU\w*|\w*Cache|Array)$/
/** What changes a collection, of the language or of a package. */
export const MUTATES = /^(?:set|put|add|push|unshift|splice|del|delete|clear)$/

// Who acquires a lock is not limited.
const LOCK_NAME = /lock(?!ed|list)|mutex|semaphore|pool/i

// A field whose type leads nowhere: what it is named for is not state of this process.
export const NAMES_BACKEND = /redis|valkey|upstash|client|connection|adapter|driver|(?:^|_)kv$/i

/** A method that checks or consumes and says whether the caller may go on. */
export function isLimiterShaped(node: Shaped, project: Project): boolean {
  const name = nameOfShape(node)
  if ((!ts.isClassLike(node) && !/limit/i.test(name)) || LOCK_NAME.test(name)) return false
  // Who checks for itself alone has other work, unless it is named for this.
  return [...methods(node)].some(
    ([method, signature]) =>
      isLimiting(method, signature, project) && (!isPrivate(signature) || NAMES_LIMIT.test(name)),
  )
}

/** `limit`, `check`, `consume`: what limiters are asked by. */
export function namesCheck(method: string): boolean {
  return LIMIT.test(method)
}

/** A function that is named for a check, and says whether the caller may go on. */
export function isLimiting(name: string, signature: ts.SignatureDeclaration, project: Project): boolean {
  if (!LIMIT.test(name)) return false
  if (name.includes('cquire')) return true
  return answersCaller(signature, project)
}

/** Asked with a parameter, it returns a boolean, or an object with one of the members that limiters answer with. */
export function answersCaller(signature: ts.SignatureDeclaration, project: Project): boolean {
  // Without a parameter it is an answer that was already given, not the one who gives it.
  if (signature.parameters.length === 0) return false
  const answer = project.returnTypeOf(signature).awaited()
  if (answer.isBoolean || answer.members().some((member) => ANSWER.test(member.name))) return true
  return answer.declarations
    .filter(ts.isInterfaceDeclaration)
    .some(({ members }) => members.some(({ name }) => name && ANSWER_OF_LIMITER.test(name.getText())))
}

/** What a class keeps: its fields, accessors, parameter properties, and what its methods assign to `this`. */
export function heldBy(node: ts.ClassLikeDeclaration): { declaration: ts.Node; values: ts.Expression[] }[] {
  const fields = new Map<string, { declaration: ts.Node; values: ts.Expression[] }>()
  for (const member of node.members) {
    if (ts.isPropertyDeclaration(member)) {
      fields.set(member.name.getText(), {
        declaration: member,
        values: member.initializer ? [member.initializer] : [],
      })
    }
    if (ts.isGetAccessor(member)) fields.set(member.name.getText(), { declaration: member, values: [] })
    if (!ts.isConstructorDeclaration(member)) continue
    for (const parameter of member.parameters) {
      if (ts.isParameterPropertyDeclaration(parameter, member)) {
        fields.set(parameter.name.getText(), { declaration: parameter, values: [] })
      }
    }
  }
  for (const { left, right } of all(node, isAssignment)) {
    if (!ts.isPropertyAccessExpression(left) || left.expression.kind !== ts.SyntaxKind.ThisKeyword) continue
    const field = fields.get(left.name.text)
    if (field) field.values.push(right)
    else fields.set(left.name.text, { declaration: left, values: [right] })
  }
  return [...fields.values()]
}

/** A class that stands in for a backend that is not there: whatever it is asked, the answer is one constant. */
export function isPassThrough(node: ts.ClassLikeDeclaration): boolean {
  const asked = [...methods(node)]
    .filter(([name, method]) => (name === 'get' || LIMIT.test(name)) && !isPrivate(method))
    .map(([, method]) => method)
  return (
    asked.length > 0 && asked.filter(isFunction).every(({ body }) => answersAlways(body) && !remembers(body))
  )
}

/** It keeps what it is asked for: an answer may be an object of plain names, and yet come from there. */
function remembers(body: ts.Node): boolean {
  return all(body, ts.isCallExpression).some(({ expression }) =>
    /^this\.#?\w+\.(?:set|put|add|push)$/.test(expression.getText()),
  )
}

/** Whatever it is asked, the answer is one constant. */
export function answersAlways(body: ts.Node): boolean {
  if (!ts.isBlock(body)) return isConstant(body as ts.Expression)
  // An answer that depends on something is no constant, whatever its branches return.
  if (own(body, ts.isIfStatement).length > 0) return false
  const returns = own(body, ts.isReturnStatement)
  const asked = own(body, ts.isVariableDeclaration).filter(
    ({ initializer }) => initializer !== undefined && all(initializer, ts.isCallExpression).length > 0,
  )
  return (
    returns.length > 0 &&
    returns.every(
      ({ expression }) =>
        expression === undefined || (isConstant(expression) && !namesAny(expression, asked)),
    )
  )
}

/** `const found = await client.get(key); return found ?? null`: the answer is what was asked for. */
function namesAny(node: ts.Expression, holders: ts.VariableDeclaration[]): boolean {
  if (holders.length === 0) return false
  const names = new Set(holders.map(({ name }) => name.getText()))
  return all(node, ts.isIdentifier).some(({ text }) => names.has(text))
}

function isConstant(node: ts.Expression): boolean {
  if (ts.isAwaitExpression(node) || ts.isParenthesizedExpression(node)) return isConstant(node.expression)
  if (ts.isCallExpression(node)) {
    return node.expression.getText() === 'Promise.resolve' && node.arguments.every(isConstant)
  }
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.every(
      (each) =>
        !ts.isPropertyAssignment(each) ||
        (!ts.isCallExpression(each.initializer) && all(each, ts.isAwaitExpression).length === 0),
    )
  }
  return !all(node, ts.isCallExpression).length && !ts.isNewExpression(node) && !looksUp(node)
}

/** `this.hits[ip] !== undefined`, `ip in hits`. */
function looksUp(node: ts.Node): boolean {
  return (
    all(node, ts.isElementAccessExpression).some(
      ({ argumentExpression }) => !ts.isLiteralExpression(argumentExpression),
    ) ||
    all(node, ts.isBinaryExpression).some(
      ({ operatorToken }) => operatorToken.kind === ts.SyntaxKind.InKeyword,
    )
  )
}

export function isCollection(node: ts.Expression): node is ts.NewExpression {
  return ts.isNewExpression(node) && ts.isIdentifier(node.expression) && COLLECTION.test(node.expression.text)
}
