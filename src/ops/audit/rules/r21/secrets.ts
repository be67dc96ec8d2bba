import ts from 'typescript'
import { bindingOf } from '../../recognise/bindings.js'
import { constructionsIn } from '../../recognise/clients.js'
import type { Told } from '../../recognise/log-calls.js'
import { packageAt } from '../../recognise/packages.js'
import type { RuleContext } from '../../rule.js'
import { all, bare, isNull, isWithin, lastName, nameOf } from '../../syntax.js'

/** What a log line gives away of a connection. */
export interface Secret {
  what: string
  /** Whether there is a password in it whenever one is used at all. */
  isCertain: boolean
}

const BACKEND = /redis|valkey|upstash|(?:^|[^a-z])kv(?:[^a-z]|$)|keyv/i
const URL_NAME = /(?:url|uri|dsn|connection_?string)$/i
const PASSWORD_NAME = /(?:password|passwd|passphrase|rest_?token|auth_?token|access_?token)$/i
// Made presentable, or only said to be there.
const PRESENTABLE = /mask|redact|saniti|safe|hidden|display|public|without|^has|^is[A-Z_]|length$|host$/i

/** What a shown value gives away; undefined when it gives away nothing. */
export function secretIn({ node, as }: Told, context: RuleContext): Secret | undefined {
  const name = lastName(node)
  const text = node.getText()
  if (PRESENTABLE.test(name) || /^(?:true|false)$/.test(name)) return undefined
  if (
    PASSWORD_NAME.test(name) &&
    (BACKEND.test(text) || isOfOptions(node, context)) &&
    !isFixed(node, context)
  )
    return { what: 'the password of Redis', isCertain: true }
  if (URL_NAME.test(name) && isBackendUrl(node, text, context))
    return { what: 'the URL of Redis, which holds its password,', isCertain: false }
  return as === 'whole' ? secretOfWhole(node, name, context) : undefined
}

/** A URL over REST has its token beside it. */
function isBackendUrl(node: ts.Expression, text: string, context: RuleContext): boolean {
  if (/rest|https?/i.test(text)) return false
  const isNamed = BACKEND.test(text)
  return (isNamed || opensClient(node, context)) && !isFixed(node, context)
}

/** The value is given to a client of this file. */
function opensClient(node: ts.Expression, context: RuleContext): boolean {
  const declaration = context.project.declarationOf(nameOf(node))
  if (!declaration) return false
  return constructionsIn(node.getSourceFile(), context)
    .filter(({ family }) => family !== 'upstash')
    .some(({ node: made }) =>
      (made.arguments ?? []).some((argument) =>
        all(argument, ts.isIdentifier).some((each) => context.project.declarationOf(each) === declaration),
      ),
    )
}

/** Written in the code without a password, or made presentable there. */
function isFixed(node: ts.Expression, { project }: RuleContext): boolean {
  const declaration = project.declarationOf(nameOf(node))
  if (!declaration || !('initializer' in declaration) || !declaration.initializer) return false
  const value = bare(declaration.initializer as ts.Expression)
  if (ts.isParameter(declaration) || ts.isBindingElement(declaration)) return false
  if (ts.isStringLiteralLike(value)) return !value.text.includes('@')
  if (ts.isTemplateExpression(value)) return !/pass|auth|secret|token|@|url/i.test(value.getText())
  return ts.isNewExpression(value) || (ts.isCallExpression(value) && isCleaning(value))
}

function isCleaning(call: ts.CallExpression): boolean {
  const name = lastName(call.expression)
  return PRESENTABLE.test(name) || /^(?:replace\w*|split|Symbol|for|createToken)$/.test(name)
}

function isOfOptions(node: ts.Expression, context: RuleContext): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    secretOfWhole(node.expression, lastName(node.expression), context) !== undefined
  )
}

/** The options with the password among them, or a client that keeps them. */
function secretOfWhole(node: ts.Expression, name: string, context: RuleContext): Secret | undefined {
  if (
    ts.isPropertyAccessExpression(node) &&
    name === 'options' &&
    isTalkativeClient(node.expression, context)
  )
    return { what: 'the options of the client, password included,', isCertain: true }
  if (isTalkativeClient(node, context))
    return { what: 'the client with its options, password included,', isCertain: true }
  const declaration = context.project.declarationOf(nameOf(node))
  if (!declaration) return undefined
  if (
    'type' in declaration &&
    declaration.type &&
    /^(?:Redis|Cluster)Options$/.test((declaration.type as ts.Node).getText())
  )
    return { what: 'the options of the client, which may hold the password,', isCertain: false }
  const literal = literalAt(declaration)
  const holds = literal?.properties.some((each) => isCredential(each))
  if (!literal || !holds) return undefined
  const isOurs = BACKEND.test(`${node.getText()} ${literal.getText()}`) || isGiven(declaration, context)
  return isOurs ? { what: 'the options of the client, password included,', isCertain: true } : undefined
}

function literalAt(declaration: ts.Declaration): ts.ObjectLiteralExpression | undefined {
  const isHolder =
    ts.isVariableDeclaration(declaration) ||
    ts.isPropertyAssignment(declaration) ||
    ts.isPropertyDeclaration(declaration)
  const value = isHolder && declaration.initializer ? bare(declaration.initializer) : undefined
  return value && ts.isObjectLiteralExpression(value) ? value : undefined
}

function isCredential(property: ts.ObjectLiteralElementLike): boolean {
  const name = property.name?.getText().replaceAll(/['"]/g, '') ?? ''
  if (!/^(?:password|sentinelPassword|token)$/i.test(name)) return false
  return !ts.isPropertyAssignment(property) || !isNull(bare(property.initializer))
}

function isGiven(declaration: ts.Declaration, context: RuleContext): boolean {
  return constructionsIn(declaration.getSourceFile(), context).some(({ node }) =>
    (node.arguments ?? []).some((argument) =>
      all(argument, ts.isIdentifier).some(
        (each) => isWithin(each, argument) && context.project.declarationOf(each) === declaration,
      ),
    ),
  )
}

/** ioredis keeps its options in the open, @upstash/redis its token. */
function isTalkativeClient(node: ts.Expression, context: RuleContext): boolean {
  return (
    context.products.of(node).some(({ kind }) => kind === 'client') &&
    clientFamilyOf(node, context) !== undefined
  )
}

/** The family of a client whose errors and members give secrets away; undefined for others. */
export function clientFamilyOf(
  node: ts.Expression,
  { project, products }: RuleContext,
): 'ioredis' | 'upstash' | undefined {
  const fromType = project
    .typeOf(node)
    .awaited()
    .declarations.map((each) => packageAt(each.getSourceFile().fileName))
  const fromCode = products.of(node).flatMap(({ node: made }) => {
    const of = ts.isNewExpression(made) ? made.expression : undefined
    return (of && bindingOf(of, project)?.package) ?? []
  })
  const found = [...fromType, ...fromCode].find((each) => each !== undefined)
  if (found === 'ioredis' || found === 'iovalkey') return 'ioredis'
  return found === '@upstash/redis' || found === '@vercel/kv' ? 'upstash' : undefined
}
