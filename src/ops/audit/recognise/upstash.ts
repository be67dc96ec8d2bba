import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { all, bare, functionAt, isMaking, nameOf } from '../syntax.js'
import { Assignments } from './assignments.js'
import { bindingOf } from './bindings.js'
import { settingsOf, type ClientSettings } from './client-settings.js'
import { packageAt } from './packages.js'

const PACKAGES = new Set<string | undefined>(['@upstash/redis', '@vercel/kv'])
const MAX_DEPTH = 5

/** A place that makes an Upstash client, under whatever name: @vercel/kv is one with other defaults. */
export interface UpstashClient {
  node: ts.NewExpression | ts.CallExpression
  settings: ClientSettings
}

/** The Upstash clients that a file makes. */
export function upstashClientsIn(file: ts.SourceFile, context: RuleContext): UpstashClient[] {
  return all(file, isMaking).flatMap((node) => madeAt(node, context) ?? [])
}

function madeAt(node: UpstashClient['node'], context: RuleContext): UpstashClient | undefined {
  const binding = bindingOf(node.expression, context.project) ?? staticOf(node.expression, context)
  if (!binding || !PACKAGES.has(binding.package)) return undefined
  const isMaker = ts.isNewExpression(node)
    ? /^(?:Redis|default)$/.test(binding.name)
    : /^(?:fromEnv|createClient)$/.test(binding.name)
  return isMaker ? { node, settings: settingsOf(node.arguments ?? [], context) } : undefined
}

/** `Redis.fromEnv`, by the class that it is a member of. */
function staticOf(node: ts.Expression, { project }: RuleContext) {
  if (!ts.isPropertyAccessExpression(node)) return undefined
  const binding = bindingOf(node.expression, project)
  return binding && { ...binding, name: node.name.text }
}

/** Whether an expression is an Upstash client that turns what it reads into values before the code sees it. */
export function deserialises(node: ts.Expression, context: RuleContext): 'yes' | 'probably' | 'no' {
  const made = madeBehind(node, context, new Assignments(context.project), 0)
  if (made.length > 0) return made.every(isRaw) ? 'no' : 'yes'
  if (!isUpstash(node, context)) return 'no'
  // Passed in: then it is one of those that the code makes somewhere, if it makes any.
  const somewhere = context.project.sources.flatMap((file) => upstashClientsIn(file, context))
  return somewhere.length > 0 && somewhere.every(isRaw) ? 'no' : 'probably'
}

function isRaw({ settings: { values, isOpen } }: UpstashClient): boolean {
  const setting = values.get('automaticDeserialization')
  return setting ? setting.kind !== ts.SyntaxKind.TrueKeyword : isOpen
}

/** By its type: a class or interface of the package, or one that extends it. */
export function isUpstash(node: ts.Expression, { project }: RuleContext): boolean {
  return project
    .typeOf(node)
    .awaited()
    .declarations.some(
      (declaration) =>
        PACKAGES.has(packageAt(declaration.getSourceFile().fileName)) || extendsUpstash(declaration, project),
    )
}

function extendsUpstash(declaration: ts.Node, project: RuleContext['project']): boolean {
  if (!ts.isClassLike(declaration)) return false
  const bases = (declaration.heritageClauses ?? []).flatMap(({ types }) => [...types])
  return bases.some(({ expression }) => PACKAGES.has(bindingOf(expression, project)?.package))
}

function madeBehind(
  node: ts.Expression,
  context: RuleContext,
  assignments: Assignments,
  depth: number,
): UpstashClient[] {
  const value = bare(node)
  if (depth > MAX_DEPTH) return []
  const follow = (each: ts.Expression) => madeBehind(each, context, assignments, depth + 1)
  if (ts.isConditionalExpression(value)) return [...follow(value.whenTrue), ...follow(value.whenFalse)]
  if (ts.isBinaryExpression(value)) return [...follow(value.left), ...follow(value.right)]
  if (isMaking(value)) {
    const made = madeAt(value, context)
    if (made) return [made]
  }
  if (ts.isCallExpression(value)) {
    const declaration = context.project.declarationOf(nameOf(value.expression))
    const callee = declaration && functionAt(declaration)
    return callee
      ? context.products.returnsOf(callee).flatMap((each) => (each.value ? follow(each.value) : []))
      : []
  }
  if (!ts.isIdentifier(value) && !ts.isPropertyAccessExpression(value)) return []
  const declaration = context.project.declarationOf(nameOf(value))
  return declaration ? assignments.valuesOf(declaration).flatMap(follow) : []
}
