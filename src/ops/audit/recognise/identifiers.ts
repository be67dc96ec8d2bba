import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, functionAt, lastName, own } from '../syntax.js'

// Each names somebody or something of which there are ever more: users, tenants, what they open, and what they send.
const GROWING = new Set(
  `user users uid userid username tenant tenants org orgs organization organisation account accounts customer customers member
  members email emails mail ip session sessions sid team teams workspace workspaces project projects company companies merchant
  shop guild chat conversation visitor device phone token tokens jti identifier wallet peer player subscriber subscribers actor
  identity owner author sender recipient fingerprint caller principal nonce otp idempotency`.split(/\s+/),
)
// `clientId`, `jobId`: by themselves they may be few, or code.
const GROWING_WITH_ID = new Set(
  `scope client job room socket thread document file task event contact profile message payment order transaction tx update
  notification invoice webhook request correlation run execution recording upload import export game match table bot channel
  post comment cart basket reservation booking ticket`.split(/\s+/),
)
const GENERIC = /^(?:\w*key|id|name|k|value|item|entry)$/i

// Two names behind each other are what people write: `key`, which is made of `scope`, which holds the user.
const MAX_DEPTH = 3

/** The identifier of a user, a tenant or something of theirs that an expression is made of, as it is written; undefined when there is none. */
export function identifierIn(node: ts.Expression, context: RuleContext): string | undefined {
  return search(node, context, 0, new Set())
}

function search(node: ts.Node, context: RuleContext, depth: number, seen: Set<ts.Node>): string | undefined {
  const identifiers = all(node, ts.isIdentifier)
  const names = identifiers.filter((name) => !isCalled(name))
  const direct = names.find(({ text }) => isGrowing(text))
  if (direct) return direct.text
  const member = names.find(isIdOfGrowing)
  if (member) return member.parent.getText()
  if (depth >= MAX_DEPTH) return undefined
  for (const name of identifiers) {
    const declaration = context.project.declarationOf(name)
    if (!declaration || seen.has(declaration)) continue
    seen.add(declaration)
    const sources = names.includes(name) ? sourcesOf(declaration, context) : answersOf(declaration)
    for (const source of sources) {
      const found = search(source, context, depth + 1, seen)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** `event.id` is an `eventId`. */
function isIdOfGrowing(name: ts.Identifier): boolean {
  const { parent } = name
  return (
    name.text === 'id' &&
    ts.isPropertyAccessExpression(parent) &&
    parent.name === name &&
    isGrowing(`${lastName(parent.expression)}Id`)
  )
}

/** What a function that builds a key makes it of: `keyOf(scope)` is `${scope.accountId}`. */
function answersOf(declaration: ts.Declaration): ts.Node[] {
  const maker = functionAt(declaration)
  if (!maker || !/key|id$/i.test(lastName((declaration as ts.NamedDeclaration).name ?? declaration)))
    return []
  if (!ts.isBlock(maker.body)) return [maker.body]
  return own(maker.body, ts.isReturnStatement).flatMap(({ expression }) => expression ?? [])
}

/** Where a local value comes from: its initialiser, what is iterated over, or what the callers of the function pass. */
function sourcesOf(declaration: ts.Declaration, { references }: RuleContext): ts.Node[] {
  if (ts.isVariableDeclaration(declaration)) {
    const { initializer, parent } = declaration
    if (ts.isForOfStatement(parent.parent)) return [parent.parent.expression]
    // A setting of the module is the same for all.
    const isLocal = above(declaration, ts.isFunctionLike) !== undefined
    const isMade = initializer === undefined || functionAt(declaration) || ts.isNewExpression(initializer)
    return isLocal && !isMade ? [initializer] : []
  }
  if (!ts.isParameter(declaration) || !ts.isIdentifier(declaration.name)) return []
  if (!GENERIC.test(declaration.name.text)) return []
  const maker = declaration.parent
  const named = (maker.name ? maker : maker.parent) as ts.NamedDeclaration
  const index = maker.parameters.indexOf(declaration)
  return references.to(named).flatMap((use) => {
    const callee = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
    const call = callee.parent
    const isCall = ts.isCallExpression(call) && call.expression === callee
    return isCall ? (call.arguments[index] ?? []) : []
  })
}

function isCalled(name: ts.Identifier): boolean {
  const callee = ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name
  return ts.isCallExpression(callee.parent) && callee.parent.expression === callee
}

/** A name that does not say whose key it is. */
export function isGeneric(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && GENERIC.test(node.text)
}

// Of texts, addresses and their digests there is no end.
const ENDLESS =
  /^(?:\w*(?:hash|digest|signature|fingerprint|prompt|url|href|uri)|query|search(?:Term)?|text|input|content|address|domain|host(?:name)?)$/i

/** A name of a text, an address or the digest of one, of which there are ever more. */
export function isEndless(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && ENDLESS.test(node.text) && !/^[A-Z][A-Z\d_]*$/.test(node.text)
}

/** Whether a name is one of a user, a tenant or something of theirs. */
export function isGrowing(name: string): boolean {
  // A constant, whatever it is named after.
  if (/^[A-Z][A-Z\d_]*$/.test(name)) return false
  const words = wordsOf(name)
  if (words.some((word) => GROWING.has(word))) return true
  const last = words.at(-1)
  return (
    (last === 'id' || last === 'ids' || last === 'key') && words.some((word) => GROWING_WITH_ID.has(word))
  )
}

function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)
}
