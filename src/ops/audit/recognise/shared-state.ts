import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, bare, isAssignment } from '../syntax.js'
import {
  isEntry,
  isHandle,
  manages,
  reads,
  wordsAround,
  writes,
  type ProcessStore,
} from './process-stores.js'
import { standsIn } from './stand-ins.js'
import { wordsOf } from './words.js'

/** Why the entries of a store belong to all instances of the service, not to one. */
export type SharedBecause =
  | 'counts against a limit'
  | 'is a credential'
  | 'remembers what was done'
  | 'stands in for Redis'
  | 'belongs in Redis, as its comment says'

/** Why a store of this process holds state that all instances must share; undefined when it may stay where it is. */
export function sharedBecause(store: ProcessStore, context: RuleContext): SharedBecause | undefined {
  // Never written, or never read again: nobody can rely on it.
  if (!store.uses.some(manages) || !store.uses.some(reads) || isOwnView(store)) return undefined
  if (countsAgainstLimit(store, context)) return 'counts against a limit'
  if (holdsCredentials(store)) return 'is a credential'
  if (remembersDoing(store)) return 'remembers what was done'
  if (standsIn(store, context)) return 'stands in for Redis'
  if (isSaidToBelongElsewhere(store)) return 'belongs in Redis, as its comment says'
  return undefined
}

const SAYS_REDIS =
  /(?:use|replace\w*|switch|move|swap|migrate|should be|back\w* by)\b[^.\n]{0,40}\b(?:redis|valkey|upstash)\b|\b(?:redis|valkey|upstash)\b[^.\n]{0,30}\bin(?: a)? prod/i

// A view of one process, or what is only offered: `use Redis if you want to share it`.
const MAY_STAY = /circuit|breaker|\bcache\b|\bif (?:you|we|it)\b|optional/i

/** `const jobs = new Map() // replace with Redis in production`. A cache may be left as it is all the same. */
function isSaidToBelongElsewhere({ declaration, name }: ProcessStore): boolean {
  if (/cache|memo/i.test(name)) return false
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
  const { text } = statement.getSourceFile()
  const above = text.slice(statement.getFullStart(), statement.getStart())
  const behind = /^[^\n]*/.exec(text.slice(statement.end))?.[0] ?? ''
  // The comment that is nearest: what stands further up speaks of the file.
  return [above.split(/\n\s*\n/).at(-1) ?? '', behind].some(
    (said) => SAYS_REDIS.test(said) && !MAY_STAY.test(said),
  )
}

// What one process has seen of a service, and how often it told somebody.
const VIEW = new Set(['circuit', 'circuits', 'breaker', 'breakers'])
const TELLING = new Set(['alert', 'alerts', 'alerted', 'warn', 'warned', 'warning', 'warnings'])

/** The state of a circuit breaker; when an alert was last written. Each instance is right to have its own. */
function isOwnView(store: ProcessStore): boolean {
  const { declaration } = store
  const holder = holderOf(declaration)
  if (wordsOf(`${holder} ${store.name}`).some((word) => VIEW.has(word))) return true
  return remembersDoing(store) && wordsOf(wordsAround(store)).some((word) => TELLING.has(word))
}

const COUNTED = /limit|attempt|lockout|throttl|quota|request|bucket|usage|abuse|brute/i

/** An entry grows with each call and is compared with a bound: a window, a bucket, failed attempts. */
function countsAgainstLimit(store: ProcessStore, context: RuleContext): boolean {
  const scopes = scopesOf(store)
  const counters = scopes.flatMap((scope) => countersIn(scope, store, context))
  if (counters.length === 0 || scopes.some((scope) => isReleased(scope, store, context))) return false
  const compared = scopes
    .flatMap((scope) => all(scope, isOrdering))
    .filter(({ left, right }) =>
      [left, right].some(
        (side) => counters.includes(shape(side)) && !/\bnow\b|Date\.now/.test(side.getText()),
      ),
    )
  if (compared.length === 0) return false
  return (
    COUNTED.test(wordsAround(store)) ||
    compared.some((each) => /limit|quota/i.test(each.getText())) ||
    scopes.some((scope) => /Date\.now|new Date\(/.test(scope.getText()))
  )
}

/** What is counted up, by its text: `bucket.count`, `log.length` where something is pushed, `used` of `used = … + 1`. */
function countersIn(scope: ts.Node, store: ProcessStore, context: RuleContext): string[] {
  const found: string[] = []
  const isOne = (node: ts.Node) => ts.isNumericLiteral(node) && node.text === '1'
  for (const node of all(scope, ts.isExpression)) {
    const isStep =
      (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) &&
      node.operator === ts.SyntaxKind.PlusPlusToken
    if (isStep && isEntry(node.operand, store, context)) found.push(shape(node.operand))
    if (isAssignment(node) && isEntry(node.left, store, context)) {
      const adds = node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken || isSum(node.right, isOne)
      if (adds) found.push(shape(node.left))
    }
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) continue
    const { name, expression } = node.expression
    if (name.text === 'push' && isEntry(expression, store, context)) found.push(`${shape(expression)}.length`)
  }
  for (const { name, initializer } of all(scope, ts.isVariableDeclaration)) {
    if (!initializer) continue
    // `const used = counts[0]`, compared in its place.
    const isIt = found.includes(shape(initializer))
    if (isIt || (isSum(initializer, isOne) && isEntry(initializer, store, context)))
      found.push(name.getText())
  }
  return found
}

function isSum(node: ts.Expression, isOne: (node: ts.Node) => boolean): boolean {
  const value = bare(node)
  return (
    ts.isBinaryExpression(value) &&
    value.operatorToken.kind === ts.SyntaxKind.PlusToken &&
    (isOne(value.right) || isOne(value.left))
  )
}

/** Counted down again in a `finally`: work in flight here, which is this process's own. */
function isReleased(scope: ts.Node, store: ProcessStore, context: RuleContext): boolean {
  return all(scope, ts.isTryStatement).some(
    ({ finallyBlock }) =>
      finallyBlock !== undefined &&
      all(finallyBlock, ts.isIdentifier).some((name) => isEntry(name, store, context)),
  )
}

function isOrdering(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    [
      ts.SyntaxKind.LessThanToken,
      ts.SyntaxKind.LessThanEqualsToken,
      ts.SyntaxKind.GreaterThanToken,
      ts.SyntaxKind.GreaterThanEqualsToken,
    ].includes(node.operatorToken.kind)
  )
}

function shape(node: ts.Expression): string {
  return bare(node).getText().replaceAll(/[?!]/g, '')
}

const CREDENTIAL =
  /session|csrf|xsrf|nonce|(?:^|[^a-z])t?otp|[a-z]Otp|lockout|magicLink|oauthState|pkce|verifier|passcode|captcha|twoFactor|2fa|(?:webauthn|passkey|auth|login)\w*Challenge|(?:verification|reset|auth|login|device|confirm\w*)(?:Code|Token)|(?:refresh|access|invite|revoked|sso)\w*Token|pendingVerif\w*|revoked|(?:block|black|deny)list/i

/** Named for a credential, written by one function and looked up by another: a request elsewhere does not find it. */
function holdsCredentials(store: ProcessStore): boolean {
  if (!CREDENTIAL.test(wordsAbout(store)) && !isAuthState(store)) return false
  const writers = new Set(store.uses.filter(writes).map(({ within }) => within))
  const storesHandle = store.uses
    .filter(writes)
    .some(({ args }) => args[1] !== undefined && isHandle(args[1]))
  return !storesHandle && store.uses.some((use) => reads(use) && !writers.has(use.within))
}

// A name that says of no entry what it is.
const PLAIN =
  /^_?(?:(?:in)?mem(?:ory)?|local|fallback)?_?(?:store|storage|cache|map|db|data|entries|items|records|values|state)?$/i

/** What a store is called; of one that has a plain name, what its entries, its class and the functions around it are called. */
function wordsAbout(store: ProcessStore): string {
  const { declaration, name } = store
  if (!PLAIN.test(name)) return name
  const entries = all(declaration, ts.isTypeReferenceNode).map(({ typeName }) => typeName.getText())
  return [holderOf(declaration), ...entries, wordsAround(store)].join(' ')
}

/** The name of the class whose field it is. */
function holderOf(declaration: ts.Node): string {
  return ts.isVariableDeclaration(declaration) ? '' : (above(declaration, ts.isClassLike)?.name?.text ?? '')
}

/** The state of a login that goes to another site and comes back, by the name of the field or of its class. */
function isAuthState({ declaration, name }: ProcessStore): boolean {
  const holder = holderOf(declaration)
  return /(?:oauth|oidc|openid|saml|sso|authori[sz]ation|login)\w*(?:state|request|flow|transaction)/i.test(
    `${holder}${name}`,
  )
}

const DONE = /dedup|duplicate|idempot|cooldown|processed(?:ids|events|messages|webhooks)|replay(?:ed|guard)/i

/** Holds nothing but when something was last done, and keeps it from being done twice. */
function remembersDoing(store: ProcessStore): boolean {
  if (/idempoten/i.test(wordsAbout(store))) return true
  const writing = store.uses.filter(writes)
  const onlyTimes = writing.every(
    ({ method, args }) => method === 'add' || (args[1] !== undefined && isMoment(args[1])),
  )
  if (!onlyTimes) return false
  return scopesOf(store).some((scope) => {
    // One that gives up when full suppresses work of this process; it does not promise that others did it.
    const isBounded = all(scope, isOrdering).some(
      ({ left, right }) => left.getText().endsWith('.size') || right.getText().endsWith('.size'),
    )
    return !isBounded && DONE.test([wordsAround(store), ...namesIn(scope)].join(' '))
  })
}

/** Names of constants and variables; comments and texts do not count. */
function namesIn(scope: ts.Node): string[] {
  return all(scope, ts.isIdentifier).map((each) => each.text)
}

function isMoment(node: ts.Expression): boolean {
  return /^(?:now\w*|Date\.now\(\)|new Date\(\)|true|timestamp)$/i.test(bare(node).getText())
}

function scopesOf(store: ProcessStore): ts.Node[] {
  return [...new Set(store.uses.flatMap(({ within }) => (within ? [outermost(within)] : [])))]
}

/** Callbacks belong to the function around them; methods of one object to the object's file. */
function outermost(node: ts.Node): ts.Node {
  let found = node
  for (let each = node.parent; each !== undefined && !ts.isClassLike(each); each = each.parent) {
    if (ts.isFunctionLike(each)) found = each
  }
  return found
}
