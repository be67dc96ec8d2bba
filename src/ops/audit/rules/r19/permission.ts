import ts from 'typescript'
import { wordsIn } from '../../recognise/key-words.js'
import { all, bare, isNull, lastName, own } from '../../syntax.js'

/** A place that lets only some callers go on. */
export interface PermissionCheck {
  node: ts.Node
  /** Whom it speaks of: the person, or only their organisation. */
  subject: 'user' | 'tenant'
}

const ASKS =
  /^(?:can(?:Read|View|Access|See|Write|Edit|Use|Open|User|Manage)\w*|can|cannot|authori[sz]e\w*|(?:assert|check|ensure|enforce|require|verify|validate|has|user)(?:User|Can|Document|Resource|Project|Workspace|Tenant|Org\w*|Team|Read|View|Write)*(?:Permissions?|Access|Ownership|Owner|Role|Authori[sz]ation|Membership|Member|Can(?:Read|View|Access)|Read|Tenant|Policy)\w*|has(?:Permission|Access|Role)\w*|is(?:Owner|Allowed|Authori[sz]ed|Permitted|Member|Admin)\w*)$/
const USER = new Set(
  'user viewer actor principal session member caller account uid sub owner author me creator created requester'.split(
    ' ',
  ),
)
const TENANT = new Set('tenant org organization organisation workspace team company'.split(' '))
const DENIES = /\b40[134]\b|forbidden|unauthori[sz]ed|not ?found|denied|permission|access|redirect/i

/** The checks below a node: questions that refuse, assertions, comparisons with the owner or tenant. */
export function permissionChecksIn(root: ts.Node): PermissionCheck[] {
  return [...assertionsIn(root), ...all(root, ts.isIfStatement).flatMap((each) => refusalAt(each) ?? [])]
}

/** `await assertCanRead(user, doc)`: it throws. */
function assertionsIn(root: ts.Node): PermissionCheck[] {
  return all(root, ts.isExpressionStatement).flatMap(({ expression }) => {
    const call = bare(expression)
    if (!ts.isCallExpression(call) || !ASKS.test(lastName(call.expression))) return []
    return [{ node: call, subject: subjectOf(call) }]
  })
}

function refusalAt(node: ts.IfStatement): PermissionCheck | undefined {
  if (!refuses(node.thenStatement)) return undefined
  const call = all(node.expression, ts.isCallExpression).find((each) => ASKS.test(lastName(each.expression)))
  if (call) return { node: node.expression, subject: subjectOf(call) }
  const compared = all(node.expression, ts.isBinaryExpression).find(isOwnership)
  return compared && { node: node.expression, subject: subjectOf(compared) }
}

/** Throws, or answers that there is nothing to see. */
function refuses(statement: ts.Statement): boolean {
  if (own(statement, ts.isThrowStatement).length > 0) return true
  return own(statement, ts.isReturnStatement).some(({ expression }) => {
    if (!expression) return DENIES.test(statement.getText())
    const value = bare(expression)
    return isNull(value) || value.kind === ts.SyntaxKind.FalseKeyword || DENIES.test(value.getText())
  })
}

/** `doc.tenantId !== tenantId`: a member of what was loaded, and somebody's id. */
function isOwnership({ left, right, operatorToken: { kind } }: ts.BinaryExpression): boolean {
  if (kind !== ts.SyntaxKind.ExclamationEqualsEqualsToken && kind !== ts.SyntaxKind.ExclamationEqualsToken)
    return false
  const sides = [bare(left), bare(right)]
  const isName = (node: ts.Expression) => ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)
  if (!sides.every(isName) || sides.some(isNull)) return false
  return (
    sides.some((side) => ts.isPropertyAccessExpression(side)) &&
    sides.every((side) => wordsIn(lastName(side)).includes('id') || isPerson(wordsIn(lastName(side)))) &&
    sides.every((side) => isPerson(wordsIn(side.getText())))
  )
}

function isPerson(words: string[]): boolean {
  return words.some((word) => USER.has(word) || TENANT.has(word))
}

function subjectOf(node: ts.Node): PermissionCheck['subject'] {
  const words = all(node, ts.isIdentifier).flatMap(({ text }) => wordsIn(text))
  const isOfTenant = words.some((word) => TENANT.has(word)) && !words.some((word) => USER.has(word))
  return isOfTenant ? 'tenant' : 'user'
}

/** Whether a key tells callers apart as finely as the check does: each finds only what was stored for them. */
export function isScoped(words: readonly string[], subject: PermissionCheck['subject']): boolean {
  if (words.some((word) => USER.has(word) || /^(?:token|apikey|role|permission|scope|acl)$/.test(word)))
    return true
  return subject === 'tenant' && words.some((word) => TENANT.has(word))
}
