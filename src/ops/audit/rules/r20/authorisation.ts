import ts from 'typescript'
import { keyWordsOf, wordsIn } from '../../recognise/key-words.js'
import type { RuleContext } from '../../rule.js'
import { above, bare, isFunction, lastName, type FunctionNode } from '../../syntax.js'

const AUTHORISES = new Set(
  'session sess token permission perm role policy auth authz authn authorization authorisation authentication acl rbac credential grant entitlement membership login jwt apikey otp mfa impersonation'.split(
    ' ',
  ),
)
const PAIRS = [
  ['api', 'key'],
  ['user', 'validation'],
  ['access', 'control'],
]
// The same words in other trades: conversations, counters, language models, devices, locks.
const OTHERWISE = new Set(
  'lock mutex attempt limit limiter ratelimit rate throttle bucket chat conversation message usage count counter stat metric draft game upload recording playback replay analytic prompt completion embedding price balance agent socket presence typing stream job queue cart checkout import device push fcm apn csrf author nonce feed'.split(
    ' ',
  ),
)

/** Whether the entry that a call removes says who may do what; by its key, else by what the code around is called. */
export function isAuthorisation(call: ts.CallExpression, context: RuleContext): boolean {
  const { literal, makers, values } = keyWordsOf([...call.arguments], context)
  const callee = bare(call.expression)
  const receiver = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined
  const ofThing = [
    ...wordsIn(receiver ? lastName(receiver) : ''),
    ...typeWords(receiver, context),
    ...givenWords(receiver, context),
  ]
  const own = [
    ...literal,
    ...makers,
    ...ofThing,
    ...wordsOfHolder(call, receiver),
    ...wordsIn(lastName(callee)),
  ]
  if (isExcluded(wordsIn(above(call, ts.isClassLike)?.name?.text ?? ''))) return false
  if (speaks(own)) return true
  if (literal.length > 0 || isExcluded(own)) return false
  const around = [...values, ...namesAround(call)]
  return speaks(around) && !isExcluded(around)
}

function speaks(words: string[]): boolean {
  const isPair = PAIRS.some(([a, b]) => words.some((word, i) => word === a && words[i + 1] === b))
  return (isPair || words.some((word) => AUTHORISES.has(word))) && !isExcluded(words)
}

function isExcluded(words: string[]): boolean {
  return words.some((word) => OTHERWISE.has(word))
}

function typeWords(receiver: ts.Expression | undefined, { project }: RuleContext): string[] {
  if (!receiver || receiver.kind === ts.SyntaxKind.ThisKeyword) return []
  return project
    .typeOf(receiver)
    .declarations.flatMap((each) => (ts.isClassDeclaration(each) && each.name ? wordsIn(each.name.text) : []))
}

/** `new Cache('api-key')`: a cache of one family is told its name when it is made. */
function givenWords(receiver: ts.Expression | undefined, { products }: RuleContext): string[] {
  if (!receiver) return []
  return products
    .of(receiver)
    .flatMap(({ node }) =>
      ts.isNewExpression(node)
        ? (node.arguments ?? []).flatMap((each) => (ts.isStringLiteralLike(each) ? wordsIn(each.text) : []))
        : [],
    )
}

/** A class that keeps one family is named for it: `SessionStore`. */
function wordsOfHolder(call: ts.CallExpression, receiver: ts.Expression | undefined): string[] {
  const name = above(call, ts.isClassLike)?.name?.text ?? ''
  const isItsOwn = receiver !== undefined && receiver.getText().startsWith('this')
  return isItsOwn && /(?:Cache|Store|Repository|Registry)$/.test(name) ? wordsIn(name) : []
}

function namesAround(node: ts.Node): string[] {
  const holder = above(node, ts.isClassLike)
  return [...wordsIn(nameOfFunction(above(node, isNamedFunction))), ...wordsIn(holder?.name?.text ?? '')]
}

function isNamedFunction(node: ts.Node): node is FunctionNode {
  return isFunction(node) && nameOfFunction(node) !== ''
}

/** The name of a function, or of the constant or member that holds it. */
export function nameOfFunction(node: FunctionNode | undefined): string {
  if (!node) return ''
  if (node.name) return node.name.getText()
  const { parent } = node
  const isHolder =
    ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)
  return isHolder ? parent.name.getText() : ''
}
