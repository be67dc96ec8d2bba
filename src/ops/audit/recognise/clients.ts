import ts from 'typescript'
import { perFile } from '../per-file.js'
import type { RuleContext } from '../rule.js'
import { above, all, isMaking } from '../syntax.js'
import { extendedBy } from './base-class.js'
import { bindingOf } from './bindings.js'

/** Client families whose waiting is known. */
export type ClientFamily = 'ioredis' | 'node-redis' | 'upstash'

const FAMILIES: Record<string, ClientFamily> = {
  ioredis: 'ioredis',
  iovalkey: 'ioredis',
  redis: 'node-redis',
  '@redis/client': 'node-redis',
  '@upstash/redis': 'upstash',
}

/** A place that makes a client of its own. */
export interface Construction {
  node: ts.NewExpression | ts.CallExpression
  family: ClientFamily
  isCluster: boolean
  /** Where it is put: the variable or field; undefined when it is passed on at once. */
  holder: ts.NamedDeclaration | undefined
}

/** The clients that a file makes. */
export const constructionsIn = perFile((file, context): Construction[] =>
  all(file, isMaking).flatMap((node) => {
    const made = node.expression.kind === ts.SyntaxKind.SuperKeyword ? baseOf(node) : node.expression
    const binding = made && bindingOf(made, context.project)
    const family = binding && FAMILIES[binding.package]
    if (!family || !makesClient(node, family, binding.name, made)) return []
    return [{ node, family, isCluster: /Cluster/.test(binding.name), holder: holderOf(node, context) }]
  }),
)

/** `class X extends Redis`: the call of super() makes the connection. */
function baseOf(node: ts.Node): ts.Expression | undefined {
  const holder = above(node, ts.isClassLike)
  return holder && extendedBy(holder)
}

function makesClient(
  node: Construction['node'],
  family: ClientFamily,
  name: string,
  made: ts.Expression,
): boolean {
  const isMade = ts.isNewExpression(node) || made !== node.expression
  if (family === 'upstash') return isMade ? name === 'Redis' : name === 'fromEnv'
  if (family === 'ioredis') return isMade && /^(?:default|Redis|Cluster|Valkey)$/.test(name)
  return ts.isCallExpression(node) && /^create(?:Client|Cluster)$/.test(name)
}

/** Follows the value up through conditionals and operators to the name that it gets. */
export function holderOf(node: ts.Expression, { project }: RuleContext): ts.NamedDeclaration | undefined {
  let each: ts.Node = node
  while (
    ts.isConditionalExpression(each.parent) ||
    ts.isParenthesizedExpression(each.parent) ||
    ts.isAsExpression(each.parent) ||
    ts.isAwaitExpression(each.parent) ||
    ts.isNonNullExpression(each.parent) ||
    (ts.isBinaryExpression(each.parent) && each.parent.right === each && !isAssigning(each.parent)) ||
    isArgument(each) ||
    (ts.isPropertyAccessExpression(each.parent) && ts.isCallExpression(each.parent.parent))
  ) {
    each = ts.isPropertyAccessExpression(each.parent) ? each.parent.parent : each.parent
  }
  const { parent } = each
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) return parent
  if (!ts.isBinaryExpression(parent) || !isAssigning(parent)) return undefined
  const { left } = parent
  return project.declarationOf(ts.isPropertyAccessExpression(left) ? left.name : left)
}

/** `withListener(new Redis())`: a function of one argument most likely gives it back. */
function isArgument(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node.parent) &&
    node.parent.arguments[0] === node &&
    ts.isIdentifier(node.parent.expression)
  )
}

function isAssigning({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return (
    kind === ts.SyntaxKind.EqualsToken ||
    kind === ts.SyntaxKind.QuestionQuestionEqualsToken ||
    kind === ts.SyntaxKind.BarBarEqualsToken
  )
}
